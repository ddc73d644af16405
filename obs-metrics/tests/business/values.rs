use std::sync::Barrier;
use std::thread;
use std::time::Duration;

use obs_metrics::{
    FamilyNaming, Naming, active_users, inventory_items, order_created, payment_processed,
    queue_oldest_age, session_ended, user_registered,
};

use crate::{all, metrics, named, refused, value};

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

/// Whoever is first registers; nobody's event is lost meanwhile.
#[test]
fn threads_that_are_first_at_once_lose_nothing() {
    const EACH: u32 = 2000;
    for _ in 0..20 {
        let metrics = metrics();
        let start = Barrier::new(4);
        thread::scope(|scope| {
            for thread in 0..4 {
                let (metrics, start) = (&metrics, &start);
                scope.spawn(move || {
                    let gateway = ["bkash", "nagad"][thread % 2];
                    start.wait();
                    for number in 0..EACH {
                        let amount = f64::from(number);
                        payment_processed!(handle: metrics, gateway, "success", amount);
                    }
                });
            }
        });
        let payments = all(&metrics, "payments_total");
        let counted = f64::from(4 * EACH);
        assert_eq!(payments.iter().map(|(_, count)| count).sum::<f64>(), counted);
        let values = all(&metrics, "payment_value_count");
        assert_eq!(values.iter().map(|(_, count)| count).sum::<f64>(), counted);
    }
}

#[test]
fn known_values_are_bounded_as_others_are() {
    let known = |count: usize| {
        let values = (0..count).map(|number| format!("type-{number}"));
        let naming = FamilyNaming::new().known("user_type", values).on();
        named(Naming::default().family("users_registered_total", naming))
    };
    for (values, series) in [(3, 3), (100, 100), (120, 100), (129, 0)] {
        assert_eq!(all(&known(values), "users_registered_total").len(), series, "{values}");
    }
    let metrics = known(120);
    user_registered!(handle: metrics, "type-110");
    assert_eq!(value(&metrics, "users_registered_total", &[("user_type", "other")]), 1.0);
}
