use obs_metrics::business::{OrderType, PaymentGateway, PaymentMethod, PaymentStatus};
use obs_metrics::{label_enum, order_created, order_status, payment_processed};

use crate::{all, metrics, named, shown, value};

const BKASH: &[(&str, &str)] =
    &[("order_type", "b2b"), ("payment_method", "bkash"), ("status", "created")];

/// DAIRY-78.
#[test]
fn an_order_counts_and_its_value_is_observed() {
    let metrics = metrics();
    order_created!(handle: metrics, OrderType::B2b, PaymentMethod::Bkash, 1250);
    order_created!(handle: metrics, OrderType::B2b, PaymentMethod::Bkash, 49.5);
    order_created!(handle: metrics, "b2c", "nagad", 100_u32);
    assert_eq!(value(&metrics, "orders_total", BKASH), 2.0);
    let b2b = [("order_type", "b2b")];
    assert_eq!(value(&metrics, "order_value_count", &b2b), 2.0);
    assert_eq!(value(&metrics, "order_value_sum", &b2b), 1299.5);
    let to_50 = [("order_type", "b2b"), ("le", "50.0")];
    assert_eq!(value(&metrics, "order_value_bucket", &to_50), 1.0);
    assert_eq!(shown(&metrics, "order_value_sum", &[("order_type", "b2c")]), Some(100.0));
    assert_eq!(all(&metrics, "orders_created_total"), [], "nobody asked for it");
}

label_enum! {
    enum Channel { App = "app", Web = "web" }
}

#[test]
fn an_order_that_reaches_a_status_has_no_value() {
    let metrics = metrics();
    order_status!(handle: &metrics, OrderType::B2b, PaymentMethod::Bkash, "shipped");
    order_status!(handle: &*metrics, Channel::App, true, "shipped");
    let series = all(&metrics, "orders_total");
    assert_eq!(series.len(), 2);
    assert!(series.contains(&(["app", "true", "shipped"].map(str::to_owned).into(), 1.0)));
    assert_eq!(all(&metrics, "order_value_count"), []);
}

fn payments(status: &str, range: &str) -> [(&'static str, String); 3] {
    [("gateway", "bkash".into()), ("status", status.into()), ("amount_range", range.into())]
}

/// DAIRY-74, DAIRY-79, M-14.
#[test]
fn only_a_payment_that_succeeded_has_a_value() {
    let metrics = metrics();
    let paid = |status, amount: f64| {
        payment_processed!(handle: metrics, PaymentGateway::Bkash, status, amount);
    };
    paid(PaymentStatus::Pending, 500.0);
    paid(PaymentStatus::Failed, 500.0);
    assert_eq!(all(&metrics, "payment_value_count"), [], "no success, no value");
    paid(PaymentStatus::Success, 500.0);
    paid(PaymentStatus::Success, 500.01);
    for (status, range, count) in [
        ("pending", "100-500", 1.0),
        ("failed", "100-500", 1.0),
        ("success", "100-500", 1.0),
        ("success", "500-1000", 1.0),
        // Shown before its first use: what an alert divides by.
        ("failed", "500-1000", 0.0),
    ] {
        let labels = payments(status, range);
        let labels: Vec<_> = labels.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!(value(&metrics, "payments_total", &labels), count, "{status} {range}");
    }
    let success = [("gateway", "bkash"), ("status", "success")];
    assert_eq!(all(&metrics, "payment_value_count").len(), 1);
    assert_eq!(value(&metrics, "payment_value_sum", &success), 1000.01);
    assert_eq!(all(&metrics, "payment_transactions_total"), []);
}

#[test]
fn ranges_of_amounts_are_the_buckets_and_no_others() {
    use obs_metrics::{FamilyNaming, Naming};
    let naming =
        Naming::default().family("payment_value", FamilyNaming::new().buckets([100.0, 2500.5]));
    let metrics = named(naming);
    for amount in [0.0, 100.0, 100.5, 2500.5, 1e9, f64::INFINITY, -1.0, f64::NAN] {
        payment_processed!(handle: metrics, "stripe", "success", amount);
    }
    let ranges = |range: &str| {
        let labels = [("gateway", "stripe"), ("status", "success"), ("amount_range", range)];
        value(&metrics, "payments_total", &labels)
    };
    let counts = ["0-100", "100-2500.5", "2500.5+", "unknown"].map(ranges);
    assert_eq!(counts, [2.0, 2.0, 2.0, 2.0]);
    assert_eq!(crate::refused(&metrics, "payment_value"), 3.0);
    // Three statuses of three ranges, and one that nobody expected with its companions.
    assert_eq!(all(&metrics, "payments_total").len(), 10);
}

/// Buckets that no histogram has are no ranges either, and ranges do not need the histogram.
#[test]
fn ranges_of_amounts_are_told_apart_whatever_the_naming_says() {
    use obs_metrics::{FamilyNaming, Naming};
    let buckets = |bad: Vec<f64>| FamilyNaming::new().buckets(bad);
    for naming in [
        buckets(vec![f64::NAN]),
        buckets(vec![1.0, 1.0]),
        buckets(vec![5.0, 1.0]),
        buckets(vec![]),
        FamilyNaming::new().off(),
    ] {
        let metrics = named(Naming::default().family("payment_value", naming.clone()));
        payment_processed!(handle: metrics, "stripe", "success", 99.0);
        let labels = [("gateway", "stripe"), ("status", "success"), ("amount_range", "50-100")];
        assert_eq!(value(&metrics, "payments_total", &labels), 1.0, "{naming:?}");
    }
}
