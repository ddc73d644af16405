//! Numbers by OTLP: what is sent, when, and what becomes of it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests, outside of #[test]")]

mod common;
#[path = "metrics/units.rs"]
mod units;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use common::numbers::{
    CREATED, Numbers, SPAN_ID, TRACE_ID, by_name, label, metrics, requests, sums, target,
};
use common::{assert_conserved, sample, service, wait_for};
use obs_core::Source;
use obs_core::source::{Collector, Family, Kind, Value};
use obs_otlp::{ExportSettings, Exporter, HistogramForm, TemporalityPreference};
use obs_testing::{Fault, OK, Scripted, faulty};
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::metrics::v1::{
    AggregationTemporality, NumberDataPoint, metric::Data, number_data_point,
};

const SECONDS: Duration = Duration::from_secs(8);

fn integer(point: &NumberDataPoint) -> i64 {
    match point.value {
        Some(number_data_point::Value::AsInt(value)) => value,
        other => panic!("{other:?}"),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn dropped(exporter: &Exporter, reason: &str) -> u64 {
    sample(exporter, &format!("obs_export_dropped_total metrics {reason}"))
}

#[test]
fn all_that_is_known_of_a_number_is_sent() {
    let peer = Scripted::new(&[OK]);
    let numbers = Numbers::new();
    let exporter = metrics(target(peer.port), &numbers);
    let end = exporter.shutdown(SECONDS);
    assert_eq!((end.metrics.accepted, end.metrics.written), (3, 3));
    let [got] = &peer.got()[..] else { panic!("once, at the end") };
    assert!(got.head.starts_with("post /v1/metrics http/1.1\r\n"), "{}", got.head);
    assert!(got.head.contains("content-type: application/x-protobuf\r\n"));
    let request = requests(&peer).remove(0);
    let resource = request.resource_metrics[0].resource.clone().unwrap();
    assert_eq!(label(&resource.attributes, "service.name"), "orders");
    assert_eq!(label(&resource.attributes, "k8s.pod.name"), "orders-1");
    assert_eq!(request.resource_metrics[0].scope_metrics[0].scope.clone().unwrap().name, "obs");

    let metrics = by_name(&request);
    let jobs = &metrics["jobs_total"];
    assert_eq!((jobs.description.as_str(), jobs.unit.as_str()), ("Jobs done.", ""));
    let Some(Data::Sum(sum)) = &jobs.data else { panic!("{jobs:?}") };
    assert!(sum.is_monotonic);
    assert_eq!(sum.aggregation_temporality(), AggregationTemporality::Cumulative);
    let [point] = &sum.data_points[..] else { panic!("{sum:?}") };
    assert_eq!(integer(point), 3);
    assert_eq!(point.start_time_unix_nano, 1_700_000_000_000_000_007);
    assert!(point.time_unix_nano > point.start_time_unix_nano);
    assert_eq!(label(&point.attributes, "host"), "a\"b");

    let ratio = &metrics["queue_ratio"];
    assert_eq!(ratio.unit, "1");
    let Some(Data::Gauge(gauge)) = &ratio.data else { panic!("{ratio:?}") };
    let point = &gauge.data_points[0];
    assert_eq!(point.value, Some(number_data_point::Value::AsDouble(2.5)));
    assert_eq!(point.start_time_unix_nano, 0, "a gauge has none");

    let duration = &metrics["job_duration_seconds"];
    assert_eq!(duration.unit, "s");
    let Some(Data::Histogram(histogram)) = &duration.data else { panic!("{duration:?}") };
    let point = &histogram.data_points[0];
    assert_eq!((point.count, point.sum), (5, Some(1.75)));
    assert_eq!((&point.bucket_counts[..], &point.explicit_bounds[..]), (&[4, 1][..], &[0.5][..]));
    let [exemplar] = &point.exemplars[..] else { panic!("{point:?}") };
    assert_eq!(hex(&exemplar.trace_id), TRACE_ID);
    assert_eq!(hex(&exemplar.span_id), SPAN_ID);
    assert_eq!(exemplar.filtered_attributes.len(), 1);
    assert_eq!(label(&exemplar.filtered_attributes, "request_id"), "r-1");
    assert_eq!(exemplar.time_unix_nano, 1_700_000_001_000_000_007);
}

#[test]
fn exponential_buckets_replace_the_others_where_asked_for() {
    let peer = Scripted::new(&[OK]);
    let numbers = Numbers::new();
    let mut target = target(peer.port);
    target.histograms = HistogramForm::Exponential;
    metrics(target, &numbers).shutdown(SECONDS);
    let duration = by_name(&requests(&peer)[0]).remove("job_duration_seconds").unwrap();
    let Some(Data::ExponentialHistogram(histogram)) = duration.data else { panic!("{duration:?}") };
    let point = &histogram.data_points[0];
    assert_eq!((point.scale, point.count, point.sum), (0, 5, Some(1.75)));
    // The first bucket ends at 2^-1: by Prometheus' count that is -1, by OpenTelemetry's -2.
    let positive = point.positive.clone().unwrap();
    assert_eq!((positive.offset, &positive.bucket_counts[..]), (-2, &[4, 1][..]));
    assert_eq!(point.exemplars.len(), 1);
}

#[test]
fn a_round_comes_with_every_interval() {
    let peer = Scripted::new(&[OK]);
    let numbers = Numbers::new();
    let mut target = target(peer.port);
    target.interval = Duration::from_millis(100);
    let exporter = metrics(target, &numbers);
    wait_for("three rounds", || peer.got().len() >= 3);
    numbers.turn(|counted| counted.jobs[0] = 8);
    exporter.shutdown(SECONDS);
    let requests = requests(&peer);
    let points: Vec<_> = requests.iter().map(|one| sums(one, "jobs_total").remove(0)).collect();
    assert!(points.windows(2).all(|two| two[0].time_unix_nano < two[1].time_unix_nano));
    assert!(points.iter().all(|one| one.start_time_unix_nano == points[0].start_time_unix_nano));
    assert_eq!(integer(&points[0]), 3);
    assert_eq!(integer(points.last().unwrap()), 8, "the last is of the end");
}

/// What a collector that took these would have of each series, and that the times of one series join.
fn added(requests: &[&ExportMetricsServiceRequest]) -> BTreeMap<String, i64> {
    let mut all = BTreeMap::new();
    let mut ends = BTreeMap::new();
    for request in requests {
        for point in sums(request, "jobs_total") {
            let queue = label(&point.attributes, "queue");
            let start = ends.insert(queue.clone(), point.time_unix_nano);
            let created = u64::try_from(CREATED.as_nanos()).unwrap();
            assert_eq!(point.start_time_unix_nano, start.unwrap_or(created), "{queue}");
            *all.entry(queue).or_default() += integer(&point);
        }
    }
    all
}

#[test]
fn differences_add_up_whatever_fails_in_between() {
    // Refused, then unavailable and tried again, then refused, then lost.
    let peer = Scripted::new(&[
        OK,
        "400 Bad Request\r\n",
        OK,
        "503 Service Unavailable\r\n",
        OK,
        "401 Unauthorized\r\n",
        "403 Forbidden\r\n",
        OK,
    ]);
    let numbers = Numbers::new();
    let mut target = target(peer.port);
    target.temporality = TemporalityPreference::Delta;
    let exporter = metrics(target, &numbers);
    let mut taken = Vec::new();
    for round in 0..7_u64 {
        numbers.turn(|counted| {
            counted.jobs.resize(usize::try_from(round / 2).unwrap() + 1, 1);
            counted.jobs.iter_mut().for_each(|count| *count += round * round);
            counted.buckets[0] += round;
            counted.sum += 0.5;
        });
        let before = exporter.counts().metrics;
        let after = exporter.flush(SECONDS).metrics;
        if after.dropped == before.dropped {
            taken.push(peer.got().len() - 1);
        }
        assert_conserved(after, after.accepted);
    }
    assert_eq!(taken, [0, 2, 4, 7], "the others were not taken");
    let requests = requests(&peer);
    let taken: Vec<_> = taken.into_iter().map(|index| &requests[index]).collect();
    let mut expected = BTreeMap::new();
    numbers.turn(|counted| {
        for (index, count) in counted.jobs.iter().enumerate() {
            expected.insert(format!("q{index}"), i64::try_from(*count).unwrap());
        }
    });
    assert_eq!(added(&taken), expected);
    let mut counts = [0, 0];
    let mut sum = 0.0;
    for request in &taken {
        let duration = by_name(request).remove("job_duration_seconds").unwrap();
        let Some(Data::Histogram(histogram)) = duration.data else { panic!("{duration:?}") };
        assert_eq!(histogram.aggregation_temporality(), AggregationTemporality::Delta);
        let point = &histogram.data_points[0];
        (counts[0], counts[1]) =
            (counts[0] + point.bucket_counts[0], counts[1] + point.bucket_counts[1]);
        sum += point.sum.unwrap();
        // The exemplar is older than all but the first of the intervals.
        let is_first = point.start_time_unix_nano == u64::try_from(CREATED.as_nanos()).unwrap();
        assert_eq!(point.exemplars.len(), usize::from(is_first));
    }
    assert_eq!((counts, sum), ([4 + 21, 1], 1.75 + 3.5));
}

#[test]
fn without_a_change_there_is_no_difference_and_after_a_reset_all_is_new() {
    let peer = Scripted::new(&[OK]);
    let numbers = Numbers::new();
    let mut target = target(peer.port);
    target.temporality = TemporalityPreference::Delta;
    let exporter = metrics(target, &numbers);
    exporter.flush(SECONDS);
    exporter.flush(SECONDS);
    numbers.turn(|counted| counted.jobs[0] = 2);
    exporter.flush(SECONDS);
    let later = CREATED + Duration::from_secs(60);
    numbers.turn(|counted| (counted.jobs[0], counted.created) = (9, Some(later)));
    exporter.shutdown(SECONDS);
    let requests = requests(&peer);
    let values: Vec<Vec<i64>> = requests
        .iter()
        .map(|request| sums(request, "jobs_total").iter().map(integer).collect())
        .collect();
    assert_eq!(values, [&[3][..], &[], &[2], &[9]]);
    assert!(by_name(&requests[1]).contains_key("queue_ratio"), "gauges are always sent");
    let points: Vec<_> = requests.iter().flat_map(|one| sums(one, "jobs_total")).collect();
    assert_eq!(points[1].start_time_unix_nano, points[0].time_unix_nano);
    assert_eq!(u128::from(points[2].start_time_unix_nano), later.as_nanos());
}

#[test]
fn low_memory_is_delta_for_histograms_only() {
    let peer = Scripted::new(&[OK]);
    let numbers = Numbers::new();
    let mut target = target(peer.port);
    target.temporality = TemporalityPreference::LowMemory;
    let exporter = metrics(target, &numbers);
    exporter.flush(SECONDS);
    exporter.shutdown(SECONDS);
    let last = by_name(&requests(&peer)[1]);
    let Some(Data::Sum(sum)) = &last["jobs_total"].data else { panic!("{last:?}") };
    assert_eq!(sum.aggregation_temporality(), AggregationTemporality::Cumulative);
    assert!(!last.contains_key("job_duration_seconds"));
}

#[test]
fn what_is_rejected_is_counted_and_not_sent_again() {
    // `partial_success { rejected_data_points: 2 }`.
    let peer = Scripted::new(&[
        "200 OK\r\ncontent-type: application/x-protobuf\r\n\r\n\n\u{2}\u{8}\u{2}",
        OK,
    ]);
    let numbers = Numbers::new();
    let mut target = target(peer.port);
    target.temporality = TemporalityPreference::Delta;
    let exporter = metrics(target, &numbers);
    let first = exporter.flush(SECONDS).metrics;
    assert_eq!((first.accepted, first.written, first.dropped), (3, 1, 2));
    assert_eq!(dropped(&exporter, "rejected"), 2);
    exporter.shutdown(SECONDS);
    assert_eq!(sums(&requests(&peer)[1], "jobs_total"), []);
}

#[test]
fn many_series_are_many_requests_of_a_megabyte() {
    let peer = Scripted::new(&[OK]);
    let numbers = Numbers::new();
    numbers.turn(|counted| counted.jobs = (0..40_000).collect());
    let exporter = metrics(target(peer.port), &numbers);
    let end = exporter.shutdown(Duration::from_secs(30));
    assert_eq!((end.metrics.accepted, end.metrics.written), (40_002, 40_002));
    let got = peer.got();
    assert!(got.len() > 2, "{}", got.len());
    let sizes: Vec<_> = got.iter().map(|got| got.body.len()).collect();
    assert!(sizes.iter().all(|size| *size <= 1 << 20), "{sizes:?}");
    assert!(sizes[..sizes.len() - 1].iter().all(|size| *size > 1_000_000), "{sizes:?}");
    let mut all = BTreeMap::new();
    for point in requests(&peer).iter().flat_map(|request| sums(request, "jobs_total")) {
        assert_eq!(all.insert(label(&point.attributes, "queue"), integer(&point)), None);
    }
    assert_eq!(all.len(), 40_000);
    assert!(all.iter().all(|(queue, value)| *queue == format!("q{value}")));
}

#[test]
fn series_without_room_for_their_differences_are_counted() {
    let peer = Scripted::new(&[OK]);
    let numbers = Numbers::new();
    numbers.turn(|counted| counted.jobs = vec![1; 40_000]);
    let mut target = target(peer.port);
    target.temporality = TemporalityPreference::Delta;
    let settings =
        ExportSettings { metrics: Some(target), queue_bytes: 5 << 20, ..ExportSettings::default() };
    let exporter = Exporter::start(&settings, &service(), None);
    let source = Arc::downgrade(&numbers);
    exporter.read_metrics(source);
    let end = exporter.shutdown(SECONDS).metrics;
    assert_conserved(end, 40_002);
    assert!((1..40_000).contains(&end.written), "{end:?}");
    assert_eq!(dropped(&exporter, "queue_full"), end.dropped);
    let sent = requests(&peer).iter().map(|one| sums(one, "jobs_total").len()).sum::<usize>();
    assert!(sent as u64 <= end.written && end.written <= sent as u64 + 2, "{sent} {end:?}");
}

#[test]
fn a_dead_collector_costs_the_deadline_and_no_more() {
    for fault in [Fault::Refuses, Fault::NeverAnswers, Fault::Garbage] {
        let numbers = Numbers::new();
        let exporter = metrics(target(faulty(fault)), &numbers);
        let began = Instant::now();
        let end = exporter.shutdown(Duration::from_millis(700));
        assert!(began.elapsed() < Duration::from_millis(1300), "{fault:?} {:?}", began.elapsed());
        assert_conserved(end.metrics, 3);
        assert_eq!(end.metrics.written, 0, "{fault:?}");
    }
}

#[test]
fn a_round_that_takes_too_long_is_given_up() {
    let numbers = Numbers::new();
    let mut target = target(faulty(Fault::NeverAnswers));
    target.timeout = Duration::from_millis(200);
    let exporter = metrics(target, &numbers);
    let began = Instant::now();
    let counts = exporter.flush(SECONDS).metrics;
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    assert_conserved(counts, 3);
    assert_eq!(dropped(&exporter, "timeout"), 3);
    exporter.shutdown(Duration::ZERO);
}

#[test]
fn a_source_that_panics_ends_nothing() {
    let peer = Scripted::new(&[OK]);
    let numbers = Numbers::new();
    let mut target = target(peer.port);
    target.temporality = TemporalityPreference::Delta;
    let exporter = metrics(target, &numbers);
    exporter.flush(SECONDS);
    numbers.turn(|counted| (counted.panics, counted.jobs[0]) = (true, 5));
    exporter.flush(SECONDS);
    numbers.turn(|counted| (counted.panics, counted.buckets[1]) = (false, 3));
    let end = exporter.shutdown(SECONDS).metrics;
    assert_conserved(end, end.accepted);
    let requests = requests(&peer);
    assert_eq!(integer(&sums(&requests[1], "jobs_total")[0]), 2, "shown before the panic");
    let duration = by_name(&requests[2]).remove("job_duration_seconds").unwrap();
    let Some(Data::Histogram(histogram)) = duration.data else { panic!("{duration:?}") };
    assert_eq!(histogram.data_points[0].bucket_counts, [0, 2], "not counted twice");
}

#[test]
fn a_family_shown_twice_is_sent_once_and_counted() {
    struct Twice;
    impl Source for Twice {
        fn collect(&self, out: &mut dyn Collector) {
            for value in [1, 2] {
                out.family(&Family::new("jobs_total", Kind::Counter, "Jobs."));
                out.sample(&[("queue", "mail")], Value::Integer(value));
            }
        }
    }
    let peer = Scripted::new(&[OK]);
    let settings = ExportSettings { metrics: Some(target(peer.port)), ..ExportSettings::default() };
    let exporter = Exporter::start(&settings, &service(), None);
    let source = Arc::new(Twice);
    let weak = Arc::downgrade(&source);
    exporter.read_metrics(weak);
    let end = exporter.shutdown(SECONDS).metrics;
    assert_eq!((end.accepted, end.written, end.dropped), (2, 1, 1));
    assert_eq!(integer(&sums(&requests(&peer)[0], "jobs_total")[0]), 1);
}

/// As in the stack, where the exporter's own numbers are among those it reads.
#[test]
fn a_source_that_holds_the_exporter_is_no_reason_to_live_on() {
    struct Own(Exporter);
    impl Source for Own {
        fn collect(&self, out: &mut dyn Collector) {
            self.0.collect(out);
        }
    }
    let peer = Scripted::new(&[OK]);
    let settings = ExportSettings { metrics: Some(target(peer.port)), ..ExportSettings::default() };
    let exporter = Exporter::start(&settings, &service(), None);
    let source = Arc::new(Own(exporter.clone()));
    let weak = Arc::downgrade(&source);
    exporter.read_metrics(weak.clone());
    exporter.flush(SECONDS);
    let accepted = sums(&requests(&peer)[0], "obs_export_accepted_total");
    assert_eq!(label(&accepted[0].attributes, "signal"), "metrics");
    drop((source, exporter));
    assert!(weak.upgrade().is_none());
}
