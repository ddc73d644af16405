//! Whatever the backend does, a shutdown is in time and nothing is unaccounted for.
#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "helpers of tests, outside of #[test]"
)]

mod common;

use std::time::{Duration, Instant};

use common::{assert_conserved, endpoint, envelope, exchange, samples, service, settings};
use obs_otlp::{EnvelopeTarget, Exporter, Flushed, OtlpTarget, Protocol};
use obs_testing::{FAULTS, Fault, faulty};
use tokio::runtime::{Builder, Runtime};

const PROTOCOLS: [Protocol; 2] = [Protocol::Http, Protocol::Grpc];
const EXCHANGES: u64 = 400;

fn exporter(fault: Fault, protocol: Protocol) -> Exporter {
    let target = OtlpTarget::new(endpoint(faulty(fault), protocol), protocol);
    let url = format!("http://127.0.0.1:{}/api/1/envelope/", faulty(fault));
    let errors = EnvelopeTarget::new(url, common::auth());
    let exporter = Exporter::start(&settings(target), &service(), Some(errors));
    for _ in 0..EXCHANGES {
        exporter.spans().unwrap().push(exchange("GET /orders"));
        exporter.envelopes().unwrap().push(envelope("{}\n"));
    }
    exporter
}

/// A flush, then a shutdown, both within their time.
fn check(exporter: &Exporter, protocol: Protocol, fault: Fault) {
    let began = Instant::now();
    let flushed = exporter.flush(Duration::from_millis(200));
    let took = began.elapsed();
    assert!(took < Duration::from_millis(500), "{fault:?} {protocol:?}: flush took {took:?}");
    assert_eq!(flushed.traces.accepted, 2 * EXCHANGES);
    let began = Instant::now();
    let end = exporter.shutdown(Duration::from_secs(1));
    ended(exporter, end, began, protocol, fault);
}

fn ended(exporter: &Exporter, end: Flushed, began: Instant, protocol: Protocol, fault: Fault) {
    let took = began.elapsed();
    eprintln!("{fault:?} {protocol:?}: shutdown took {took:?}, {end:?}");
    assert!(took < Duration::from_millis(1300), "{fault:?} {protocol:?}: shutdown took {took:?}");
    assert_conserved(end.traces, 2 * EXCHANGES);
    assert_conserved(end.errors, EXCHANGES);
    assert_eq!(end.traces.written + end.errors.written, 0);
    exporter.spans().unwrap().push(exchange("late"));
    assert_conserved(exporter.counts().traces, 2 * EXCHANGES + 2);
    let of = |name: &str| -> u64 {
        let samples = samples(exporter);
        samples.iter().filter(|(key, _)| key.starts_with(name)).map(|(_, value)| value).sum()
    };
    assert_eq!(of("obs_export_accepted_total"), of("obs_export_dropped_total"));
    assert_eq!(of("obs_export_queue_bytes"), 0);
}

fn each(check: impl Fn(Fault, Protocol) + Copy + Send + Sync) {
    std::thread::scope(|scope| {
        for fault in FAULTS {
            for protocol in PROTOCOLS {
                scope.spawn(move || check(fault, protocol));
            }
        }
    });
}

#[test]
fn without_a_runtime() {
    each(|fault, protocol| check(&exporter(fault, protocol), protocol, fault));
}

fn one_worker() -> Runtime {
    Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap()
}

#[test]
fn blocking_the_only_worker() {
    each(|fault, protocol| {
        let call = async move { check(&exporter(fault, protocol), protocol, fault) };
        one_worker().block_on(async { tokio::spawn(call).await.unwrap() });
    });
}

#[test]
fn blocking_a_current_thread_runtime() {
    each(|fault, protocol| {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async { check(&exporter(fault, protocol), protocol, fault) });
    });
}

/// The runtime has no timer: the export thread keeps the time.
#[test]
fn awaited() {
    each(|fault, protocol| {
        let exporter = exporter(fault, protocol);
        Builder::new_current_thread().build().unwrap().block_on(async {
            let began = Instant::now();
            let flushed = exporter.flush_async(Duration::from_millis(200)).await;
            assert!(began.elapsed() < Duration::from_millis(500));
            assert_eq!(flushed.errors.accepted, EXCHANGES);
            let began = Instant::now();
            let end = exporter.shutdown_async(Duration::from_secs(1)).await;
            ended(&exporter, end, began, protocol, fault);
        });
    });
}

#[test]
fn a_dead_backend_does_not_hold_up_the_exit() {
    for protocol in PROTOCOLS {
        let exporter = exporter(Fault::Refuses, protocol);
        let began = Instant::now();
        let end = exporter.shutdown(Duration::from_secs(25));
        assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
        assert_conserved(end.traces, 2 * EXCHANGES);
        let unreachable = common::sample(&exporter, "obs_export_dropped_total traces unreachable");
        assert_eq!(unreachable, 2 * EXCHANGES);
    }
}

#[test]
fn a_target_that_cannot_be_used_is_counted_as_unreachable() {
    for endpoint in ["collector:4317", "http://", "ftp://x/", "http://me:secret@127.0.0.1:1/"] {
        let exporter = common::spans_to(endpoint, Protocol::Grpc);
        exporter.spans().unwrap().push(exchange("GET /"));
        let end = exporter.shutdown(Duration::from_secs(5));
        assert_conserved(end.traces, 2);
        assert_eq!(common::sample(&exporter, "obs_export_dropped_total traces unreachable"), 2);
    }
}

#[test]
fn nothing_to_export_is_nothing_at_all() {
    let exporter = Exporter::start(&obs_otlp::ExportSettings::default(), &service(), None);
    assert!(exporter.spans().is_none() && exporter.envelopes().is_none());
    assert!(samples(&exporter).is_empty());
    assert_eq!(exporter.flush(Duration::from_secs(9)), Flushed::default());
    assert_eq!(exporter.shutdown(Duration::from_secs(9)), Flushed::default());
}

#[test]
fn a_second_shutdown_and_concurrent_ones_end_too() {
    let exporter = exporter(Fault::NeverAnswers, Protocol::Grpc);
    let began = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| exporter.shutdown(Duration::from_millis(300)));
        }
    });
    exporter.shutdown(Duration::from_secs(60));
    exporter.flush(Duration::from_secs(60));
    assert!(began.elapsed() < Duration::from_millis(600), "{:?}", began.elapsed());
    assert_conserved(exporter.counts().traces, 2 * EXCHANGES);
}
