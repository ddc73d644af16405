//! The systems, and the macros that each of them uses.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use obs_metrics::business::{
    FunnelStage, LoginFailure, LoginStatus, OrderType, PaymentGateway, PaymentMethod,
    PaymentStatus, Status, Warehouse,
};
use obs_metrics::*;

use crate::system::System;
use crate::{named, table};

const SECOND: Duration = Duration::from_secs(1);

pub(crate) const PRIMEPRE: System = System {
    preset: Preset::Primepre,
    table: include_str!("primepre.md"),
    on_request: &["http_requests_total"],
    events: primepre,
};
pub(crate) const SMART_DAIRY: System = System {
    preset: Preset::SmartDairy,
    table: include_str!("smart_dairy.md"),
    on_request: &["orders_created_total", "payment_transactions_total", "active_users_now"],
    events: smart_dairy,
};
pub(crate) const AHSP: System =
    System { preset: Preset::Ahsp, table: include_str!("ahsp.md"), on_request: &[], events: ahsp };
pub(crate) const INVENTORY: System = System {
    preset: Preset::Inventory,
    table: include_str!("inventory.md"),
    on_request: &[],
    events: inventory,
};
pub(crate) const APEX: System =
    System { preset: Preset::Apex, table: include_str!("apex.md"), on_request: &[], events: apex };
const OTEL_SEMCONV: System = System {
    preset: Preset::OtelSemconv,
    table: include_str!("otel_semconv.md"),
    on_request: &[],
    events: |_| {},
};

#[test]
fn primepre_preset_names() {
    PRIMEPRE.check();
}

#[test]
fn smart_dairy_preset_names() {
    SMART_DAIRY.check();
}

#[test]
fn ahsp_preset_names() {
    AHSP.check();
}

#[test]
fn inventory_preset_names() {
    INVENTORY.check();
}

#[test]
fn apex_preset_names() {
    APEX.check();
}

#[test]
fn otel_semconv_preset_names() {
    OTEL_SEMCONV.check();
}

/// A shop under the names of a warehouse still has a shop's macros.
#[test]
fn what_a_system_does_not_have_is_canonical() {
    let canonical = named(Naming::default()).catalog();
    for system in [PRIMEPRE, SMART_DAIRY, AHSP, INVENTORY, APEX, OTEL_SEMCONV] {
        let rows = table::rows(system.table);
        let mut others = 0;
        for family in named(Naming::preset(system.preset)).catalog() {
            if rows.iter().any(|row| row.name == family.name) {
                continue;
            }
            let own = canonical.iter().find(|own| own.name == family.name);
            let own = own.unwrap_or_else(|| panic!("{}: {} is new", system.preset, family.name));
            assert_eq!((&family.help, family.kind), (&own.help, own.kind));
            others += 1;
        }
        assert!(others >= 10, "{}: {others}", system.preset);
    }
}

fn primepre(metrics: &Arc<Metrics>) {
    goods_received!(handle: metrics, Warehouse::China, "PENDING");
    goods_received!(handle: metrics, Warehouse::Ghana, "PENDING");
    for warehouse in [Warehouse::China, Warehouse::Ghana] {
        goods_processing!(handle: metrics, warehouse, "sorting", SECOND);
        warehouse_utilization!(handle: metrics, warehouse, 75);
    }
    query(metrics);
    active_users!(handle: metrics, 12);
    workflow_executed!(handle: metrics, "customs", "success");
}

fn smart_dairy(metrics: &Arc<Metrics>) {
    order_created!(handle: metrics, OrderType::B2b, PaymentMethod::Bkash, 1250);
    order_status!(handle: metrics, OrderType::B2c, PaymentMethod::Nagad, "shipped");
    payment_processed!(handle: metrics, PaymentGateway::Bkash, PaymentStatus::Success, 1250);
    payment_processed!(handle: metrics, PaymentGateway::Nagad, PaymentStatus::Failed, 70_000);
    user_registered!(handle: metrics, "farmer");
    active_users!(handle: metrics, "farmer", "24h", 340);
    // Of the family above, unless the old name is there.
    active_users!(handle: metrics, 7);
    session_started!(handle: metrics);
    session_ended!(handle: metrics, SECOND);
    product_viewed!(handle: metrics, "milk");
    cart_added!(handle: metrics, "milk");
    cart_started!(handle: metrics);
    cart_abandoned!(handle: metrics);
    funnel_stage!(handle: metrics, FunnelStage::Checkout);
    login_attempt!(handle: metrics, LoginStatus::Failed);
    login_failed!(handle: metrics, LoginFailure::AccountLocked);
    password_reset!(handle: metrics, "success");
    account_locked!(handle: metrics);
    access_denied!(handle: metrics, "invoice", "delete", "not_owner");
    privilege_escalation!(handle: metrics, "clerk", "admin");
    queue_depth!(handle: metrics, "emails", 17);
    query(metrics);
}

fn ahsp(metrics: &Arc<Metrics>) {
    project_created!(handle: metrics);
    deep_copy_finished!(handle: metrics, Status::Success);
    export_finished!(handle: metrics, "pdf", "success", SECOND);
    active_users!(handle: metrics, 9);
    active_users!(handle: metrics, "engineer", "1h", 4);
    cache_hit!(handle: metrics, "pages");
    cache_miss!(handle: metrics, "pages");
    cache_operation!(handle: metrics, "pages", "delete");
    queue_depth!(handle: metrics, "exports", 3);
    rate_limit_hit!(handle: metrics, "/save", "per_user");
    metrics.db_pool(7, 3, 20);
    query(metrics);
}

fn inventory(metrics: &Arc<Metrics>) {
    inventory_items!(handle: metrics, 42);
    cache_hit!(handle: metrics);
    cache_miss!(handle: metrics);
    query(metrics);
}

fn apex(metrics: &Arc<Metrics>) {
    project_created!(handle: metrics);
    project_submitted!(handle: metrics, Status::Success);
    let load = calculation_timed!(handle: metrics, "wind_load", 3.5);
    assert_eq!(load, 3.5);
    report_generated!(handle: metrics, SECOND);
    metrics.db_pool(7, 3, 20);
    cache_hit!(handle: metrics);
    cache_miss!(handle: metrics);
    queue_oldest_age!(handle: metrics, "celery", SECOND);
}

/// One that fails, and is slow.
fn query(metrics: &Metrics) {
    let result: io::Result<()> = db_query!(handle: metrics, "select", {
        std::thread::sleep(Duration::from_millis(2));
        Err(io::Error::other("gone"))
    });
    result.unwrap_err();
}
