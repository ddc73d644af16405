//! Exemplars, creation times and native histograms, as the real Prometheus reads them.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests, outside of #[test]")]

mod harness;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use harness::prometheus::Prometheus;
use harness::target::Target;
use harness::{Extras, Native, Number, Shown, Sources};
use obs_core::source::{Exemplar, Kind, LabelSet};
use obs_metrics::{Format, Metrics, Representation};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
/// Nothing to escape: Prometheus' reader of OpenMetrics keeps the backslashes of an exemplar's.
const REQUEST: &str = "größe {1, 2} # 3";
/// Buckets of `2^(1/4)` from 2^-4 on, with a gap.
const COUNTS: [u64; 8] = [3, 0, 40, 12, 0, 0, 0, 5];
const NATIVE_FIRST: i32 = -15;

fn now() -> Duration {
    // As exactly as Prometheus keeps it.
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    Duration::from_millis(now.as_millis() as u64)
}

fn exemplar(bucket: usize, value: f64, at: Duration) -> Exemplar {
    let labels = [("trace_id", TRACE), ("request_id", REQUEST)];
    Exemplar { bucket, labels: LabelSet::new(&labels).unwrap(), value, at }
}

/// A counter and a histogram with all there is.
fn service(at: Duration) -> Arc<Metrics> {
    let metrics = harness::metrics();
    let extras = |exemplars, native| Extras { created: Some(at), exemplars, native };
    let native = Native {
        schema: 2,
        zero_threshold: 1e-9,
        zero_count: 2,
        offset: NATIVE_FIRST,
        counts: COUNTS.to_vec(),
    };
    let too_long = Exemplar {
        labels: LabelSet::new(&[("trace_id", &*"x".repeat(121))]).unwrap(),
        ..exemplar(0, 0.01, at)
    };
    metrics.add_source(Arc::new(Sources(vec![
        Shown::new("jobs_total", Kind::Counter, "Jobs.")
            .with(&[("queue", "mail")], Number::Integer(7))
            .extras(extras(vec![exemplar(0, 1.5, at)], None)),
        Shown::new("waits_seconds", Kind::Histogram, "Waits.")
            .with(&[("queue", "mail")], Number::Histogram(vec![0.05, 0.25], vec![2, 55, 5], 9.5))
            .extras(extras(vec![exemplar(1, 0.12, at), too_long], Some(native))),
    ])));
    metrics
}

async fn scraped(test: &str, features: &str, at: Duration) -> Option<(Prometheus, Target)> {
    let target = Target::serve(service(at)).await;
    let flag = format!("--enable-feature={features}");
    let prometheus = Prometheus::start(test, &[&flag], &target, &["/metrics"]).await?;
    prometheus.wait_until_up("metrics").await;
    Some((prometheus, target))
}

async fn values(prometheus: &Prometheus, query: &str) -> Vec<f64> {
    prometheus.query(query).await.into_values().collect()
}

async fn assert_exemplar(prometheus: &Prometheus, series: &str, value: f64, at: Duration) {
    let found = prometheus.exemplars(series).await;
    let [found] = &found.values().collect::<Vec<_>>()[..] else { panic!("{series}: {found:?}") };
    let expected = [("trace_id", TRACE), ("request_id", REQUEST)];
    let expected: BTreeMap<_, _> =
        expected.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    assert_eq!((&found.labels, found.value), (&expected, value), "{series}");
    assert!((found.at - at.as_secs_f64()).abs() < 0.001, "{series}: {} {at:?}", found.at);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn prometheus_stores_the_exemplars_of_open_metrics() {
    let at = now();
    let test = "prometheus_stores_the_exemplars_of_open_metrics";
    let Some((prometheus, target)) = scraped(test, "exemplar-storage", at).await else { return };
    assert_eq!(target.served("/metrics"), [Representation::from(Format::OpenMetrics).gzip()]);
    assert_exemplar(&prometheus, "jobs_total", 1.5, at).await;
    assert_exemplar(&prometheus, "waits_seconds_bucket", 0.12, at).await;
    for name in ["jobs_created", "waits_seconds_created"] {
        assert_eq!(values(&prometheus, name).await, [at.as_secs_f64()], "{name}");
    }
}

#[cfg(feature = "native-histograms")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn prometheus_reads_native_histograms() {
    let at = now();
    let test = "prometheus_reads_native_histograms";
    let features = "exemplar-storage,native-histograms";
    let Some((prometheus, target)) = scraped(test, features, at).await else { return };
    assert_eq!(target.served("/metrics"), [Representation::PROTOBUF.gzip()]);
    assert_exemplar(&prometheus, "jobs_total", 1.5, at).await;
    assert_exemplar(&prometheus, "waits_seconds", 0.12, at).await;
    assert_eq!(values(&prometheus, "jobs_total").await, [7.0]);

    let total = (2 + COUNTS.iter().sum::<u64>()) as f64;
    assert_eq!(values(&prometheus, "histogram_count(waits_seconds)").await, [total]);
    assert_eq!(values(&prometheus, "histogram_sum(waits_seconds)").await, [9.5]);
    for quantile in [0.04, 0.3, 0.5, 0.75, 0.9, 0.99, 1.0] {
        let query = format!("histogram_quantile({quantile}, waits_seconds)");
        let [seen] = values(&prometheus, &query).await[..] else { panic!("{query}") };
        let shown = quantile_of_shown(quantile * total);
        assert!((seen - shown).abs() < 1e-9, "{query}: {seen}, not {shown}");
    }
}

/// Where the observation of this rank is, if a bucket's are spread evenly.
#[cfg(feature = "native-histograms")]
fn quantile_of_shown(rank: f64) -> f64 {
    let end = |index: i32| 2_f64.powf(f64::from(index) / 4.0);
    let mut below = 2.0;
    for (index, count) in (NATIVE_FIRST..).zip(COUNTS.map(|count| count as f64)) {
        if rank <= below + count && count > 0.0 {
            return end(index - 1) + (end(index) - end(index - 1)) * (rank - below) / count;
        }
        below += count;
    }
    panic!("{rank} of {below}")
}
