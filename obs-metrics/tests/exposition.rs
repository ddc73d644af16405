//! Whatever sources show, both formats stay valid and say the same.

mod harness;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use harness::{Exposition, Number, Sample, Shown, Sources, hostile_text, metrics};
use obs_core::source::Kind;
use obs_metrics::Format;
use proptest::collection::vec;
use proptest::prelude::*;

const FORMATS: [Format; 2] = [Format::Text, Format::OpenMetrics];

fn exposition(sources: Vec<Shown>, format: Format) -> Exposition {
    let metrics = metrics();
    metrics.add_source(Arc::new(Sources(sources)));
    Exposition::parse(&metrics.render(format), format)
}

proptest! {
    #[test]
    fn label_values_and_help_come_back(help in hostile_text(), values in vec(hostile_text(), 1..5)) {
        let labels: Vec<_> = values
            .iter()
            .enumerate()
            .map(|(index, value)| (format!("l{index}"), value.clone()))
            .collect();
        let mut shown = Shown::new("hostile", Kind::Gauge, &help);
        shown.samples.push(Sample::new(labels.clone(), Number::Integer(7)));
        for format in FORMATS {
            let seen = exposition(vec![shown.clone()], format);
            prop_assert_eq!(&seen.help["hostile"], &help);
            let key = ("hostile".to_owned(), labels.iter().cloned().collect());
            prop_assert_eq!(seen.samples.get(&key), Some(&7.0));
        }
    }

    #[test]
    fn numbers_come_back(number in any::<f64>(), integer in any::<u64>()) {
        let shown = Shown::new("numbers", Kind::Gauge, "Numbers.")
            .with(&[("n", "float")], Number::Float(number))
            .with(&[("n", "integer")], Number::Integer(integer));
        for format in FORMATS {
            let seen = exposition(vec![shown.clone()], format);
            let float = seen.value("numbers", &[("n", "float")]);
            prop_assert!(float == number || (float.is_nan() && number.is_nan()));
            prop_assert_eq!(seen.value("numbers", &[("n", "integer")]), integer as f64);
        }
    }

    #[test]
    fn histograms_are_cumulative(
        (bounds, counts) in (0_usize..20).prop_flat_map(|bounds| {
            (vec(1e-9..1e6_f64, bounds), vec(0..=u64::from(u32::MAX), bounds + 1))
        }),
        sum in 0.0..f64::MAX,
    ) {
        let mut bounds = bounds;
        bounds.sort_by(f64::total_cmp);
        bounds.dedup();
        let counts = counts[..=bounds.len()].to_vec();
        let value = Number::Histogram(bounds.clone(), counts.clone(), sum);
        let shown = Shown::new("waits", Kind::Histogram, "Waits.").with(&[("a", "b")], value);
        for format in FORMATS {
            let seen = exposition(vec![shown.clone()], format);
            let mut buckets: Vec<(f64, f64)> = seen
                .of("waits_bucket")
                .map(|(labels, count)| (labels["le"].parse().unwrap(), count))
                .collect();
            buckets.sort_by(|a, b| a.0.total_cmp(&b.0));
            let mut total = 0;
            let upper = bounds.iter().copied().chain([f64::INFINITY]);
            let expected: Vec<_> = upper
                .zip(&counts)
                .map(|(bound, count)| {
                    total += count;
                    (bound, total as f64)
                })
                .collect();
            prop_assert_eq!(buckets, expected);
            prop_assert_eq!(seen.value("waits_count", &[("a", "b")]), total as f64);
        }
    }

    /// Names, labels and values that nobody checked: never an invalid exposition, never a panic.
    #[test]
    fn no_source_breaks_the_exposition(
        families in vec((name(), kind(), hostile_text(), vec((labels(), value()), 0..4)), 0..8),
    ) {
        let mut shown = 0;
        let families: Vec<Shown> = families
            .into_iter()
            .map(|(name, kind, help, samples)| {
                let samples = samples.into_iter().map(|(mut labels, value)| {
                    shown += 1;
                    // A series shown twice is the source's own mistake, and not looked for.
                    labels.push(("number".to_owned(), shown.to_string()));
                    Sample::new(labels, value)
                });
                Shown { name, kind, help, samples: samples.collect() }
            })
            .collect();
        for format in FORMATS {
            let seen = exposition(families.clone(), format);
            prop_assert!(seen.get("http_requests_in_flight", &[]).is_some());
            let carried: BTreeSet<_> =
                seen.samples.keys().filter_map(|(_, labels)| labels.get("number")).collect();
            let left_out = seen.sum("obs_series_dropped_total") as usize;
            prop_assert_eq!(carried.len() + left_out, shown);
        }
    }
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-c](_total|_count|_sum|_bucket|_total_total)?",
        "[a-zA-Z_:][a-zA-Z0-9_:]{0,6}",
        hostile_text(),
        Just("http_request_duration_seconds_count".to_owned()),
        Just("obs_series_dropped_total".to_owned()),
    ]
}

fn kind() -> impl Strategy<Value = Kind> {
    proptest::sample::select([Kind::Counter, Kind::Gauge, Kind::Histogram].as_slice())
}

fn labels() -> impl Strategy<Value = Vec<(String, String)>> {
    let name = prop_oneof!["[a-b]", "le", "__name__", "[a-z_:]{0,4}", hostile_text()];
    vec((name, hostile_text()), 0..4)
}

fn value() -> impl Strategy<Value = Number> {
    prop_oneof![
        any::<u64>().prop_map(Number::Integer),
        any::<f64>().prop_map(Number::Float),
        (vec(any::<f64>(), 0..4), vec(any::<u64>(), 0..5), any::<f64>())
            .prop_map(|(bounds, counts, sum)| Number::Histogram(bounds, counts, sum)),
    ]
}

#[test]
fn what_no_format_can_carry_is_left_out_and_counted() {
    for format in FORMATS {
        let metrics = metrics();
        let mut expected = BTreeMap::new();
        for (shown, dropped) in harness::shown::bad() {
            *expected.entry(shown.name.clone()).or_insert(0) += dropped;
            metrics.add_source(Arc::new(Sources(vec![shown])));
        }
        expected.retain(|_, dropped| *dropped > 0);
        for scrapes in 1..=2 {
            let seen = Exposition::parse(&metrics.render(format), format);
            let counted: BTreeMap<_, _> = seen
                .of("obs_series_dropped_total")
                .filter(|(_, count)| *count > 0.0)
                .map(|(labels, count)| (labels["family"].clone(), count as u64))
                .collect();
            let expected: BTreeMap<_, _> = expected
                .iter()
                .map(|(family, dropped)| (family.clone(), dropped * scrapes))
                .collect();
            assert_eq!(counted, expected, "{format:?}");
            for (name, labels) in [
                ("bad_label_names", ("fine", "x")),
                ("le_on_histogram_count", ("a", "x")),
                ("bad_counts_total", ("a", "fine")),
                ("bad_buckets_count", ("a", "fine")),
                ("first_bucket", ("fine", "x")),
            ] {
                assert!(seen.get(name, &[labels]).is_some(), "{name}");
            }
            assert_eq!(seen.value("label_twice", &[("a", "1"), ("b", "2")]), 1.0);
        }
    }
}

#[test]
fn a_sample_without_a_family_is_nobody_elses() {
    struct Stray;
    impl obs_core::Source for Stray {
        fn collect(&self, out: &mut dyn obs_core::source::Collector) {
            out.sample(&[("stray", "x")], obs_core::source::Value::Integer(1));
        }
    }
    for format in FORMATS {
        let metrics = metrics();
        metrics.add_source(Arc::new(Stray));
        let text = metrics.render(format);
        Exposition::parse(&text, format);
        assert!(!text.contains("stray"), "{text}");
    }
}
