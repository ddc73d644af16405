use obs_metrics::business::FunnelStage;
use obs_metrics::{
    Capped, FamilyNaming, Naming, cart_abandoned, cart_added, cart_started, funnel_stage,
    product_viewed,
};

use crate::harness::seen;
use crate::{all, metrics, named, value};

/// M-40: an id is no label.
#[test]
fn product_views_by_category() {
    let metrics = metrics();
    product_viewed!(handle: metrics, "milk");
    for id in 0..2000 {
        product_viewed!(handle: metrics, "milk", Capped::new(id));
    }
    assert_eq!(value(&metrics, "product_views_total", &[("product_category", "milk")]), 2001.0);
    assert_eq!(all(&metrics, "product_views_total").len(), 1);
}

/// DAIRY-75: whoever asks for the id gets at most 500.
#[test]
fn product_ids_have_a_hard_limit() {
    let naming =
        Naming::default().family("product_views_total", FamilyNaming::new().with("product_id"));
    let metrics = named(naming);
    product_viewed!(handle: metrics, "milk");
    for id in 0..2000 {
        product_viewed!(handle: metrics, "milk", Capped::new(format!("p-{id}")));
    }
    let series = all(&metrics, "product_views_total");
    assert_eq!(series.len(), 501);
    assert_eq!(series.iter().map(|(_, views)| views).sum::<f64>(), 2001.0, "none is lost");
    let other = [("product_category", "milk"), ("product_id", "other")];
    // 499 ids have a series of their own beside `unknown`.
    assert_eq!(value(&metrics, "product_views_total", &other), 1501.0);
}

/// DAIRY-85.
#[test]
fn carts() {
    let metrics = metrics();
    cart_started!(handle: metrics);
    assert_eq!(value(&metrics, "cart_abandoned_total", &[]), 0.0, "shown before its first use");
    cart_started!(handle: metrics);
    cart_abandoned!(handle: metrics);
    cart_added!(handle: metrics, "milk");
    assert_eq!(value(&metrics, "cart_started_total", &[]), 2.0);
    assert_eq!(value(&metrics, "cart_abandoned_total", &[]), 1.0);
    assert_eq!(value(&metrics, "add_to_cart_total", &[("product_category", "milk")]), 1.0);
}

/// DAIRY-77, DAIRY-80, M-44.
#[test]
fn every_stage_of_the_funnel_is_there_at_once() {
    let metrics = metrics();
    assert_eq!(all(&metrics, "conversion_funnel_total"), [], "a service without a shop");
    funnel_stage!(handle: metrics, FunnelStage::Checkout);
    let stages = all(&metrics, "conversion_funnel_total");
    let expected = [
        ("add_to_cart", 0.0),
        ("checkout", 1.0),
        ("homepage", 0.0),
        ("order_complete", 0.0),
        ("payment", 0.0),
        ("product_view", 0.0),
    ];
    assert_eq!(stages, expected.map(|(stage, count)| (vec![stage.to_owned()], count)));
    assert_eq!(seen(&metrics).kind["conversion_funnel_total"], "counter");

    // A preset shows them before the first visitor.
    let on = Naming::default().family("conversion_funnel_total", FamilyNaming::new().on());
    let stages = all(&named(on), "conversion_funnel_total");
    assert_eq!(stages, expected.map(|(stage, _)| (vec![stage.to_owned()], 0.0)));
}
