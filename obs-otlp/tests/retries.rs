//! What is tried again, and when.
#![allow(clippy::unwrap_used, reason = "helpers of tests, outside of #[test]")]

mod common;

use std::time::{Duration, Instant};

use common::collector::{Answer, Grpc};
use common::{
    assert_conserved, endpoint, envelope, errors_to, exchange, sample, spans_to, wait_for,
};
use obs_otlp::{Exporter, Protocol};
use obs_testing::{OK, Scripted};
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTracePartialSuccess, ExportTraceServiceResponse,
};
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt as _};

const SECONDS: Duration = Duration::from_secs(8);

fn over_http(peer: &Scripted) -> Exporter {
    spans_to(&endpoint(peer.port, Protocol::Http), Protocol::Http)
}

fn over_grpc(peer: &Grpc) -> Exporter {
    spans_to(&endpoint(peer.port, Protocol::Grpc), Protocol::Grpc)
}

fn dropped(exporter: &Exporter, signal: &str, reason: &str) -> u64 {
    sample(exporter, &format!("obs_export_dropped_total {signal} {reason}"))
}

fn taken() -> Result<ExportTraceServiceResponse, Status> {
    Ok(ExportTraceServiceResponse::default())
}

#[test]
fn unavailable_is_tried_again_after_a_pause() {
    for answers in [
        &["503 Service Unavailable\r\n", OK][..],
        &["502 Bad Gateway\r\n", OK],
        &["504 Gateway Timeout\r\n", OK],
        &["429 Too Many Requests\r\n", OK],
    ] {
        let peer = Scripted::new(answers);
        let exporter = over_http(&peer);
        exporter.spans().unwrap().push(exchange("GET /"));
        wait_for("the second attempt", || exporter.counts().traces.written == 2);
        let got = peer.got();
        assert_eq!(got.len(), 2);
        assert_eq!(got[0].body, got[1].body);
        assert!(got[1].at - got[0].at >= Duration::from_millis(300), "{answers:?}");
    }
}

#[test]
fn the_backend_s_own_pause_is_respected_even_by_a_flush() {
    let peer = Scripted::new(&["429 Too Many Requests\r\nretry-after: 2\r\n", OK]);
    let exporter = over_http(&peer);
    exporter.spans().unwrap().push(exchange("GET /"));
    wait_for("the first attempt", || peer.got().len() == 1);
    let end = exporter.flush(Duration::from_millis(200));
    assert_eq!((end.traces.pending(), peer.got().len()), (2, 1));
    let end = exporter.flush(SECONDS);
    assert_eq!(end.traces.written, 2);
    let got = peer.got();
    assert!(got[1].at - got[0].at >= Duration::from_millis(1990));
}

#[test]
fn a_shutdown_does_not_wait_for_a_backend_that_wants_to_be_left_alone() {
    let peer = Scripted::new(&["503 Service Unavailable\r\nretry-after: 60\r\n"]);
    let exporter = over_http(&peer);
    exporter.spans().unwrap().push(exchange("GET /"));
    wait_for("the first attempt", || peer.got().len() == 1);
    let began = Instant::now();
    let end = exporter.shutdown(Duration::from_secs(25));
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    assert_conserved(end.traces, 2);
    assert_eq!(dropped(&exporter, "traces", "rejected"), 2);
    assert_eq!(peer.got().len(), 1);
}

#[test]
fn a_flush_tries_a_broken_backend_at_once() {
    let peer = Scripted::new(&[
        "503 Service Unavailable\r\n",
        "503 Service Unavailable\r\n",
        "503 Service Unavailable\r\n",
        OK,
    ]);
    let exporter = over_http(&peer);
    exporter.spans().unwrap().push(exchange("GET /"));
    let began = Instant::now();
    for attempt in 1.. {
        wait_for("an attempt", || peer.got().len() >= attempt);
        if exporter.flush(Duration::from_millis(20)).traces.written == 2 {
            break;
        }
    }
    assert!(began.elapsed() < Duration::from_millis(1500), "{:?}", began.elapsed());
}

#[test]
fn a_refusal_is_final() {
    for answers in [
        &["400 Bad Request\r\n", OK][..],
        &["401 Unauthorized\r\n", OK],
        &["404 Not Found\r\n", OK],
        &["307 Temporary Redirect\r\nlocation: http://127.0.0.1:1/\r\n", OK],
        &["500 Internal Server Error\r\n", OK],
    ] {
        let peer = Scripted::new(answers);
        let exporter = over_http(&peer);
        exporter.spans().unwrap().push(exchange("GET /"));
        let end = exporter.flush(SECONDS);
        assert_eq!((end.traces.dropped, dropped(&exporter, "traces", "rejected")), (2, 2));
        exporter.spans().unwrap().push(exchange("GET /"));
        let end = exporter.shutdown(SECONDS);
        assert_eq!((end.traces.written, end.traces.dropped), (2, 2), "{answers:?}");
        assert_eq!(peer.got().len(), 2);
    }
}

#[test]
fn grpc_statuses_decide() {
    let later: [Answer; 3] = [
        || Err(Status::unavailable("down")),
        || Err(Status::aborted("again")),
        || {
            let info = ErrorDetails::with_retry_info(Some(Duration::from_millis(700)));
            Err(Status::with_error_details(Code::ResourceExhausted, "full", info))
        },
    ];
    for answer in later {
        let peer = Grpc::new(&[answer, taken]);
        let exporter = over_grpc(&peer);
        exporter.spans().unwrap().push(exchange("GET /"));
        assert_eq!(exporter.flush(SECONDS).traces.written, 2, "{:?}", answer());
        assert_eq!(peer.len(), 2);
    }
    let never: [Answer; 4] = [
        || Err(Status::invalid_argument("no")),
        || Err(Status::unauthenticated("no")),
        || Err(Status::unimplemented("no")),
        || Err(Status::resource_exhausted("for good")),
    ];
    for answer in never {
        let peer = Grpc::new(&[answer, taken]);
        let exporter = over_grpc(&peer);
        exporter.spans().unwrap().push(exchange("GET /"));
        assert_eq!(exporter.flush(SECONDS).traces.dropped, 2, "{:?}", answer());
        assert_eq!((peer.len(), dropped(&exporter, "traces", "rejected")), (1, 2));
    }
}

#[test]
fn grpc_retry_info_is_respected() {
    let peer = Grpc::new(&[
        || {
            let info = ErrorDetails::with_retry_info(Some(Duration::from_secs(2)));
            Err(Status::with_error_details(Code::ResourceExhausted, "full", info))
        },
        taken,
    ]);
    let exporter = over_grpc(&peer);
    let began = Instant::now();
    exporter.spans().unwrap().push(exchange("GET /"));
    assert_eq!(exporter.flush(SECONDS).traces.written, 2);
    assert!(began.elapsed() >= Duration::from_secs(2));
}

#[test]
fn a_partial_success_is_counted_and_not_sent_again() {
    let peer = Grpc::new(&[|| {
        let partial_success = Some(ExportTracePartialSuccess {
            rejected_spans: 1,
            error_message: "too old".to_owned(),
        });
        Ok(ExportTraceServiceResponse { partial_success })
    }]);
    let exporter = over_grpc(&peer);
    exporter.spans().unwrap().push(exchange("GET /"));
    let end = exporter.shutdown(SECONDS);
    assert_eq!((end.traces.written, end.traces.dropped, peer.len()), (1, 1, 1));
    assert_eq!(dropped(&exporter, "traces", "rejected"), 1);
}

#[test]
fn envelopes_stay_away_while_the_rate_is_limited() {
    for (answers, wait) in [
        (&["429 Too Many Requests\r\nretry-after: 1\r\n", OK][..], 1),
        (
            &[
                "429 Too Many Requests\r\nx-sentry-rate-limits: 1:error:key\r\nretry-after: 90\r\n",
                OK,
            ],
            1,
        ),
        (&["200 OK\r\nx-sentry-rate-limits: 1::organization\r\n", OK], 1),
        (&["200 OK\r\nx-sentry-rate-limits: 60:transaction:organization\r\n", OK], 0),
    ] {
        let peer = Scripted::new(answers);
        let exporter = errors_to(&peer.url());
        let sink = exporter.envelopes().unwrap();
        sink.push(envelope("first"));
        assert!(sink.flush(SECONDS));
        let first = exporter.counts().errors;
        sink.push(envelope("second"));
        assert!(sink.flush(SECONDS));
        let limited = wait > 0;
        assert_eq!(peer.got().len(), if limited { 1 } else { 2 }, "{answers:?}");
        std::thread::sleep(Duration::from_millis(if limited { 1050 } else { 0 }));
        sink.push(envelope("third"));
        let end = exporter.shutdown(SECONDS).errors;
        assert_conserved(end, 3);
        let refused = answers[0].starts_with("429");
        assert_eq!(first.dropped, u64::from(refused));
        assert_eq!(end.written, 3 - u64::from(refused) - u64::from(limited), "{answers:?}");
        assert_eq!(dropped(&exporter, "errors", "rejected"), end.dropped);
    }
}

#[test]
fn an_envelope_without_a_connection_is_tried_again() {
    let peer = Scripted::new(&["503 Service Unavailable\r\n", OK]);
    let exporter = errors_to(&peer.url());
    exporter.envelopes().unwrap().push(envelope("{}"));
    wait_for("the second attempt", || exporter.counts().errors.written == 1);
}
