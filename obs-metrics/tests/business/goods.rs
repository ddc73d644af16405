use std::thread;
use std::time::Duration;

use obs_metrics::business::Warehouse;
use obs_metrics::{goods_processing, goods_received, inventory_items, warehouse_utilization};

use crate::harness::seen;
use crate::{all, metrics, refused, value};

#[test]
fn goods_received_macro() {
    let metrics = metrics();
    goods_received!(handle: metrics, Warehouse::China, "PENDING");
    goods_received!(handle: metrics, Warehouse::China, "PENDING");
    goods_received!(handle: metrics, "lagos", "ARRIVED");
    let china = [("warehouse", "china"), ("status", "PENDING")];
    assert_eq!(value(&metrics, "goods_received_total", &china), 2.0);
    assert_eq!(all(&metrics, "goods_received_total").len(), 2);
}

#[test]
fn goods_processing_macro() {
    let metrics = metrics();
    let sorting = [("warehouse", "ghana"), ("operation", "sorting")];
    goods_processing!(handle: metrics, Warehouse::Ghana, "sorting", Duration::from_millis(2500));
    goods_processing!(handle: metrics, Warehouse::Ghana, "sorting", 30);
    assert_eq!(value(&metrics, "goods_processing_seconds_sum", &sorting), 32.5);
    let bounds: Vec<String> = seen(&metrics)
        .of("goods_processing_seconds_bucket")
        .map(|(labels, _)| labels["le"].clone())
        .collect();
    for bound in ["0.1", "0.5", "1.0", "2.5", "5.0", "10.0", "30.0", "60.0", "300.0", "+Inf"] {
        assert!(bounds.contains(&bound.to_owned()), "{bound}");
    }
    assert_eq!(bounds.len(), 10);
}

#[test]
fn goods_processing_timer_observes_when_it_is_dropped() {
    let metrics = metrics();
    let packing = [("warehouse", "ghana"), ("operation", "packing")];
    {
        let _timer = goods_processing!(handle: metrics, Warehouse::Ghana, "packing");
        thread::sleep(Duration::from_millis(20));
        assert_eq!(all(&metrics, "goods_processing_seconds_count"), []);
    }
    goods_processing!(handle: metrics, Warehouse::Ghana, "packing").stop();
    assert_eq!(value(&metrics, "goods_processing_seconds_count", &packing), 2.0);
    let seconds = value(&metrics, "goods_processing_seconds_sum", &packing);
    assert!((0.02..10.0).contains(&seconds), "{seconds}");
}

/// PRIME-41.
#[test]
fn a_percentage_is_from_0_to_100() {
    let metrics = metrics();
    let china = [("warehouse", "china")];
    for (percent, shown, refusals) in [
        (75.5, 75.5, 0.0),
        (0.0, 0.0, 0.0),
        (100.0, 100.0, 0.0),
        (100.1, 100.0, 1.0),
        (-0.1, 0.0, 2.0),
        (40.0, 40.0, 2.0),
        (f64::NAN, 40.0, 3.0),
        (f64::INFINITY, 100.0, 4.0),
        (f64::NEG_INFINITY, 0.0, 5.0),
    ] {
        warehouse_utilization!(handle: metrics, Warehouse::China, percent);
        let family = "warehouse_utilization_percent";
        assert_eq!(value(&metrics, family, &china), shown, "{percent}");
        assert_eq!(refused(&metrics, family), refusals, "{percent}");
    }
    warehouse_utilization!(handle: metrics, Warehouse::Ghana, 62.5);
    warehouse_utilization!(handle: metrics, "tema", 7);
    let of =
        |warehouse| value(&metrics, "warehouse_utilization_percent", &[("warehouse", warehouse)]);
    assert_eq!((of("ghana"), of("tema")), (62.5, 7.0));
}

/// M-45: a gauge without `_total`.
#[test]
fn items_in_stock() {
    let metrics = metrics();
    inventory_items!(handle: metrics, 4200);
    inventory_items!(handle: metrics, 17_u64);
    assert_eq!(value(&metrics, "inventory_items", &[]), 17.0);
    assert_eq!(seen(&metrics).kind["inventory_items"], "gauge");
}
