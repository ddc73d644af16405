//! Which request stands for the others of its bucket.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

mod harness;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use harness::prometheus::Prometheus;
use harness::target::Target;
use harness::{End, Traffic, metrics};
use obs_core::source::{Collector, Exemplar, Family, LabelSet, Sample, Source, Value};
use obs_core::{ServiceIdentity, SpanId, TraceContext, TraceFlags, TraceId};
use obs_metrics::{Metrics, MetricsSettings, Naming, Preset};

/// Exemplars of the durations, by status.
#[derive(Default)]
struct Seen {
    family: String,
    exemplars: BTreeMap<String, Vec<Exemplar>>,
    created: Vec<Option<Duration>>,
}

impl Collector for Seen {
    fn family(&mut self, family: &Family<'_>) {
        self.family = family.name.to_owned();
    }

    fn sample(&mut self, _: &[(&str, &str)], _: Value<'_>) {}

    fn series(&mut self, labels: &LabelSet, sample: &Sample<'_>) {
        if self.family == "http_request_duration_seconds" {
            let status = labels.pairs().find(|(name, _)| *name == "status_code");
            let status = status.map(|(_, value)| value.into_owned()).unwrap_or_default();
            self.exemplars.insert(status, sample.exemplars.to_vec());
            self.created.push(sample.created);
        }
    }
}

fn seen(metrics: &Metrics) -> Seen {
    let mut seen = Seen::default();
    metrics.http().collect(&mut seen);
    seen
}

/// The only exemplar of a status.
fn only(metrics: &Metrics, status: &str) -> Exemplar {
    match &seen(metrics).exemplars[status][..] {
        [one] => one.clone(),
        other => panic!("{other:?}"),
    }
}

fn trace(number: u64, sampled: bool) -> TraceContext {
    TraceContext {
        trace_id: TraceId::from_u128(number.into()).unwrap(),
        span_id: SpanId::from_u64(number).unwrap(),
        parent: None,
        flags: TraceFlags::RANDOM.with_sampled(sampled),
    }
}

struct Service {
    metrics: Arc<Metrics>,
    traffic: Traffic,
    route: Arc<str>,
}

impl Service {
    fn new() -> Self {
        let metrics = metrics();
        let traffic = Traffic::new(metrics.http());
        Self { metrics, traffic, route: "/orders".into() }
    }

    /// A request that ends after `millis`; its id.
    fn request(&self, trace: Option<TraceContext>, status: u16, millis: u64) -> String {
        let request = self.traffic.begin("GET", Some(&self.route));
        let context = request.context().unwrap();
        let id = context.request_id().to_string();
        if let Some(trace) = trace {
            context.set_trace(trace);
        }
        self.traffic.end(request, status, Duration::from_millis(millis), End::Complete);
        id
    }

    /// Nothing happens for a while.
    fn pass(&self, time: Duration) {
        self.traffic.advance(time);
    }
}

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn it_leads_to_the_trace_and_to_the_log() {
    let service = Service::new();
    let id = service.request(Some(trace(0xabc, true)), 200, 7);
    let exemplar = only(&service.metrics, "200");
    let expected = [
        ("trace_id", "00000000000000000000000000000abc".into()),
        ("span_id", "0000000000000abc".into()),
        ("request_id", id.into()),
    ];
    assert!(exemplar.labels.pairs().eq(expected), "{}", exemplar.labels.text());
    assert_eq!((exemplar.bucket, exemplar.value), (4, 0.007), "of 5 to 10 ms");
}

#[test]
fn at_most_one_is_written_per_bucket_scrape_and_second() {
    let service = Service::new();
    let first = service.request(Some(trace(1, true)), 200, 1);
    for number in 2..100 {
        service.request(Some(trace(number, true)), 200, 1);
    }
    let id = |exemplar: Exemplar| exemplar.labels.pairs().last().unwrap().1.into_owned();
    assert_eq!(id(only(&service.metrics, "200")), first);
    service.request(Some(trace(99, true)), 200, 1);
    assert_eq!(id(only(&service.metrics, "200")), first, "in the same second, after a scrape");

    service.pass(SECOND);
    let next = service.request(Some(trace(100, true)), 200, 1);
    assert_eq!(id(only(&service.metrics, "200")), next);
}

#[test]
fn slow_and_failed_requests_are_not_displaced_by_common_ones() {
    let service = Service::new();
    service.request(Some(trace(1, true)), 200, 900);
    service.request(Some(trace(2, true)), 503, 1);
    for number in 3..50 {
        service.pass(SECOND);
        service.request(Some(trace(number, true)), 200, 1);
    }
    let seen = seen(&service.metrics);
    let values = |status: &str| -> Vec<f64> {
        seen.exemplars[status].iter().map(|exemplar| exemplar.value).collect()
    };
    assert_eq!(values("200"), [0.001, 0.9]);
    assert_eq!(values("503"), [0.001]);
}

#[test]
fn a_trace_that_is_kept_is_preferred_for_four_scrapes() {
    let service = Service::new();
    service.request(Some(trace(1, true)), 200, 1);
    let has_trace = || only(&service.metrics, "200").labels.text().contains("trace_id");
    for _ in 0..4 {
        service.pass(SECOND);
        service.request(Some(trace(2, false)), 200, 1);
        assert!(has_trace());
    }
    service.pass(SECOND);
    let id = service.request(Some(trace(2, false)), 200, 1);
    let labels = only(&service.metrics, "200").labels;
    assert_eq!(labels.text(), format!("request_id=\"{id}\""), "a trace nobody keeps leads nowhere");
    service.pass(SECOND);
    service.request(Some(trace(3, true)), 200, 1);
    assert!(has_trace(), "at once");
}

#[test]
fn a_series_counts_since_its_first_request_began() {
    let service = Service::new();
    let clock = service.traffic.lifecycle.clock();
    service.pass(SECOND * 5);
    let began = clock.unix(clock.now());
    service.request(None, 200, 300);
    service.pass(SECOND);
    service.request(None, 200, 300);
    assert_eq!(seen(&service.metrics).created, [Some(began)]);
}

/// Scraped by the real Prometheus, with the features named.
async fn scraped(test: &str, service: &Service, features: &str) -> Option<(Prometheus, Target)> {
    let target = Target::serve(Arc::clone(&service.metrics)).await;
    let flag = format!("--enable-feature={features}");
    let prometheus = Prometheus::start(test, &[&flag], &target, &["/metrics"]).await?;
    prometheus.wait_until_up("metrics").await;
    Some((prometheus, target))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn prometheus_leads_from_a_slow_request_to_its_trace() {
    let service = Service::new();
    for number in 1..20 {
        service.request(Some(trace(number, true)), 200, 1);
    }
    let slow = service.request(Some(trace(0xbeef, true)), 200, 700);
    let failed = service.request(Some(trace(0xdead, true)), 503, 3);
    let test = "prometheus_leads_from_a_slow_request_to_its_trace";
    let Some((prometheus, _target)) = scraped(test, &service, "exemplar-storage").await else {
        return;
    };
    for (series, id, trace_id, seconds) in [
        (r#"{status_code="200",le="1.0"}"#, slow, "0000000000000000000000000000beef", 0.7),
        (r#"{status_code="503"}"#, failed, "0000000000000000000000000000dead", 0.003),
    ] {
        let query = format!("http_request_duration_seconds_bucket{series}");
        let found = prometheus.exemplars(&query).await;
        let [found] = &found.values().collect::<Vec<_>>()[..] else { panic!("{query}: {found:?}") };
        assert_eq!(found.labels["trace_id"], trace_id);
        assert_eq!((&found.labels["request_id"], found.value), (&id, seconds));
    }
}

/// A native bucket is 2^(1/8) wide: what is read back is at most 9 % above the truth.
#[cfg(feature = "native-histograms")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn prometheus_reads_the_quantiles_that_were_driven() {
    let service = Service::new();
    // 3, 6, 9, … 3000 ms.
    for number in 1..=1000 {
        service.request(None, 200, number * 3);
    }
    let test = "prometheus_reads_the_quantiles_that_were_driven";
    let features = "exemplar-storage,native-histograms";
    let Some((prometheus, _target)) = scraped(test, &service, features).await else { return };
    let value = async |query: &str| -> f64 {
        let found: Vec<f64> = prometheus.query(query).await.into_values().collect();
        let [value] = found[..] else { panic!("{query}: {found:?}") };
        value
    };
    assert_eq!(value("histogram_count(http_request_duration_seconds)").await, 1000.0);
    assert!((value("histogram_sum(http_request_duration_seconds)").await - 1501.5).abs() < 1e-6);
    for quantile in [0.5, 0.9, 0.95, 0.99] {
        let query = format!("histogram_quantile({quantile}, http_request_duration_seconds)");
        let (seen, driven) = (value(&query).await, 3.0 * quantile);
        assert!((seen / driven - 1.0).abs() < 0.09, "{query}: {seen}, driven {driven}");
    }
}

#[test]
fn only_a_scrape_takes_note_of_an_exemplar() {
    let service = Service::new();
    service.request(Some(trace(1, true)), 200, 1);
    for _ in 0..10 {
        let _ = service.metrics.http().report();
    }
    service.pass(SECOND);
    service.request(Some(trace(2, true)), 200, 1);
    let ids = only(&service.metrics, "200").labels;
    assert!(ids.text().contains("00000001\""), "the first has not been shown yet: {}", ids.text());
}

#[test]
fn where_the_status_is_no_label_failed_requests_come_first() {
    let mut settings = MetricsSettings::default();
    settings.naming = Naming::preset(Preset::Ahsp);
    let metrics = Arc::new(Metrics::new(&settings, &ServiceIdentity::default()));
    let traffic = Traffic::new(metrics.http());
    let service = Service { metrics, traffic, route: "/orders".into() };
    service.request(Some(trace(1, true)), 503, 1);
    service.request(Some(trace(2, true)), 200, 1);
    let [ref one] = seen(&service.metrics).exemplars[""][..] else { panic!("not one") };
    assert!(one.labels.text().contains("00000001\""), "{}", one.labels.text());
}
