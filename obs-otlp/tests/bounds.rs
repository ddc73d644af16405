//! Memory stays inside its bound, and what does not fit is counted.

mod common;

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use common::{assert_conserved, auth, endpoint, envelope, exchange, sample, service};
use obs_core::export::SpanRecord;
use obs_otlp::{EnvelopeTarget, ExportSettings, Exporter, OtlpTarget, Protocol};
use obs_testing::{Fault, OK, Scripted, faulty};

const BOUND: usize = 1 << 20;

fn exporter(fault: Fault) -> Exporter {
    let target = OtlpTarget::new(endpoint(faulty(fault), Protocol::Http), Protocol::Http);
    let settings =
        ExportSettings { traces: Some(target), queue_bytes: BOUND, ..ExportSettings::default() };
    let url = format!("http://127.0.0.1:{}/", faulty(fault));
    Exporter::start(&settings, &service(), Some(EnvelopeTarget::new(url, auth())))
}

#[test]
fn ten_times_the_bound_from_four_threads() {
    let exporter = exporter(Fault::NeverAnswers);
    let (spans, errors) = (exporter.spans().unwrap(), exporter.envelopes().unwrap());
    let size: usize = exchange("GET /").iter().map(SpanRecord::size).sum();
    let exchanges = 10 * BOUND / size;
    let body = "x".repeat(10_000);
    let envelopes = 10 * BOUND / body.len();
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let watch = scope.spawn(|| {
            let mut highest = [0; 2];
            let mut last = false;
            while !last {
                last = done.load(Ordering::Relaxed);
                for (signal, highest) in ["traces", "errors"].iter().zip(&mut highest) {
                    let now = sample(&exporter, &format!("obs_export_queue_bytes {signal}"));
                    *highest = now.max(*highest);
                }
            }
            highest
        });
        let push = || {
            (0..exchanges / 4).for_each(|_| spans.push(exchange("GET /")));
            (0..envelopes / 4).for_each(|_| errors.push(envelope(&body)));
        };
        let pushing: Vec<_> = (0..4).map(|_| scope.spawn(push)).collect();
        pushing.into_iter().for_each(|thread| thread.join().unwrap());
        done.store(true, Ordering::Relaxed);
        for highest in watch.join().unwrap() {
            assert!((BOUND as u64 / 2..=BOUND as u64).contains(&highest), "{highest}");
        }
    });
    let (pushed, kept) = (exchanges / 4 * 4, BOUND / size);
    let full = sample(&exporter, "obs_export_dropped_total traces queue_full");
    assert!(full >= 2 * (pushed - kept) as u64, "{full} of {pushed}, {kept} fit");
    let end = exporter.shutdown(Duration::from_millis(100));
    assert_conserved(end.traces, 2 * pushed as u64);
    assert_conserved(end.errors, (envelopes / 4 * 4) as u64);
    let full = sample(&exporter, "obs_export_dropped_total traces queue_full");
    let cut = sample(&exporter, "obs_export_dropped_total traces shutdown");
    assert_eq!(full + cut, end.traces.dropped);
}

#[test]
fn one_item_beyond_the_bound_is_dropped() {
    let exporter = exporter(Fault::NeverAnswers);
    exporter.envelopes().unwrap().push(envelope(&"x".repeat(BOUND)));
    assert_eq!(sample(&exporter, "obs_export_dropped_total errors queue_full"), 1);
    exporter.shutdown(Duration::ZERO);
}

#[test]
fn a_live_backend_gets_everything_from_all_threads() {
    let peer = Scripted::new(&[OK]);
    let exporter = common::spans_to(&endpoint(peer.port, Protocol::Http), Protocol::Http);
    let sink = exporter.spans().unwrap();
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..1000).for_each(|_| sink.push(exchange("GET /"))));
        }
    });
    let end = exporter.shutdown(Duration::from_secs(8));
    assert_eq!((end.traces.written, end.traces.dropped), (8000, 0));
}

#[test]
fn the_thread_outlives_the_exporter_while_a_sink_is_held() {
    let peer = Scripted::new(&[OK]);
    let sink = common::errors_to(&peer.url()).envelopes().unwrap();
    sink.push(envelope("{}"));
    assert!(sink.flush(Duration::from_secs(8)));
    assert_eq!(peer.got().len(), 1);
}
