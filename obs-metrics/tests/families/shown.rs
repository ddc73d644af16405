use std::time::Duration;

use obs_metrics::{Capped, Definition, Format, Label, LabelValue, LabelValues, Scratch};

use super::harness::{Exposition, seen};
use super::setup::{Kind, Payment, Seen, metrics, with_settings};

fn named(name: &'static str) -> Definition {
    Definition::new(name, "Help.")
}

#[test]
fn what_is_written_is_read_in_both_formats() {
    let metrics = metrics();
    let families = metrics.families();
    let orders = families
        .counter::<(Kind, Payment, bool)>(named("orders_total").labels(["kind", "payment", "gift"]))
        .unwrap();
    let depth = families.gauge::<()>(named("queue_depth")).unwrap();
    let value = families
        .histogram::<(Kind, Capped<&str>)>(
            named("order_value").labels(["kind", "tenant"]).buckets([10.0, 100.0]),
        )
        .unwrap();
    orders.inc((Kind::B2b, Payment::Card, true));
    orders.add((Kind::B2b, Payment::Card, true), 4);
    orders.inc((Kind::Gift, Payment::Bkash, false));
    depth.set((), 7.0);
    depth.inc(());
    depth.dec(());
    depth.add((), -2.5);
    let tenant = String::from("a\"b\\c\n");
    for observed in [9.0, 10.0, 10.1, 1e9] {
        value.observe((Kind::Retail, Capped(&tenant)), observed);
    }
    value.with((Kind::Retail, Capped(&tenant))).observe_duration(Duration::from_millis(500));

    for format in [Format::Text, Format::OpenMetrics] {
        let seen = Exposition::parse(&metrics.render(format), format);
        let labels = |kind, payment, gift| [("kind", kind), ("payment", payment), ("gift", gift)];
        assert_eq!(seen.value("orders_total", &labels("b2b", "card", "true")), 5.0);
        assert_eq!(seen.value("orders_total", &labels("gift", "bkash", "false")), 1.0);
        assert_eq!(seen.sum("orders_total"), 6.0);
        assert_eq!(seen.value("queue_depth", &[]), 4.5);
        let labels = [("kind", "retail"), ("tenant", tenant.as_str())];
        let bucket = |le| seen.value("order_value_bucket", &[&labels[..], &[("le", le)]].concat());
        assert_eq!(["10.0", "100.0", "+Inf"].map(bucket), [3.0, 4.0, 5.0]);
        assert_eq!(seen.value("order_value_count", &labels), 5.0);
        assert_eq!(seen.value("order_value_sum", &labels), 1e9 + 29.6);
    }
}

#[test]
fn families_are_there_before_their_first_use() {
    let metrics = metrics();
    let families = metrics.families();
    let small = named("small_total").labels(["kind", "payment"]);
    families.counter::<(Kind, Payment)>(small).unwrap();
    families
        .gauge::<(Kind, Payment)>(named("off").labels(["kind", "payment"]).zero(false))
        .unwrap();
    type Large = (Kind, Kind, Payment, Payment);
    let labels = ["a", "b", "c", "d"];
    families.counter::<Large>(named("large_total").labels(labels)).unwrap();
    families.counter::<Large>(named("wanted_total").labels(labels).zero(true)).unwrap();
    families.histogram::<(Kind, Kind)>(named("times").labels(["a", "b"])).unwrap();
    families.histogram::<(Kind, Payment)>(named("sizes").labels(["a", "b"])).unwrap();
    families.counter::<()>(named("single_total").zero(false)).unwrap();
    families.counter::<Capped<&str>>(named("open_total").labels(["tenant"])).unwrap();
    let shown = seen(&metrics);
    for (series, count) in [
        ("small_total", 6),
        ("off", 0),
        ("large_total", 0),
        ("wanted_total", 36),
        ("times_count", 0),
        ("sizes_count", 6),
        ("single_total", 1),
        ("open_total", 0),
    ] {
        assert_eq!(shown.of(series).count(), count, "{series}");
        assert_eq!(shown.sum(series), 0.0);
    }
    let kinds = ["small_total", "off", "large_total", "times", "open_total"];
    assert!(kinds.iter().all(|family| shown.kind.contains_key(*family)));
}

#[test]
fn every_combination_of_closed_labels_is_its_own_series() {
    let metrics = metrics();
    let definition = named("all_total").labels(["a", "b", "c", "d"]);
    let all = metrics.families().counter::<(Kind, bool, Payment, Kind)>(definition).unwrap();
    let mut count = 0;
    for a in super::setup::KINDS {
        for b in [false, true] {
            for c in [Payment::Bkash, Payment::Card] {
                for d in super::setup::KINDS {
                    count += 1;
                    all.add((a, b, c, d), count);
                }
            }
        }
    }
    let shown = seen(&metrics);
    let mut count = 0.0;
    for a in ["retail", "b2b", "gift"] {
        for b in ["false", "true"] {
            for c in ["bkash", "card"] {
                for d in ["retail", "b2b", "gift"] {
                    count += 1.0;
                    let labels = [("a", a), ("b", b), ("c", c), ("d", d)];
                    assert_eq!(shown.value("all_total", &labels), count);
                }
            }
        }
    }
}

/// A closed label with any value at all.
struct Astray(LabelValue<'static>);

impl Label for Astray {
    const VALUES: LabelValues = LabelValues::Closed(&["a", "b"]);

    fn value<'a>(&'a self, _: &'a mut Scratch) -> LabelValue<'a> {
        self.0
    }
}

#[test]
fn a_closed_label_has_no_value_that_is_not_in_its_list() {
    let metrics = metrics();
    let families = metrics.families();
    let few = named("few_total").labels(["kind", "x"]);
    let few = families.counter::<(Kind, Astray)>(few).unwrap();
    let many = named("many_total").labels(["kind", "x", "tenant"]);
    let many = families.counter::<(Kind, Astray, Capped<u8>)>(many).unwrap();
    for value in [LabelValue::Known(usize::MAX), LabelValue::Known(2), LabelValue::Text("new")] {
        few.inc((Kind::Retail, Astray(value)));
        many.inc((Kind::Retail, Astray(value), Capped(1)));
    }
    let seen = Seen::new(&metrics);
    for (x, count) in [("a", 1.0), ("b", 2.0)] {
        let labels = format!(r#"kind="retail",x="{x}""#);
        assert_eq!(seen.get("few_total", &labels), Some(count));
        assert_eq!(seen.get("many_total", &format!(r#"{labels},tenant="1""#)), Some(count));
    }
}

#[test]
fn numbers_that_a_sum_cannot_take_are_left_out_and_counted() {
    let metrics = metrics();
    let families = metrics.families();
    let times = families.histogram::<()>(named("times")).unwrap();
    let level = families.gauge::<()>(named("level")).unwrap();
    for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        times.observe((), value);
        level.add((), value);
    }
    times.observe((), -1.0);
    times.with(()).observe(-f64::MIN_POSITIVE);
    times.with(()).observe(-0.0);
    times.observe((), f64::MAX);
    times.observe((), f64::MAX);
    level.inc(());
    let seen = seen(&metrics);
    assert_eq!(seen.value("times_count", &[]), 3.0);
    assert_eq!(seen.value("times_sum", &[]), f64::MAX);
    assert_eq!(seen.value("level", &[]), 1.0);
    for (family, refused) in [("times", 5.0), ("level", 3.0)] {
        assert_eq!(seen.value("obs_values_refused_total", &[("family", family)]), refused);
    }
}

#[test]
fn labels_of_texts_and_numbers() {
    let metrics = metrics();
    let definition = named("all_total").labels(["a", "b", "c", "d", "e", "f"]);
    type All = (&'static str, Capped<u64>, Capped<i8>, Capped<String>, Capped<&'static str>, bool);
    let all = metrics.families().counter::<All>(definition).unwrap();
    let local = String::from("local");
    let write = |d: &str| {
        all.inc(("text", Capped(u64::MAX), Capped(-7), Capped(d.to_owned()), Capped(&local), true));
    };
    write("owned");
    write("");
    let labels =
        |d| format!(r#"a="text",b="18446744073709551615",c="-7",d="{d}",e="local",f="true""#);
    let seen = Seen::new(&metrics);
    assert_eq!(seen.get("all_total", &labels("owned")), Some(1.0));
    assert_eq!(seen.get("all_total", &labels("")), Some(1.0));
}

#[test]
fn a_long_value_is_cut_and_counted() {
    let metrics = metrics();
    let definition = named("long_total").labels(["tenant"]);
    let long = metrics.families().counter::<Capped<&str>>(definition).unwrap();
    let value = "é".repeat(1000);
    long.inc(Capped(&value));
    long.with(Capped(&value)).inc();
    long.inc(Capped(&"é".repeat(64)));
    let seen = seen(&metrics);
    let cut = "é".repeat(64);
    assert_eq!(seen.value("long_total", &[("tenant", cut.as_str())]), 3.0);
    assert_eq!(seen.sum("obs_label_values_cut_total"), 2.0);
}

#[test]
fn a_series_knows_since_when_it_counts() {
    let (metrics, hand) = with_settings(Default::default());
    let families = metrics.families();
    families.counter::<()>(named("early_total")).unwrap();
    families.gauge::<()>(named("level")).unwrap();
    let late = families.histogram::<&str>(named("late").labels(["x"])).unwrap();
    hand.advance(Duration::from_secs(7));
    late.observe("a", 1.0);
    hand.advance(Duration::from_secs(7));
    late.observe("a", 1.0);
    let seen = Seen::new(&metrics);
    let created =
        |family: &str, labels: &str| seen.series[&(family.to_owned(), labels.to_owned())].1;
    let (early, late) = (created("early_total", "").unwrap(), created("late", "x=\"a\"").unwrap());
    assert_eq!(late - early, Duration::from_secs(7));
    assert_eq!(created("level", ""), None);
}

#[test]
fn series_of_texts_stand_in_the_order_in_which_they_came() {
    let metrics = metrics();
    let definition = named("ordered_total").labels(["x"]);
    let ordered = metrics.families().counter::<Capped<u32>>(definition).unwrap();
    (100..150).rev().for_each(|value| ordered.inc(Capped(value)));
    let text = metrics.render(Format::Text);
    let lines: Vec<_> = text.lines().filter(|line| line.starts_with("ordered_total{")).collect();
    assert_eq!(lines.len(), 50);
    assert!(lines.iter().rev().is_sorted(), "{lines:?}");
}
