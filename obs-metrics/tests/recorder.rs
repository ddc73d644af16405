//! What a test of an application has: metrics of its own, and asserts that say what is there.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests, outside of #[test]")]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;
use std::time::Duration;

use obs_core::ServiceIdentity;
use obs_metrics::testing::{Readings, Recorder};
use obs_metrics::{Capped, Metrics, MetricsSettings, define_metrics, label_enum};

label_enum! {
    /// Who orders.
    pub enum OrderKind { B2b = "b2b", B2c = "b2c" }
}

define_metrics! {
    struct Shop namespace("shop") {
        /// Orders placed.
        counter orders { kind: OrderKind, gift: bool };
        /// Value of an order.
        histogram order_value { kind: OrderKind } unit("bdt") buckets(100.0, 1000.0);
        /// Carts that are open.
        gauge open_carts;
        /// Visitors.
        counter visits { tenant: Capped<&'static str> } ttl(Duration::from_secs(60));
    }
}

fn shop() -> (Recorder, Shop) {
    let recorder = Recorder::new();
    let shop = Shop::new(recorder.metrics()).unwrap();
    shop.orders.add((OrderKind::B2b, false), 2);
    shop.orders.inc((OrderKind::B2b, true));
    shop.orders.inc((OrderKind::B2c, true));
    for value in [50.0, 100.0, 700.25, 5000.0] {
        shop.order_value.observe(OrderKind::B2b, value);
    }
    shop.order_value.observe(OrderKind::B2c, 1.0);
    shop.open_carts.set(3.0);
    (recorder, shop)
}

fn failure(fails: impl FnOnce()) -> String {
    let panic = catch_unwind(AssertUnwindSafe(fails)).expect_err("it must fail");
    *panic.downcast::<String>().unwrap()
}

#[test]
fn labels_that_are_not_named_are_summed_over() {
    let (recorder, _shop) = shop();
    recorder.assert("shop_orders_total", 4);
    recorder.assert("shop_orders_total{kind='b2b'}", 3);
    recorder.assert(r#"shop_orders_total{kind!="b2b", gift="true"}"#, 1.0);
    recorder.assert("shop_orders_total{kind!='b2b'}", 1);
    recorder.assert("shop_open_carts", 3_u8);
    assert_eq!(recorder.value("shop_orders_total{kind='b2c',gift='false'}"), Some(0.0));
    assert_eq!(recorder.value("shop_orders_total{kind='b2g'}"), None);
    assert_eq!(recorder.value("orders"), None);
    recorder.assert("build_info{version='',environment='development'}", 1);
}

#[test]
fn histograms_are_read_whole_or_in_parts() {
    let (recorder, _shop) = shop();
    let b2b = recorder.histogram("shop_order_value_bdt{kind='b2b'}").unwrap();
    assert_eq!((b2b.count, b2b.sum), (4, 5850.25));
    assert_eq!(b2b.buckets, [(100.0, 2), (1000.0, 3), (f64::INFINITY, 4)]);
    let all = recorder.histogram("shop_order_value_bdt").unwrap();
    assert_eq!((all.count, all.bucket(100.0), all.bucket(101.0)), (5, Some(3), None));
    assert_eq!(recorder.histogram("shop_orders_total"), None);
    recorder.assert("shop_order_value_bdt_count", 5);
    recorder.assert("shop_order_value_bdt_sum{kind='b2b'}", 5850.25);
    recorder.assert("shop_order_value_bdt_bucket{kind='b2b',le='1000'}", 3);
    recorder.assert("shop_order_value_bdt_bucket{kind='b2b',le='+Inf'}", 4);
}

#[test]
fn what_came_since_is_told_apart() {
    let (recorder, shop) = shop();
    let before = recorder.read();
    shop.orders.add((OrderKind::B2c, true), 5);
    shop.order_value.observe(OrderKind::B2c, 400.0);
    shop.open_carts.dec();
    let since = recorder.since(&before);
    since.assert("shop_orders_total", 5);
    since.assert("shop_orders_total{kind='b2b'}", 0);
    since.assert("shop_open_carts", 2);
    let value = since.histogram("shop_order_value_bdt").unwrap();
    assert_eq!(value.buckets, [(100.0, 0), (1000.0, 1), (f64::INFINITY, 1)]);
    assert_eq!(value.sum, 400.0);
}

#[test]
fn time_passes_only_when_told() {
    let (recorder, shop) = shop();
    shop.visits.inc(Capped("acme"));
    recorder.assert("shop_visits_total{tenant='acme'}", 1);
    recorder.advance(Duration::from_secs(59));
    recorder.assert("shop_visits_total{tenant='acme'}", 1);
    recorder.advance(Duration::from_secs(61));
    assert_eq!(recorder.value("shop_visits_total"), None);
}

#[test]
fn a_failure_says_what_is_there() {
    let (recorder, _shop) = shop();
    let text = failure(|| recorder.assert("shop_orders_total{kind='b2b'}", 4));
    let expected = r#"shop_orders_total{kind='b2b'} is 3, not 4
  there is:
    shop_orders_total{kind="b2b",gift="false"} 2
    shop_orders_total{kind="b2b",gift="true"} 1
    shop_orders_total{kind="b2c",gift="false"} 0
    shop_orders_total{kind="b2c",gift="true"} 1"#;
    assert_eq!(text, expected);

    let text = failure(|| recorder.assert("shop_orders_total{kind='b2g'}", 0));
    assert!(text.starts_with("no series shop_orders_total{kind='b2g'}; expected 0\n  there is:\n"));

    let text = failure(|| recorder.assert("shop_order_total", 4));
    let start = "no series shop_order_total; expected 4\n  the names that are most like it:\n    shop_orders_total\n";
    assert!(text.starts_with(start), "{text}");
    assert_eq!(text.lines().count(), 2 + 5, "{text}");

    let text = failure(|| recorder.assert("shop_orders_total{kind=b2b}", 3));
    let expected =
        r#"selector "shop_orders_total{kind=b2b}": label kind: = or != and a value in quotes"#;
    assert_eq!(text, expected);
}

#[test]
fn a_failure_stays_short() {
    let recorder = Recorder::new();
    let shop = Shop::new(recorder.metrics()).unwrap();
    (0..50).for_each(|tenant| shop.visits.inc(Capped(format!("t{tenant}").leak())));
    let text = failure(|| recorder.assert("shop_visits_total", 51));
    assert!(text.ends_with("\n    and 30 more"), "{text}");
    assert_eq!(text.lines().count(), 2 + 20 + 1, "{text}");
}

#[test]
fn recorders_do_not_see_each_other() {
    thread::scope(|scope| {
        for orders in 0..8_u64 {
            scope.spawn(move || {
                let recorder = Recorder::default();
                let shop = Shop::new(recorder.metrics()).unwrap();
                shop.orders.add((OrderKind::B2b, false), orders);
                recorder.assert("shop_orders_total", orders as f64);
            });
        }
    });
}

#[test]
fn any_metrics_can_be_read() {
    let metrics = Metrics::new(&MetricsSettings::default(), &ServiceIdentity::default());
    Shop::new(&metrics).unwrap().open_carts.add(0.1 + 0.2);
    metrics.http().declare("GET", "/orders");
    let readings = Readings::of(&metrics);
    readings.assert("shop_open_carts", 0.3);
    readings.assert("http_requests_total{route='/orders',status_code='200'}", 0);
    readings.assert("obs_series_dropped_total{family='http_requests_total'}", 0);
}
