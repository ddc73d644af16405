//! The systems, and the macros that each of them uses.

use std::io;
use std::time::Duration;

use obs_metrics::business::{
    FunnelStage, LoginFailure, LoginStatus, OrderType, PaymentGateway, PaymentMethod,
    PaymentStatus, Status, Warehouse,
};
use obs_metrics::*;

use crate::system::System;

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn primepre_preset_names() {
    let system = System {
        preset: Preset::Primepre,
        table: include_str!("primepre.md"),
        on_request: &["http_requests_total"],
        events: primepre,
    };
    system.check();
}

#[test]
fn smart_dairy_preset_names() {
    let system = System {
        preset: Preset::SmartDairy,
        table: include_str!("smart_dairy.md"),
        on_request: &["orders_created_total", "payment_transactions_total", "active_users_now"],
        events: smart_dairy,
    };
    system.check();
}

#[test]
fn ahsp_preset_names() {
    let table = include_str!("ahsp.md");
    System { preset: Preset::Ahsp, table, on_request: &[], events: ahsp }.check();
}

#[test]
fn inventory_preset_names() {
    let table = include_str!("inventory.md");
    System { preset: Preset::Inventory, table, on_request: &[], events: inventory }.check();
}

#[test]
fn apex_preset_names() {
    let table = include_str!("apex.md");
    System { preset: Preset::Apex, table, on_request: &[], events: apex }.check();
}

#[test]
fn otel_semconv_preset_names() {
    let table = include_str!("otel_semconv.md");
    System { preset: Preset::OtelSemconv, table, on_request: &[], events: |_| {} }.check();
}

fn primepre(metrics: &Metrics) {
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

fn smart_dairy(metrics: &Metrics) {
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

fn ahsp(metrics: &Metrics) {
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
    metrics.db_queries_of_request("/orders/{id}", 3);
    metrics.db_pool(7, 3, 20);
    query(metrics);
}

fn inventory(metrics: &Metrics) {
    inventory_items!(handle: metrics, 42);
    cache_hit!(handle: metrics);
    cache_miss!(handle: metrics);
    query(metrics);
}

fn apex(metrics: &Metrics) {
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
        std::thread::sleep(Duration::from_millis(1));
        Err(io::Error::other("gone"))
    });
    result.unwrap_err();
}
