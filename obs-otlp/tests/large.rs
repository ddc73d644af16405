//! Rounds that are larger than what may wait: they leave one request after the other.

mod common;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use common::numbers::{label, requests, sums, target};
use common::{assert_conserved, sample, service};
use obs_core::Source;
use obs_core::source::{Collector, Family, Kind, Value};
use obs_otlp::{ExportSettings, Exporter, TemporalityPreference};
use obs_testing::{Fault, OK, Scripted, faulty};
use opentelemetry_proto::tonic::metrics::v1::number_data_point::Value as Number;

const SECONDS: Duration = Duration::from_secs(60);
const DEFAULT: usize = 16 << 20;
const SMALLEST: usize = 64 << 10;

/// Counters, each as far as all others.
struct Store {
    series: usize,
    at: AtomicU64,
    /// Of one more gauge.
    label: String,
}

impl Store {
    fn new(series: usize) -> Arc<Self> {
        Arc::new(Self { series, at: AtomicU64::new(1), label: String::new() })
    }
}

impl Source for Store {
    fn collect(&self, out: &mut dyn Collector) {
        let value = self.at.load(Ordering::Relaxed);
        out.family(&Family::new("orders_total", Kind::Counter, "Orders placed."));
        let product =
            "a product whose name is about as long as they come in a shop, colour and size";
        for index in 0..self.series {
            let id = index.to_string();
            let labels = [
                ("id", id.as_str()),
                ("product", product),
                ("shop", "the shop of the north, in the street behind the station"),
                ("payment", "invoice"),
            ];
            out.sample(&labels, Value::Integer(value));
        }
        if !self.label.is_empty() {
            out.family(&Family::new("notes", Kind::Gauge, "Notes."));
            out.sample(&[("note", &self.label)], Value::Integer(1));
        }
    }
}

fn start(
    port: u16,
    store: &Arc<Store>,
    queue_bytes: usize,
    temporality: TemporalityPreference,
) -> Exporter {
    let mut target = target(port);
    target.temporality = temporality;
    let settings =
        ExportSettings { metrics: Some(target), queue_bytes, ..ExportSettings::default() };
    let exporter = Exporter::start(&settings, &service(), None);
    let source = Arc::downgrade(store);
    exporter.read_metrics(source);
    exporter
}

/// What a collector got: per series, the value of each point.
fn got(peer: &Scripted) -> HashMap<String, Vec<i64>> {
    let mut all: HashMap<_, Vec<_>> = HashMap::new();
    for point in requests(peer).iter().flat_map(|request| sums(request, "orders_total")) {
        if let Some(Number::AsInt(value)) = point.value {
            all.entry(label(&point.attributes, "id")).or_default().push(value);
        }
    }
    all
}

#[test]
fn a_large_round_arrives_whole() {
    use TemporalityPreference::{Cumulative, Delta};
    for (series, queue_bytes, temporality) in [
        (20_000, DEFAULT, Cumulative),
        (20_000, DEFAULT, Delta),
        (20_000, SMALLEST, Cumulative),
        // As many as there is room for to make differences with.
        (150, SMALLEST, Delta),
    ] {
        let peer = Scripted::new(&[OK]);
        let store = Store::new(series);
        let exporter = start(peer.port, &store, queue_bytes, temporality);
        let first = exporter.flush(SECONDS).metrics;
        assert_eq!((first.written, first.dropped), (series as u64, 0), "{queue_bytes}");
        store.at.store(5, Ordering::Relaxed);
        let end = exporter.shutdown(SECONDS).metrics;
        assert_conserved(end, 2 * series as u64);
        assert_eq!(end.dropped, 0, "{queue_bytes}");
        let got = got(&peer);
        assert_eq!(got.len(), series);
        let expected = if temporality == Delta { [1, 4] } else { [1, 5] };
        assert!(got.values().all(|values| *values == expected), "{queue_bytes}");
    }
}

#[test]
fn only_what_is_larger_than_the_bound_is_lost() {
    let peer = Scripted::new(&[OK]);
    let store =
        Arc::new(Store { series: 1000, at: AtomicU64::new(1), label: "n".repeat(SMALLEST) });
    let exporter = start(peer.port, &store, SMALLEST, TemporalityPreference::Cumulative);
    let end = exporter.shutdown(SECONDS).metrics;
    assert_eq!((end.accepted, end.written, end.dropped), (1001, 1000, 1));
    assert_eq!(sample(&exporter, "obs_export_dropped_total metrics queue_full"), 1);
    assert_eq!(got(&peer).len(), 1000);
}

#[test]
fn the_end_of_a_large_round_is_the_deadline_and_all_of_it_is_counted() {
    for fault in [Fault::NeverAnswers, Fault::Refuses] {
        let store = Store::new(20_000);
        let exporter = start(faulty(fault), &store, SMALLEST, TemporalityPreference::Cumulative);
        let began = Instant::now();
        let end = exporter.shutdown(Duration::from_millis(700)).metrics;
        assert!(began.elapsed() < Duration::from_millis(1500), "{:?}", began.elapsed());
        assert_conserved(end, 20_000);
        assert_eq!(end.written, 0);
    }
}
