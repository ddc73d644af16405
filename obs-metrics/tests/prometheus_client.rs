//! A registry of prometheus-client, as every format and the real Prometheus have it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests, outside of #[test]")]

mod harness;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::SystemTime;

use harness::prometheus::Prometheus;
use harness::target::Target;
use harness::{Exposition, metrics};
use obs_metrics::interop::prometheus_client::RegistrySource;
use obs_metrics::{Format, Metrics};
use prometheus_client::encoding::{EncodeLabelSet, LabelSetEncoder};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::exemplar::{CounterWithExemplar, HistogramWithExemplars};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, NativeHistogramConfig};
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

const NASTY: &str = "q\"uote, back\\slash\nline, {größe} # 1";
const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

type Labels = Vec<(String, String)>;

fn labels(value: &str) -> Labels {
    vec![("kind".to_owned(), value.to_owned())]
}

fn registry() -> Registry {
    let mut registry = Registry::default();
    let orders = Family::<Labels, Counter>::default();
    registry.register("orders", "Orders \"placed\"", orders.clone());
    orders.get_or_create(&labels(NASTY)).inc_by(3);
    orders.get_or_create(&labels("plain")).inc_by(4);

    let depth = Gauge::<i64>::default();
    registry.register_with_unit("backlog", "Waiting", Unit::Bytes, depth.clone());
    depth.set(-5);

    registry.register("release", "This one", Info::new(labels(NASTY)));

    let traced = CounterWithExemplar::<Labels>::default();
    registry.register("traced", "With a trace", traced.clone());
    let trace = vec![("trace_id".to_owned(), TRACE.to_owned())];
    traced.inc_by(2, Some(trace.clone()), Some(SystemTime::now()));

    let waits = HistogramWithExemplars::<Labels>::new([0.1, 1.0].into_iter());
    registry.register_with_unit("waits", "Waits", Unit::Seconds, waits.clone());
    for (value, trace) in [(0.05, None), (0.5, Some(trace)), (7.0, None)] {
        waits.observe(value, trace, None);
    }

    let native = Histogram::new_native(NativeHistogramConfig::with_schema(2));
    registry.register("native_only", "No classic buckets", native.clone());
    let both = Histogram::new_classic_and_native([1.0], NativeHistogramConfig::with_schema(2));
    registry.register("both", "Both", both.clone());
    for value in [0.3, 0.4, 2.0, 9.0] {
        native.observe(value);
        both.observe(value);
    }

    // One family, though it is registered twice.
    for part in ["a", "b"] {
        let label = (Cow::from("part"), Cow::from(part));
        let jobs = Counter::<u64>::default();
        registry.sub_registry_with_label(label).register("jobs", "Jobs", jobs.clone());
        jobs.inc();
    }
    registry
}

fn service() -> Arc<Metrics> {
    let metrics = metrics();
    metrics.add_source(Arc::new(RegistrySource::new(Arc::new(registry()))));
    metrics
}

#[test]
fn every_format_has_what_the_registry_has() {
    let metrics = service();
    for format in [Format::Text, Format::OpenMetrics] {
        let seen = Exposition::parse(&metrics.render(format), format);
        assert_eq!(seen.value("orders_total", &[("kind", NASTY)]), 3.0);
        assert_eq!(seen.value("orders_total", &[("kind", "plain")]), 4.0);
        assert_eq!(seen.value("backlog_bytes", &[]), -5.0);
        assert_eq!(seen.value("release_info", &[("kind", NASTY)]), 1.0);
        assert_eq!(seen.value("waits_seconds_bucket", &[("le", "0.1")]), 1.0);
        assert_eq!(seen.value("waits_seconds_bucket", &[("le", "1.0")]), 2.0);
        assert_eq!(seen.value("waits_seconds_bucket", &[("le", "+Inf")]), 3.0);
        assert_eq!(seen.of("waits_seconds_bucket").count(), 3);
        assert_eq!(seen.value("waits_seconds_sum", &[]), 7.55);
        assert_eq!(seen.value("native_only_bucket", &[("le", "+Inf")]), 4.0);
        assert_eq!(seen.value("native_only_count", &[]), 4.0);
        assert_eq!(seen.value("both_bucket", &[("le", "1.0")]), 2.0);
        for part in ["a", "b"] {
            assert_eq!(seen.value("jobs_total", &[("part", part)]), 1.0);
        }
        assert_eq!(seen.sum("obs_series_dropped_total"), 0.0);
        if format == Format::OpenMetrics {
            let traces = seen.exemplars.iter().map(|((name, _), one)| {
                assert_eq!(one.labels["trace_id"], TRACE);
                (name.as_str(), one.value, one.at > 0.0)
            });
            let traces: Vec<_> = traces.collect();
            assert_eq!(traces, [("traced_total", 2.0, true), ("waits_seconds_bucket", 0.5, false)]);
            assert!(seen.get("native_only_created", &[]).unwrap() > 1e9);
        }
    }
}

#[cfg(feature = "native-histograms")]
#[test]
fn native_histograms_stay_native() {
    let mut bytes = Vec::new();
    let representation = obs_metrics::Representation::PROTOBUF;
    service().scrape(representation, &mut |chunk| bytes.extend_from_slice(&chunk));
    let (seen, natives) = harness::protobuf::parse(&bytes);
    assert_eq!(seen.value("orders_total", &[("kind", NASTY)]), 3.0);
    for name in ["native_only", "both"] {
        let native = &natives[&(name.to_owned(), BTreeMap::new())];
        // The bucket i ends at 2^(i/4).
        let buckets = [0.3_f64, 0.4, 2.0, 9.0].map(|value| ((value.log2() * 4.0).ceil() as i64, 1));
        assert_eq!((native.schema, &native.buckets), (2, &BTreeMap::from(buckets)), "{name}");
    }
    assert_eq!(natives.len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn prometheus_reads_a_registry_in_every_format() {
    let target = Target::serve(service()).await;
    let test = "prometheus_reads_a_registry_in_every_format";
    for flag in ["exemplar-storage", "exemplar-storage,native-histograms"] {
        let flag = format!("--enable-feature={flag}");
        let jobs = ["/text", "/metrics"];
        let Some(prometheus) = Prometheus::start(test, &[&flag], &target, &jobs).await else {
            return;
        };
        for job in ["text", "metrics"] {
            prometheus.wait_until_up(job).await;
            let orders = prometheus.query(&format!("orders_total{{job=\"{job}\"}}")).await;
            let orders: BTreeMap<_, _> = orders
                .iter()
                .map(|((_, labels), count)| (labels["kind"].as_str(), *count))
                .collect();
            assert_eq!(orders, BTreeMap::from([(NASTY, 3.0), ("plain", 4.0)]), "{job}");
        }
        let exemplars = prometheus.exemplars("traced_total").await;
        assert!(exemplars.values().any(|one| one.labels["trace_id"] == TRACE));
    }
}

#[test]
fn a_label_set_that_fails_to_encode_costs_its_registry_only() {
    #[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
    struct Broken;
    impl EncodeLabelSet for Broken {
        fn encode(&self, _: &mut LabelSetEncoder<'_>) -> Result<(), std::fmt::Error> {
            Err(std::fmt::Error)
        }
    }
    let mut registry = Registry::default();
    let orders = Family::<Broken, Counter>::default();
    registry.register("orders", "Orders", orders.clone());
    orders.get_or_create(&Broken).inc();
    let metrics = service();
    metrics.add_source(Arc::new(RegistrySource::new(Arc::new(registry))));
    for scrapes in 1..3 {
        let seen = harness::seen(&metrics);
        assert_eq!(seen.value("obs_registry_errors_total", &[]), f64::from(scrapes));
        assert_eq!(seen.value("orders_total", &[("kind", "plain")]), 4.0);
    }
}

#[test]
fn a_label_that_no_format_can_carry_is_not_exported_as_a_zero() {
    use obs_core::source::{Collector, Source, Value};
    struct Export(Vec<f64>);
    impl Collector for Export {
        fn family(&mut self, _: &obs_core::source::Family<'_>) {}
        fn sample(&mut self, labels: &[(&str, &str)], value: Value<'_>) {
            if let (true, Value::Float(value)) = (labels.contains(&("not-a-name", "x")), value) {
                self.0.push(value);
            } else {
                assert!(!labels.contains(&("not-a-name", "x")), "{value:?}");
            }
        }
    }
    let mut registry = Registry::default();
    let orders = Family::<Labels, Counter>::default();
    registry.register("orders", "Orders", orders.clone());
    orders.get_or_create(&vec![("not-a-name".to_owned(), "x".to_owned())]).inc_by(3);
    let source = Arc::new(RegistrySource::new(Arc::new(registry)));
    let mut export = Export(Vec::new());
    source.collect(&mut export);
    assert_eq!(export.0, [3.0], "whoever reads the labels leaves it out");
    let metrics = metrics();
    metrics.add_source(source);
    let mut export = Export(Vec::new());
    metrics.collect(&mut export);
    assert!(export.0.is_empty());
    let seen = harness::seen(&metrics);
    assert_eq!(seen.value("obs_series_dropped_total", &[("family", "orders_total")]), 2.0);
}
