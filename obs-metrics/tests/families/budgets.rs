use obs_metrics::{Capped, Counter, Definition, MetricsSettings, RESERVE};

use super::harness::seen;
use super::log::Lines;
use super::setup::{KINDS, Kind, Seen, metrics, with_settings};

fn named(name: &'static str) -> Definition {
    Definition::new(name, "Help.")
}

fn settings(label: usize, family: usize, all: usize) -> MetricsSettings {
    let mut settings = MetricsSettings::default();
    settings.max_label_values = label;
    settings.max_series_per_family = family;
    settings.max_series = all;
    settings
}

#[test]
fn only_the_label_beyond_its_budget_becomes_other_and_nothing_is_lost() {
    let metrics = metrics();
    let definition = named("logins_total").labels(["kind", "tenant", "region"]).limit("tenant", 3);
    type Labels = (Kind, Capped<u32>, Capped<&'static str, 2>);
    let logins = metrics.families().counter::<Labels>(definition).unwrap();
    for tenant in 0..50 {
        for kind in KINDS {
            logins.inc((kind, Capped(tenant), Capped("north")));
        }
    }
    for region in ["south", "east", "west"] {
        logins.inc((Kind::Gift, Capped(1), Capped(region)));
    }
    logins.inc((Kind::Gift, Capped(7), Capped("east")));
    let shown = Seen::new(&metrics);
    let get = |kind, tenant, region| {
        shown.get("logins_total", &format!(r#"kind="{kind}",tenant="{tenant}",region="{region}""#))
    };
    for kind in ["retail", "b2b", "gift"] {
        assert_eq!(["0", "1", "2"].map(|tenant| get(kind, tenant, "north")), [Some(1.0); 3]);
        assert_eq!(get(kind, "other", "north"), Some(47.0));
    }
    assert_eq!(get("gift", "1", "south"), Some(1.0));
    assert_eq!(get("gift", "1", "other"), Some(2.0));
    assert_eq!(get("gift", "other", "other"), Some(1.0));
    assert_eq!(shown.of("logins_total").count(), 15);
    assert_eq!(shown.sum("logins_total"), 154.0);

    let seen = seen(&metrics);
    let of = |name, label| seen.value(name, &[("family", "logins_total"), ("label", label)]);
    assert_eq!([of("obs_label_values", "tenant"), of("obs_label_values", "region")], [3.0, 2.0]);
    assert_eq!(of("obs_label_overflow_total", "tenant"), 3.0 * 47.0 + 1.0);
    assert_eq!(of("obs_label_overflow_total", "region"), 3.0);
    assert!((of("obs_label_demand", "tenant") - 50.0).abs() <= 7.0);
    assert!((of("obs_label_demand", "region") - 4.0).abs() <= 1.0);
    let budgets = seen.of("obs_label_values").filter(|(of, _)| of["family"] == "logins_total");
    assert_eq!(budgets.count(), 2, "the closed label has no budget");
}

#[test]
fn a_value_that_is_called_other_is_the_same_series() {
    let metrics = metrics();
    let definition = named("a_total").labels(["x"]).limit("x", 1);
    let counter = metrics.families().counter::<Capped<&str>>(definition).unwrap();
    for value in ["other", "one", "two", "other"] {
        counter.inc(Capped(value));
    }
    let shown = Seen::new(&metrics);
    assert_eq!(shown.of("a_total").collect::<Vec<_>>(), [("x=\"one\"", 1.0), ("x=\"other\"", 3.0)]);
    let label = &metrics.cardinality().families[0].labels[0];
    assert_eq!((label.values, label.overflowed), (1, 1));

    let definition = named("b_total").labels(["x"]).limit("x", 1);
    let counter = metrics.families().counter::<Capped<&str>>(definition).unwrap();
    ["one", "other"].iter().for_each(|value| counter.inc(Capped(value)));
    let label = &metrics.cardinality().families[1].labels[0];
    assert_eq!((label.values, label.overflowed), (1, 0));
}

#[test]
fn a_full_family_gives_up_its_largest_label_first() {
    let (metrics, _) = with_settings(settings(100, 10, 1000));
    let definition = named("a_total").labels(["kind", "small", "large"]);
    type Labels = (Kind, Capped<u32>, Capped<u32>);
    let counter: Counter<Labels> = metrics.families().counter(definition).unwrap();
    (0..10).for_each(|large| counter.inc((Kind::Gift, Capped(large % 2), Capped(large))));
    // Full. The kind and the small label stay as they are.
    for value in 10..60 {
        counter.inc((Kind::B2b, Capped(value % 2), Capped(value)));
        // All its values have series, but there is no room for another combination.
        counter.inc((Kind::Retail, Capped(0), Capped(value % 10)));
    }
    let shown = Seen::new(&metrics);
    let get = |labels| shown.get("a_total", labels);
    assert_eq!(get(r#"kind="b2b",small="0",large="other""#), Some(25.0));
    assert_eq!(get(r#"kind="b2b",small="1",large="other""#), Some(25.0));
    assert_eq!(get(r#"kind="retail",small="0",large="other""#), Some(50.0));
    assert_eq!((shown.of("a_total").count(), shown.sum("a_total")), (13, 110.0));
    let report = metrics.cardinality();
    assert_eq!((report.series, report.families[0].series), (10, 13));
    let [kind, small, large] = &report.families[0].labels[..] else { panic!("{report:?}") };
    assert_eq!((kind.overflowed, small.overflowed, large.overflowed), (0, 0, 100));
    assert_eq!((kind.limit, large.values), (None, 10));
    assert!((large.demand as f64 - 60.0).abs() <= 7.0, "{large:?}");
}

#[test]
fn the_number_of_series_has_a_hard_bound() {
    for (family, all) in [(40, 1000), (1000, 40)] {
        let (metrics, _) = with_settings(settings(30, family, all));
        let labels = ["a", "b", "c"];
        type Labels = (Capped<u64>, Capped<u64>, Capped<u64>);
        let families = metrics.families();
        let names = ["one_total", "two_total"];
        let counters =
            names.map(|name| families.counter::<Labels>(named(name).labels(labels)).unwrap());
        let mut random = 1_u64;
        let mut next = || {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            Capped(random >> 33 & 127)
        };
        for _ in 0..20_000 {
            counters.iter().for_each(|counter| counter.inc((next(), next(), next())));
        }
        let shown = Seen::new(&metrics);
        for name in names {
            assert_eq!(shown.sum(name), 20_000.0);
            let series = shown.of(name).count();
            assert!(series <= family.min(all) + RESERVE, "{series}");
            assert!(shown.get(name, r#"a="other",b="other",c="other""#).is_some());
        }
        let series: usize = names.map(|name| shown.of(name).count()).iter().sum();
        assert!(series <= (2 * family).min(all) + 2 * RESERVE, "{series}");
        let report = metrics.cardinality();
        assert_eq!(report.series, (2 * family).min(all));
        let values = report.families.iter().flat_map(|family| &family.labels);
        assert!(values.clone().all(|label| label.values <= 30), "{report:?}");
    }
}

#[test]
fn too_many_combinations_of_closed_labels_are_bounded_too() {
    let (metrics, _) = with_settings(settings(100, 50, 1000));
    let definition = named("a_total").labels(["a", "b", "c", "d", "e", "f"]);
    type Sixteen = super::setup::Sixteen;
    type Labels = (Sixteen, Sixteen, Sixteen, Sixteen, bool, Kind);
    let counter = metrics.families().counter::<Labels>(definition).unwrap();
    let mut written = 0.0;
    for a in Sixteen::ALL {
        for b in Sixteen::ALL {
            for kind in KINDS {
                counter.inc((a, b, a, b, true, kind));
                written += 1.0;
            }
        }
    }
    let shown = Seen::new(&metrics);
    assert_eq!(shown.sum("a_total"), written);
    assert!(shown.of("a_total").count() <= 50 + RESERVE);
    let budgets = shown.of("obs_label_values").filter(|(labels, _)| labels.contains("a_total"));
    assert_eq!(budgets.count(), 0, "no label is open");
}

#[test]
fn one_warning_per_family_says_what_and_where() {
    let lines = Lines::default();
    let _guard = tracing::subscriber::set_default(lines.clone());
    let metrics = metrics();
    let definition = named("logins_total").labels(["kind", "tenant"]).limit("tenant", 1);
    let logins = metrics.families().counter::<(Kind, Capped<&str>)>(definition).unwrap();
    let line = line!() - 1;
    for tenant in ["acme", "token=hunter2", "third"] {
        logins.inc((Kind::B2b, Capped(tenant)));
    }
    let lines = lines.get();
    assert_eq!(lines.len(), 1, "{lines:?}");
    let place = format!("budgets.rs:{line}:");
    for part in [
        "WARN",
        "logins_total",
        &place,
        "\"tenant\"",
        "more than 1 values",
        "\"acme\"",
        "\"token=[redacted]\"",
        "\"other\"",
    ] {
        assert!(lines[0].contains(part), "{part}: {}", lines[0]);
    }
    let report = metrics.cardinality();
    assert_eq!(report.families[0].labels[1].samples, ["token=[redacted]", "third"]);
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["families"][0]["labels"][1]["limit"], 1);
    assert_eq!(json["families"][0]["labels"][1]["overflowed"], 2);
}

#[test]
fn a_handle_beyond_the_budget_is_that_of_other() {
    let metrics = metrics();
    let definition = named("a_total").labels(["x"]).limit("x", 1);
    let counter = metrics.families().counter::<Capped<u8>>(definition).unwrap();
    let handles = [1, 2, 3].map(|value| counter.with(Capped(value)));
    handles.iter().for_each(|handle| handle.add(2));
    assert_eq!(handles.map(|handle| handle.get()), [2, 4, 4]);
}
