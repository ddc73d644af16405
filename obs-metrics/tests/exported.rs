//! What another way out of the process gets is what a scrape shows.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests, outside of #[test]")]

mod harness;

use std::collections::BTreeMap;
use std::sync::Arc;

use harness::{Exposition, Number, Shown, Sources, metrics};
use obs_core::ServiceIdentity;
use obs_core::source::{Collector, Family, Kind, LabelSet, Source, Value};
use obs_metrics::{
    Definition, FamilyNaming, Format, Metrics, MetricsSettings, Naming, order_created,
};

type Labels = Vec<(String, String)>;

/// What it is shown: family and labels, with an integer or nothing.
#[derive(Default)]
struct Export {
    family: String,
    samples: BTreeMap<(String, Labels), Option<u64>>,
}

impl Export {
    fn of(source: &dyn Source) -> Self {
        let mut export = Self::default();
        source.collect(&mut export);
        export
    }

    fn of_family(&self, name: &str) -> Vec<(Labels, Option<u64>)> {
        let samples = self.samples.iter().filter(|((family, _), _)| family == name);
        samples.map(|((_, labels), value)| (labels.clone(), *value)).collect()
    }

    fn value(&self, name: &str) -> Option<u64> {
        self.samples.get(&(name.to_owned(), Vec::new())).copied().flatten()
    }
}

impl Collector for Export {
    fn family(&mut self, family: &Family<'_>) {
        family.name.clone_into(&mut self.family);
    }

    fn sample(&mut self, labels: &[(&str, &str)], value: Value<'_>) {
        let labels = labels.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let value = match value {
            Value::Integer(value) => Some(value),
            _ => None,
        };
        let before = self.samples.insert((self.family.clone(), labels.collect()), value);
        assert_eq!(before, None, "{} twice", self.family);
    }
}

/// The first of two families, and then a panic.
struct Faulty;

impl Source for Faulty {
    fn collect(&self, out: &mut dyn Collector) {
        out.family(&Family::new("whole", Kind::Gauge, "Fine."));
        out.sample(&[], Value::Integer(1));
        panic!("a fault of the application's");
    }
}

fn one(name: &str) -> Shown {
    Shown::new(name, Kind::Gauge, "Fine.").with(&[], Number::Integer(7))
}

#[test]
fn a_source_that_panics_does_not_end_the_walk_and_is_counted() {
    let metrics = metrics();
    metrics.add_source(Arc::new(Faulty));
    metrics.add_source(Arc::new(Sources(vec![one("after")])));
    for panics in 1..3 {
        let export = Export::of(&*metrics);
        assert_eq!(export.value("whole"), Some(1));
        assert_eq!(export.value("after"), Some(7));
        assert_eq!(export.value("obs_source_panics_total"), Some(panics));
    }
    let seen = harness::seen(&metrics);
    assert_eq!(seen.value("obs_source_panics_total", &[]), 3.0);
}

/// With what no format can carry, one source or one for each family.
fn with_bad(apart: bool) -> Arc<Metrics> {
    let metrics = metrics();
    let bad = harness::shown::bad().into_iter().map(|(shown, _)| shown);
    if apart {
        bad.for_each(|shown| metrics.add_source(Arc::new(Sources(vec![shown]))));
    } else {
        metrics.add_source(Arc::new(Sources(bad.collect())));
    }
    metrics
}

#[test]
fn what_a_scrape_leaves_out_is_not_exported_and_counted() {
    for apart in [false, true] {
        let metrics = with_bad(apart);
        let export = Export::of(&*metrics);
        let mut fit = BTreeMap::new();
        for (shown, dropped) in harness::shown::bad() {
            *fit.entry(shown.name.clone()).or_insert(0) += shown.samples.len() as u64 - dropped;
        }
        for (family, fit) in fit {
            // Two have the names of our own.
            if !["http_requests_total", "obs_series_dropped_total"].contains(&&*family) {
                assert_eq!(export.of_family(&family).len() as u64, fit, "{family}");
            }
        }
        let fine = |value: &str| vec![("a".to_owned(), value.to_owned())];
        let labels = |name| {
            let found = export.of_family(name);
            found.into_iter().map(|(labels, _)| labels).collect::<Vec<_>>()
        };
        assert_eq!(labels("bad_counts_total"), [fine("fine")]);
        assert_eq!(labels("bad_buckets"), [fine("fine")]);
        assert_eq!(labels("bad_label_names"), [[("fine".to_owned(), "x".to_owned())]]);
        // All is counted as a scrape of the same counts it.
        let scraped = with_bad(apart);
        let seen = Exposition::parse(&scraped.render(Format::Text), Format::Text);
        let counted = export.of_family("obs_series_dropped_total");
        assert!(counted.len() > 10, "{counted:?}");
        assert_eq!(counted.len(), seen.of("obs_series_dropped_total").count());
        for (labels, count) in counted {
            let family = [("family", labels[0].1.as_str())];
            let scraped = seen.value("obs_series_dropped_total", &family);
            assert_eq!(count.map(|count| count as f64), Some(scraped), "{labels:?}");
        }
    }
}

/// The unit of each family, in UCUM, as OTLP sends it.
#[derive(Default)]
struct Units(BTreeMap<String, String>);

impl Units {
    fn of(source: &dyn Source) -> Self {
        let mut units = Self::default();
        source.collect(&mut units);
        units
    }
}

impl Collector for Units {
    fn family(&mut self, family: &Family<'_>) {
        self.0.insert(family.name.to_owned(), family.ucum_unit().into_owned());
    }
    fn sample(&mut self, _: &[(&str, &str)], _: Value<'_>) {}
}

#[test]
fn a_declared_unit_reaches_every_output() {
    struct Own;
    impl Source for Own {
        fn collect(&self, out: &mut dyn Collector) {
            for (name, unit) in
                [("own_bdt", "bdt"), ("own_wait_seconds", ""), ("own_size", "bytes"), ("own", "")]
            {
                out.family(&Family::new(name, Kind::Gauge, "Own.").with_unit(unit));
                out.sample(&[], Value::Integer(1));
            }
        }
    }
    let metrics = metrics();
    metrics.add_source(Arc::new(Own));
    let definition = |name| Definition::new(name, "Money.").unit("bdt");
    // Protobuf leaves families without samples out.
    metrics.http().record("GET", "/orders", 200, std::time::Duration::from_millis(5));
    let balance = metrics.families().gauge::<()>(definition("balance_bdt")).unwrap();
    balance.set((), 5.0);
    let paid = metrics.families().counter::<()>(definition("paid_bdt_total")).unwrap();
    paid.inc(());

    let units = Units::of(&*metrics).0;
    for (name, unit) in [
        ("balance_bdt", "{bdt}"),
        ("paid_bdt_total", "{bdt}"),
        ("own_bdt", "{bdt}"),
        ("own_wait_seconds", "s"),
        ("own_size", "By"),
        ("own", ""),
        ("http_request_duration_seconds", "s"),
        ("http_requests_total", ""),
        ("obs_scrape_encode_seconds_total", "s"),
        ("obs_scrape_bytes_total", "By"),
    ] {
        assert_eq!(units[name], unit, "{name}");
    }
    let text = metrics.render(Format::OpenMetrics);
    let seen = Exposition::parse(&text, Format::OpenMetrics);
    let check = |units: &BTreeMap<String, String>, total: &str, of: &str| {
        for (name, unit) in [
            ("balance_bdt", Some("bdt")),
            (&*format!("paid_bdt{total}"), Some("bdt")),
            ("own_bdt", Some("bdt")),
            ("own_wait_seconds", Some("seconds")),
            ("own_size", None),
            ("own", None),
            ("http_request_duration_seconds", Some("seconds")),
        ] {
            let found = units.get(name).map(String::as_str).filter(|unit| !unit.is_empty());
            assert_eq!(found, unit, "{of}: {name}");
        }
    };
    check(&seen.unit, "", "OpenMetrics");
    #[cfg(feature = "native-histograms")]
    {
        let mut bytes = Vec::new();
        let representation = obs_metrics::Representation::PROTOBUF;
        metrics.scrape(representation, &mut |chunk| bytes.extend_from_slice(&chunk));
        check(&harness::protobuf::parse(&bytes).0.unit, "_total", "protobuf");
    }
}

#[test]
fn a_built_in_family_keeps_its_unit_under_another_name() {
    let naming = Naming::default()
        .currency("eur")
        .family("http_request_duration_seconds", FamilyNaming::new().name("latency"))
        .family("order_value", FamilyNaming::new().name("turnover"))
        .family("calc_duration_seconds", FamilyNaming::new().name("calc").on());
    let mut settings = MetricsSettings::default();
    settings.naming = naming;
    let metrics = Metrics::new(&settings, &ServiceIdentity::default());
    order_created!(handle: metrics, "b2b", "card", 1250);
    let units = Units::of(&metrics).0;
    for (name, unit) in [("latency", "s"), ("turnover", "{eur}"), ("calc", "s")] {
        assert_eq!(units[name], unit, "{name}");
    }
    let seen = Exposition::parse(&metrics.render(Format::OpenMetrics), Format::OpenMetrics);
    assert!(["latency", "turnover", "calc"].iter().all(|name| !seen.unit.contains_key(*name)));
}

#[test]
fn a_sample_keeps_all_that_is_known_of_it() {
    struct Exemplars(usize);
    impl Collector for Exemplars {
        fn family(&mut self, _: &Family<'_>) {}
        fn sample(&mut self, _: &[(&str, &str)], _: Value<'_>) {}
        fn series(&mut self, labels: &LabelSet, sample: &obs_core::source::Sample<'_>) {
            if labels.text() == "a=\"22\"" {
                assert!(sample.created.is_some());
                self.0 += 1;
            }
        }
    }
    let metrics = metrics();
    let created = Some(std::time::Duration::from_secs(5));
    let jobs = Shown::new("done_total", Kind::Counter, "Done.")
        .with(&[("a", "22")], Number::Integer(1))
        .extras(harness::Extras { created, ..harness::Extras::default() });
    metrics.add_source(Arc::new(Sources(vec![jobs])));
    let mut found = Exemplars(0);
    metrics.collect(&mut found);
    assert_eq!(found.0, 1);
}
