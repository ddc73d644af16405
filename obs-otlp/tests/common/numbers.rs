//! Numbers to export, and what a collector got of them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use obs_core::Source;
use obs_core::source::{
    Collector, Exemplar, Family, Histogram, Kind, LabelSet, NativeHistogram, Sample, Value,
};
use obs_otlp::{ExportSettings, Exporter, MetricsTarget, OtlpTarget, Protocol};
use obs_testing::Scripted;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::common::v1::KeyValue;
use opentelemetry_proto::tonic::common::v1::any_value::Value as Any;
use opentelemetry_proto::tonic::metrics::v1::{Metric, NumberDataPoint, metric::Data};
use prost::Message as _;

pub(crate) const CREATED: Duration = Duration::new(1_700_000_000, 7);
pub(crate) const TRACE_ID: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
pub(crate) const SPAN_ID: &str = "00f067aa0ba902b7";

/// What a service has counted.
#[derive(Clone, Debug)]
pub(crate) struct Counted {
    /// Of `jobs_total`, one series for each.
    pub(crate) jobs: Vec<u64>,
    pub(crate) depth: f64,
    /// Of `job_duration_seconds`, with one bound.
    pub(crate) buckets: [u64; 2],
    pub(crate) sum: f64,
    pub(crate) created: Option<Duration>,
    /// Panics before the histogram is shown.
    pub(crate) panics: bool,
}

/// A source that a test turns.
pub(crate) struct Numbers(Mutex<Counted>);

impl Numbers {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self(Mutex::new(Counted {
            jobs: vec![3],
            depth: 2.5,
            buckets: [4, 1],
            sum: 1.75,
            created: Some(CREATED),
            panics: false,
        })))
    }

    pub(crate) fn turn(&self, turn: impl FnOnce(&mut Counted)) {
        turn(&mut self.0.lock().unwrap());
    }
}

impl Source for Numbers {
    fn collect(&self, out: &mut dyn Collector) {
        let counted = self.0.lock().unwrap().clone();
        let Counted { jobs, depth, buckets, sum, created, panics } = counted;
        let at = CREATED + Duration::from_secs(1);
        let labels =
            LabelSet::new(&[("trace_id", TRACE_ID), ("span_id", SPAN_ID), ("request_id", "r-1")]);
        let exemplar = Exemplar { bucket: 0, labels: labels.unwrap(), value: 0.25, at };
        out.family(&Family::new("jobs_total", Kind::Counter, "Jobs done."));
        for (index, count) in jobs.iter().enumerate() {
            let labels = LabelSet::new(&[("queue", &format!("q{index}")), ("host", "a\"b")]);
            let sample = Sample { created, ..Sample::from(Value::Integer(*count)) };
            out.series(&labels.unwrap(), &sample);
        }
        out.family(&Family::new("queue_ratio", Kind::Gauge, "How full."));
        out.sample(&[("queue", "mail")], Value::Float(depth));
        assert!(!panics, "a source of a test panics");
        out.family(&Family::new("job_duration_seconds", Kind::Histogram, "How long jobs take."));
        let histogram = Histogram { bounds: &[0.5], counts: &buckets, sum };
        let native = NativeHistogram {
            schema: 0,
            zero_threshold: 0.0,
            zero_count: 0,
            offset: -1,
            counts: &buckets,
        };
        out.series(
            &LabelSet::new(&[("job", "mail")]).unwrap(),
            &Sample {
                created,
                exemplars: &[exemplar],
                native: Some(native),
                ..Sample::from(Value::Histogram(histogram))
            },
        );
    }
}

/// Read when asked only.
pub(crate) fn target(port: u16) -> MetricsTarget {
    let url = format!("http://127.0.0.1:{port}/v1/metrics");
    let mut target = MetricsTarget::new(OtlpTarget::new(url, Protocol::Http));
    target.interval = Duration::from_secs(600);
    target
}

pub(crate) fn metrics(target: MetricsTarget, numbers: &Arc<Numbers>) -> Exporter {
    let settings = ExportSettings { metrics: Some(target), ..ExportSettings::default() };
    let exporter = Exporter::start(&settings, &super::service(), None);
    let source: Weak<Numbers> = Arc::downgrade(numbers);
    exporter.read_metrics(source);
    exporter
}

/// All requests that a peer got, answered well or not.
pub(crate) fn requests(peer: &Scripted) -> Vec<ExportMetricsServiceRequest> {
    let got = peer.got();
    got.iter().map(|got| ExportMetricsServiceRequest::decode(&*got.body).unwrap()).collect()
}

/// The metrics of a request, by name.
pub(crate) fn by_name(request: &ExportMetricsServiceRequest) -> BTreeMap<String, Metric> {
    let scopes = request.resource_metrics.iter().flat_map(|resource| &resource.scope_metrics);
    let metrics = scopes.flat_map(|scope| &scope.metrics).cloned();
    metrics.map(|metric| (metric.name.clone(), metric)).collect()
}

/// The points of a counter in a request; none if it is not there.
pub(crate) fn sums(request: &ExportMetricsServiceRequest, name: &str) -> Vec<NumberDataPoint> {
    match by_name(request).remove(name).and_then(|metric| metric.data) {
        Some(Data::Sum(sum)) => sum.data_points,
        _ => Vec::new(),
    }
}

pub(crate) fn label(attributes: &[KeyValue], key: &str) -> String {
    let found = attributes.iter().find(|one| one.key == key).unwrap();
    match found.value.clone().unwrap().value.unwrap() {
        Any::StringValue(text) => text,
        other => format!("{other:?}"),
    }
}
