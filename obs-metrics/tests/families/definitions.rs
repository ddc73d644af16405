use std::time::Duration;

use obs_core::ServiceIdentity;
use obs_metrics::{Capped, Definition, DefinitionFault, Families, Label, LabelValues, Scratch};
use obs_metrics::{Counter, LabelValue, Metrics, MetricsSettings, Naming};

use super::log::Lines;
use super::setup::{Kind, Payment, metrics};

fn fault(result: Result<impl Sized, obs_metrics::DefinitionError>) -> DefinitionFault {
    result.err().expect("no error").fault
}

fn named(name: &'static str) -> Definition {
    Definition::new(name, "Help.")
}

/// Two texts that are equal.
struct Twice;

impl Label for Twice {
    const VALUES: LabelValues = LabelValues::Closed(&["a", "a"]);

    fn value<'a>(&'a self, _: &'a mut Scratch) -> LabelValue<'a> {
        LabelValue::Known(0)
    }
}

#[test]
fn what_cannot_be_is_one_clear_error() {
    let metrics = metrics();
    let families = metrics.families();
    for name in ["", "1st", "a-b", "größe", "a b", "a\n"] {
        assert_eq!(fault(families.counter::<()>(named(name))), DefinitionFault::Name, "{name:?}");
    }
    for label in ["", "1", "a-b", "__name__", "a:b"] {
        let found = fault(families.counter::<bool>(named("a_total").labels([label])));
        assert_eq!(found, DefinitionFault::Label(label.into()));
    }
    assert_eq!(
        fault(families.histogram::<bool>(named("a").labels(["le"]))),
        DefinitionFault::Label("le".into())
    );
    assert_eq!(
        fault(families.counter::<(bool, Kind)>(named("a_total").labels(["x", "x"]))),
        DefinitionFault::LabelTwice("x".into())
    );
    assert_eq!(
        fault(families.counter::<(bool, Kind)>(named("a_total").labels(["x"]))),
        DefinitionFault::LabelCount { names: 1, types: 2 }
    );
    assert_eq!(
        fault(families.counter::<Twice>(named("a_total").labels(["x"]))),
        DefinitionFault::Values("x".into())
    );
    assert_eq!(fault(families.counter::<()>(named("a"))), DefinitionFault::Total);
    assert_eq!(fault(families.histogram::<()>(named("a_total"))), DefinitionFault::Total);
    for (bounds, rule) in [
        (vec![], "a histogram has 1 to 64, not 0"),
        (vec![1.0, 1.0], "1.0 appears twice"),
        (vec![2.0, 1.0], "they must ascend, and 1.0 stands behind 2.0"),
        (vec![f64::NAN], "NaN is not finite; +Inf is implied"),
        (vec![1.0, f64::INFINITY], "inf is not finite; +Inf is implied"),
        ((0..65).map(f64::from).collect(), "a histogram has 1 to 64, not 65"),
    ] {
        let found = fault(families.histogram::<()>(named("a").buckets(bounds.clone())));
        assert_eq!(found.to_string(), format!("buckets {bounds:?}: {rule}"));
    }
    let found = fault(families.counter::<()>(named("a_total").buckets([1.0])));
    assert_eq!(found, DefinitionFault::Buckets(vec![1.0]));
    assert_eq!(found.to_string(), "buckets [1.0]: only a histogram has them");
    let second = Duration::from_secs(1);
    assert_eq!(
        fault(families.counter::<bool>(named("a_total").labels(["x"]).ttl(second))),
        DefinitionFault::Ttl
    );
    let open = || named("a_total").labels(["x"]);
    assert_eq!(fault(families.counter::<&str>(open().ttl(Duration::ZERO))), DefinitionFault::Ttl);
    assert_eq!(fault(families.counter::<&str>(open().zero(true))), DefinitionFault::Zero);
    assert_eq!(fault(families.counter::<&str>(open().max_series(0))), DefinitionFault::MaxSeries);
    let limit = || DefinitionFault::Limit("x".into());
    assert_eq!(fault(families.counter::<&str>(open().limit("x", 0))), limit());
    assert_eq!(fault(families.counter::<bool>(open().limit("x", 5))), limit());
    assert_eq!(fault(families.counter::<()>(named("a_total").limit("x", 5))), limit());
    for name in [
        "http_requests",
        "http_request_duration_seconds_count",
        "build_info",
        "obs_label_values",
        "obs_series_dropped",
        "obs_scrapes",
    ] {
        let found = fault(families.gauge::<()>(named(name)));
        assert_eq!(found, DefinitionFault::Reserved(name.into()));
    }
    assert!(families.catalog().is_empty());
}

#[test]
fn the_same_definition_is_the_same_family_and_another_is_told_with_both_places() {
    let metrics = metrics();
    let definition = || named("orders_total").labels(["kind", "payment"]);
    let register = |families: &Families| families.counter::<(Kind, Payment)>(definition());
    let first: Counter<_> = register(metrics.families()).unwrap();
    let second = register(metrics.families()).unwrap();
    first.inc((Kind::B2b, Payment::Card));
    second.inc((Kind::B2b, Payment::Card));
    assert_eq!(first.with((Kind::B2b, Payment::Card)).get(), 2);
    assert_eq!(metrics.families().catalog().len(), 1);

    let error =
        metrics.families().gauge::<Capped<&str>>(named("orders").labels(["tenant"])).unwrap_err();
    let text = error.to_string();
    for part in [
        "metric family \"orders\" at ",
        "new:   gauge orders (tenant: up to 100) \"Help.\"",
        "there: counter orders_total (kind: retail|b2b|gift, payment: bkash|card) \"Help.\"",
        "definitions.rs:",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    assert_eq!(text.matches("definitions.rs:").count(), 2, "{text}");

    // Each of these is another family: help, kind, buckets, limit, ttl, and a name of a series.
    let (families, conflicts) =
        (metrics.families(), |fault| matches!(fault, DefinitionFault::Conflict { .. }));
    families.histogram::<()>(named("h").buckets([1.0])).unwrap();
    assert!(conflicts(fault(families.histogram::<()>(named("h").buckets([2.0])))));
    assert!(conflicts(fault(
        families.histogram::<()>(Definition::new("h", "Other.").buckets([1.0]))
    )));
    assert!(conflicts(fault(families.gauge::<()>(named("h_bucket")))));
    families.counter::<&str>(named("o_total").labels(["x"])).unwrap();
    assert!(conflicts(fault(
        families.counter::<&str>(named("o_total").labels(["x"]).limit("x", 7))
    )));
    let ttl = Duration::from_secs(1);
    assert!(conflicts(fault(families.counter::<&str>(named("o_total").labels(["x"]).ttl(ttl)))));
    assert!(conflicts(fault(families.counter::<&str>(named("o_total").labels(["y"])))));
}

#[test]
fn a_registry_is_a_value() {
    let (one, two) = (metrics(), metrics());
    let name = String::from("renamed_by_a_preset");
    let of_one = one.families().gauge::<()>(Definition::new(name.clone(), "Help.")).unwrap();
    let of_two = two.families().gauge::<()>(Definition::new(name, "Help.")).unwrap();
    of_one.set((), 1.0);
    of_two.set((), 2.0);
    assert_eq!((of_one.with(()).get(), of_two.with(()).get()), (1.0, 2.0));
}

#[test]
fn the_catalog_has_every_family_in_order() {
    let metrics = metrics();
    let families = metrics.families();
    families
        .histogram::<(Kind, Capped<&str, 7>)>(named("z").labels(["kind", "tenant"]).buckets([1.0]))
        .unwrap();
    families.counter::<bool>(named("a_total").labels(["fine"])).unwrap();
    let catalog = families.catalog();
    let names: Vec<_> = catalog.iter().map(|family| family.name.as_str()).collect();
    assert_eq!(names, ["z", "a_total"]);
    assert_eq!(catalog[0].labels[0].values, LabelValues::Closed(&["retail", "b2b", "gift"]));
    assert_eq!(catalog[0].labels[1].values, LabelValues::Open { limit: Some(7) });
    assert_eq!((catalog[0].bounds.as_slice(), catalog[0].zero), (&[1.0][..], false));
    assert_eq!((catalog[1].max_series, catalog[1].zero), (2, true));
}

#[test]
fn a_mistake_in_the_settings_is_told_once_when_metrics_are_made() {
    let lines = Lines::default();
    tracing::subscriber::with_default(lines.clone(), || {
        let mut settings = MetricsSettings::default();
        settings.max_label_values = 0;
        settings.naming = Naming::default().namespace("9 shop");
        let _ = Metrics::new(&settings, &ServiceIdentity::default());
    });
    let start = "WARN invalid metrics setting, its default is used: ";
    let namespace = "a namespace is made of letters, digits and _, beginning with a letter and not \
                     ending in _";
    assert_eq!(
        lines.get(),
        [
            format!("{start}max_label_values = 0: expected 1 to 10000"),
            format!("{start}naming.namespace(\"9 shop\"): {namespace}"),
        ]
    );
}
