//! The catalog: what a service shows or will show, as data.

use std::collections::BTreeSet;

use obs_core::ServiceIdentity;
use obs_core::source::Kind;
use obs_metrics::{Definition, FamilyNaming, LabelValues, Metrics, MetricsSettings, Naming};

fn metrics(naming: Naming) -> Metrics {
    let mut settings = MetricsSettings::default();
    settings.naming = naming;
    Metrics::new(&settings, &ServiceIdentity::default())
}

#[test]
fn every_built_in_family_is_there_before_its_first_use() {
    let catalog = metrics(Naming::default()).catalog();
    let names: BTreeSet<&str> = catalog.iter().map(|family| family.name.as_str()).collect();
    assert_eq!(names.len(), catalog.len(), "no name twice");
    for name in ["http_requests_total", "orders_total", "payment_value", "job_duration_seconds"] {
        assert!(names.contains(name), "{name}");
    }
    assert!(!names.contains("orders_created_total"), "only a preset shows it");
    for family in &catalog {
        let counts = family.name.ends_with("_total");
        assert_eq!(family.kind == Kind::Counter, counts, "{}", family.name);
        assert!(family.help.ends_with('.'), "{}", family.name);
        for label in &family.labels {
            if let LabelValues::Open { limit } = label.values {
                assert!(limit.is_some_and(|limit| limit >= label.known.len()), "{label:?}");
            }
        }
    }
}

#[test]
fn names_are_those_of_the_naming() {
    let naming = Naming::default()
        .namespace("shop")
        .currency("eur")
        .label("route", "endpoint")
        .family("product_views_total", FamilyNaming::new().with("product_id"))
        .family("orders_created_total", FamilyNaming::new().name("made_total").on())
        .family("queue_depth", FamilyNaming::new().off());
    let catalog = metrics(naming).catalog();
    let labels = |name: &str| {
        let family = catalog.iter().find(|family| family.name == name)?;
        Some(family.labels.iter().map(|label| label.name.as_str()).collect::<Vec<_>>())
    };
    assert_eq!(labels("shop_order_value_eur").unwrap(), ["order_type"]);
    assert_eq!(labels("shop_rate_limit_hits_total").unwrap(), ["endpoint", "category"]);
    let views = labels("shop_product_views_total").unwrap();
    assert_eq!(views, ["product_category", "product_id"]);
    assert!(labels("made_total").is_some());
    assert_eq!(labels("shop_queue_depth"), None);
}

/// M-05: each threshold that an alert has is a bound, and a bound lies above it.
#[test]
fn db_buckets_exceed_threshold() {
    let catalog = metrics(Naming::default()).catalog();
    for (name, thresholds) in [
        ("db_query_duration_seconds", &[0.1, 0.5, 1.0, 5.0][..]),
        ("http_request_duration_seconds", &[0.2, 0.25, 0.5, 1.0, 2.0]),
        ("report_generation_duration_seconds", &[30.0]),
        ("db_queries_per_request", &[50.0]),
    ] {
        let family = catalog.iter().find(|family| family.name == name).unwrap();
        for threshold in thresholds {
            assert!(family.bounds.contains(threshold), "{name} {threshold}");
            assert!(family.bounds.iter().any(|bound| bound > threshold), "{name} {threshold}");
        }
    }
}

#[test]
fn what_the_application_registered_is_there_as_it_is() {
    let metrics = metrics(Naming::default());
    for (name, label) in [("queue_depth", "shaft"), ("zebras", "zoo"), ("apes", "zoo")] {
        let own = Definition::new(name, "Mine.").labels([label]);
        metrics.families().gauge::<&str>(own).unwrap();
    }
    let catalog = metrics.catalog();
    let of = |name: &str| {
        let mut found = catalog.iter().filter(|family| family.name == name);
        let family = found.next().unwrap();
        assert!(found.next().is_none(), "{name} appears twice");
        (family.help.clone(), family.labels[0].name.clone())
    };
    assert_eq!(of("queue_depth"), ("Mine.".to_owned(), "shaft".to_owned()));
    assert_eq!(of("zebras"), ("Mine.".to_owned(), "zoo".to_owned()));
    let names: Vec<_> = catalog.iter().rev().take(2).map(|family| family.name.as_str()).collect();
    assert_eq!(names, ["zebras", "apes"]);
}
