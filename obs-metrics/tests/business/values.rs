use std::time::Duration;

use obs_metrics::{
    active_users, inventory_items, order_created, queue_oldest_age, session_ended, user_registered,
};

use crate::{all, metrics, refused, value};

#[test]
fn numbers_of_any_type_are_taken() {
    let metrics = metrics();
    inventory_items!(handle: metrics, 1_u8);
    inventory_items!(handle: metrics, 2_i64);
    inventory_items!(handle: metrics, 3_usize);
    inventory_items!(handle: metrics, 4.5_f32);
    assert_eq!(value(&metrics, "inventory_items", &[]), 4.5);
    session_ended!(handle: metrics, 1);
    session_ended!(handle: metrics, 0.5);
    session_ended!(handle: metrics, Duration::from_millis(250));
    assert_eq!(value(&metrics, "session_duration_seconds_sum", &[]), 1.75);
}

/// A sum that goes down would be taken for a restart.
#[test]
fn what_is_no_amount_is_left_out_and_counted() {
    let metrics = metrics();
    order_created!(handle: metrics, "b2b", "card", 100);
    for bad in [-1.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        order_created!(handle: metrics, "b2b", "card", bad);
        session_ended!(handle: metrics, bad);
    }
    assert_eq!(value(&metrics, "order_value_sum", &[("order_type", "b2b")]), 100.0);
    assert_eq!(refused(&metrics, "order_value"), 4.0);
    assert_eq!(refused(&metrics, "session_duration_seconds"), 4.0);
    let created = [("order_type", "b2b"), ("payment_method", "card"), ("status", "created")];
    assert_eq!(value(&metrics, "orders_total", &created), 5.0, "the orders count all the same");
}

#[test]
fn a_gauge_keeps_its_value_when_it_gets_no_number() {
    let metrics = metrics();
    active_users!(handle: metrics, "all", "24h", 12);
    queue_oldest_age!(handle: metrics, "emails", 3);
    for bad in [f64::NAN, f64::INFINITY] {
        active_users!(handle: metrics, "all", "24h", bad);
        queue_oldest_age!(handle: metrics, "emails", bad);
    }
    let all_users = [("user_type", "all"), ("time_window", "24h")];
    assert_eq!(value(&metrics, "active_users", &all_users), 12.0);
    assert_eq!(value(&metrics, "queue_oldest_age_seconds", &[("queue", "emails")]), 3.0);
    assert_eq!(refused(&metrics, "active_users"), 2.0);
}

/// PRIME-71.
#[test]
fn cardinality_limit() {
    let metrics = metrics();
    for number in 0..500 {
        let leaked: &'static str = format!("type-{number}").leak();
        user_registered!(handle: metrics, leaked);
    }
    let series = all(&metrics, "users_registered_total");
    assert_eq!(series.len(), 101);
    assert_eq!(series.iter().map(|(_, count)| count).sum::<f64>(), 500.0);
    assert_eq!(value(&metrics, "users_registered_total", &[("user_type", "other")]), 400.0);
}
