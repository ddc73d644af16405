//! M-36: families that count the same under an old name; only a preset has them.

use obs_metrics::{
    FamilyNaming, Naming, active_users, order_created, order_status, payment_processed,
};

use crate::{named, value};

fn old_names() -> Naming {
    let on = || FamilyNaming::new().on();
    Naming::default()
        .namespace("smart_dairy")
        .currency("bdt")
        .family("orders_created_total", on().name("orders_created_total"))
        .family("payment_transactions_total", on().name("payment_transactions_total"))
        .family("active_users_now", on().name("active_users"))
}

#[test]
fn the_same_macro_feeds_the_old_name() {
    let metrics = named(old_names());
    assert_eq!(value(&metrics, "active_users", &[]), 0.0, "there from the start");
    order_created!(handle: metrics, "b2b", "bkash", 1250);
    order_status!(handle: metrics, "b2b", "bkash", "shipped");
    let order = [("order_type", "b2b"), ("payment_method", "bkash")];
    assert_eq!(value(&metrics, "orders_created_total", &order), 1.0, "what was created");
    let created = [order[0], order[1], ("status", "created")];
    assert_eq!(value(&metrics, "smart_dairy_orders_total", &created), 1.0);

    payment_processed!(handle: metrics, "bkash", "failed", 99);
    payment_processed!(handle: metrics, "bkash", "failed", 5000);
    let failed = [("gateway", "bkash"), ("status", "failed")];
    assert_eq!(value(&metrics, "payment_transactions_total", &failed), 2.0, "of any amount");
    let success = [("gateway", "bkash"), ("status", "success")];
    assert_eq!(value(&metrics, "payment_transactions_total", &success), 0.0);

    active_users!(handle: metrics, 1200);
    active_users!(handle: metrics, "farmer", "24h", 340);
    assert_eq!(value(&metrics, "active_users", &[]), 1200.0);
    let farmers = [("user_type", "farmer"), ("time_window", "24h")];
    assert_eq!(value(&metrics, "smart_dairy_active_users", &farmers), 340.0);
}

/// M-11: a preset that knows its gateways shows them before the first payment.
#[test]
fn known_gateways_are_there_from_the_start() {
    let known = FamilyNaming::new().known("gateway", ["bkash", "nagad"]).on();
    let value_of = FamilyNaming::new().buckets([100.0, 500.0]);
    let naming =
        Naming::default().family("payments_total", known).family("payment_value", value_of);
    let metrics = named(naming);
    let series = crate::all(&metrics, "payments_total");
    assert_eq!(series.len(), 2 * 3 * 3, "gateways, statuses, ranges");
    assert!(series.iter().all(|(_, count)| *count == 0.0));
    payment_processed!(handle: metrics, "nagad", "failed", 99);
    assert_eq!(crate::all(&metrics, "payments_total").len(), 18);
}
