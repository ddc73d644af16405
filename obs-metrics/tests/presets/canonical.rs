//! What there is without a preset: all that the requirements name, and nothing that the table does
//! not have.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use obs_metrics::business::{
    FunnelStage, LoginFailure, LoginStatus, OrderType, PaymentGateway, PaymentStatus, Status,
    Warehouse,
};
use obs_metrics::*;

use crate::harness::{drivers, emits};
use crate::named;
use crate::system::System;
use crate::table::Start;

const SECOND: Duration = Duration::from_secs(1);

const CANONICAL: System = System {
    preset: Preset::Canonical,
    table: include_str!("canonical.md"),
    on_request: &[
        "pg_pool_used",
        "pg_pool_total",
        "cache_requests_total",
        "orders_created_total",
        "payment_transactions_total",
        "active_users_now",
    ],
    events,
};

#[test]
fn canonical_preset_names() {
    CANONICAL.check();

    let rows = CANONICAL.rows();
    let usual = rows.iter().filter_map(|row| row.usual()).collect();
    let naming = Naming::default();
    for (naming, rows) in [(naming.clone(), &usual), (CANONICAL.asked(naming), &rows)] {
        let catalog = named(naming).catalog();
        let there: BTreeSet<&str> = catalog.iter().map(|family| family.name.as_str()).collect();
        let wanted = rows.iter().filter(|row| row.start.is_in_catalog());
        assert_eq!(there, wanted.map(|row| row.name.as_str()).collect());
    }
}

#[test]
fn what_is_there_on_request_is_told() {
    let rows = CANONICAL.rows();
    let on_request = rows.iter().filter(|row| row.start == Start::OnRequest);
    let on_request: BTreeSet<&str> = on_request.map(|row| row.name.as_str()).collect();
    assert_eq!(on_request, CANONICAL.on_request.iter().copied().collect());
    assert_eq!(on_request, emits::on_request().into_iter().collect());
}

/// All values of a typed label.
fn all<L: Label>() -> &'static [&'static str] {
    match L::VALUES {
        LabelValues::Closed(values) => values,
        LabelValues::Open { .. } => panic!("any text"),
    }
}

fn events(metrics: &Arc<Metrics>) {
    drivers::all(metrics);
    metrics.add_source(Arc::new(ProcessMetrics::new()));
    // All of it is there already.
    metrics.add_source(metrics.http().clone());
    business(metrics);
    access(metrics);

    rate_limit_hit!(handle: metrics, "/orders/{id}", "per_user");
    // A slow one.
    let rows: Result<(), ()> = db_query!(handle: metrics, "select", {
        std::thread::sleep(Duration::from_millis(2));
        Ok(())
    });
    assert_eq!(rows, Ok(()));
    db_error!(handle: metrics);
    cache_hit!(handle: metrics);
    cache_miss!(handle: metrics);
    cache_operation!(handle: metrics, "pages", "evict");
    queue_depth!(handle: metrics, "emails", 17);
    queue_oldest_age!(handle: metrics, "emails", SECOND);
}

fn business(metrics: &Metrics) {
    for order_type in all::<OrderType>() {
        order_created!(handle: metrics, *order_type, "card", 1250);
    }
    for gateway in all::<PaymentGateway>() {
        for status in all::<PaymentStatus>() {
            payment_processed!(handle: metrics, *gateway, *status, 1250);
        }
    }
    for warehouse in all::<Warehouse>() {
        goods_received!(handle: metrics, *warehouse, "PENDING");
        goods_processing!(handle: metrics, *warehouse, "sorting", SECOND);
        warehouse_utilization!(handle: metrics, *warehouse, 75);
    }
    inventory_items!(handle: metrics, 42);
    active_users!(handle: metrics, 12);
    active_users!(handle: metrics, "farmer", "24h", 340);
    user_registered!(handle: metrics, "farmer");
    session_started!(handle: metrics);
    session_ended!(handle: metrics, SECOND);
    product_viewed!(handle: metrics, "milk");
    cart_added!(handle: metrics, "milk");
    cart_started!(handle: metrics);
    cart_abandoned!(handle: metrics);
    funnel_stage!(handle: metrics, FunnelStage::Checkout);
    workflow_executed!(handle: metrics, "customs", "success");
    project_created!(handle: metrics);
    project_submitted!(handle: metrics, Status::Success);
    deep_copy_finished!(handle: metrics, Status::Success);
    assert_eq!(calculation_timed!(handle: metrics, "wind_load", 3.5), 3.5);
    report_generated!(handle: metrics, SECOND);
    export_finished!(handle: metrics, "pdf", "success", SECOND);
}

fn access(metrics: &Metrics) {
    login_attempt!(handle: metrics, LoginStatus::Failed);
    login_failed!(handle: metrics, LoginFailure::AccountLocked);
    password_reset!(handle: metrics, "success");
    account_locked!(handle: metrics);
    access_denied!(handle: metrics, "invoice", "delete", "not_owner");
    privilege_escalation!(handle: metrics, "clerk", "admin");
}
