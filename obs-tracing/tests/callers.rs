//! How a caller's trace is continued, or not.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests")]

mod harness;

use std::sync::Arc;

use http::Request;
use obs_core::export::SpanRecord;
use obs_core::{Exchange, Head, TraceContext};
use obs_tracing::{Sampler, ServerSpans, TracingSettings};

use self::harness::asked::{GET, OK, Sent, begin};
use self::harness::{Service, attribute, ok};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

/// Where a request with these headers stands, and whether a span came of it.
fn placed(settings: &TracingSettings, headers: &Sent) -> (TraceContext, Option<SpanRecord>, u64) {
    let service = Service::new(settings);
    let mut exchange = begin(&service, GET, headers);
    let trace = exchange.context().unwrap().trace().unwrap();
    exchange.headers(Head { bodyless: true, ..OK });
    let rejected = service.count("obs_traceparent_rejected_total");
    (trace, service.memory.spans().pop(), rejected)
}

#[test]
fn a_sampled_caller_is_continued() {
    let headers =
        Sent(&[("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")]);
    let mut settings = TracingSettings::default();
    settings.sampler = Sampler::always_off().parent_based();
    let (trace, span, rejected) = placed(&settings, &headers);
    let span = span.unwrap();
    assert_eq!(trace.trace_id.to_string(), TRACE);
    assert_eq!((span.trace_id, span.span_id), (trace.trace_id, trace.span_id));
    assert_eq!(span.parent.unwrap().to_string(), "00f067aa0ba902b7");
    assert!(span.parent_is_remote && rejected == 0);
}

#[test]
fn an_unsampled_caller_is_followed() {
    let headers =
        Sent(&[("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00")]);
    let (trace, span, rejected) = placed(&TracingSettings::default(), &headers);
    assert_eq!(trace.trace_id.to_string(), TRACE);
    assert!(!trace.sampled && span.is_none() && rejected == 0);
}

#[test]
fn a_broken_or_repeated_caller_is_a_new_trace_and_counted() {
    const GOOD: (&str, &str) =
        ("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    for headers in [
        Sent(&[("traceparent", "garbage")]),
        Sent(&[("traceparent", "")]),
        Sent(&[GOOD, GOOD]),
        Sent(&[GOOD, ("traceparent", "garbage")]),
        Sent(&[("traceparent", "garbage"), GOOD]),
    ] {
        let (trace, span, rejected) = placed(&TracingSettings::default(), &headers);
        assert_ne!(trace.trace_id.to_string(), TRACE);
        assert!(trace.parent.is_none() && span.is_some() && rejected == 1, "{:?}", headers.0);
    }
}

#[tokio::test]
async fn a_repeated_header_is_seen_in_real_headers() {
    let service = Service::new(&TracingSettings::default());
    let value = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let once = Request::get("/orders/1").header("traceparent", value);
    service.send(once.body(()).unwrap(), async || ok()).await;
    let twice = Request::get("/orders/2").header("traceparent", value).header("traceparent", value);
    service.send(twice.body(()).unwrap(), async || ok()).await;
    let spans = service.memory.spans();
    assert_eq!(spans[0].trace_id.to_string(), TRACE);
    assert_ne!(spans[1].trace_id.to_string(), TRACE);
    assert_eq!(service.count("obs_traceparent_rejected_total"), 1);
    assert_eq!(service.count("obs_traces_sampled_total"), 2);
    assert_eq!(attribute(&spans[0], "network.protocol.version").unwrap().to_string(), "1.1");
}

#[test]
fn ids_are_chosen_without_a_sink_and_with_export_off() {
    let mut off = TracingSettings::default();
    off.export = false;
    let service = Service::new(&off);
    assert!(service.lifecycle.observer().sink().is_none());
    let (trace, span, _) = placed(&off, &Sent(&[]));
    assert!(trace.sampled && span.is_none(), "the next service hears the sampler's decision");

    let spans = ServerSpans::new(&TracingSettings::default(), None);
    let lifecycle = Arc::new(obs_core::Lifecycle::new(spans));
    let exchange = Exchange::begin(lifecycle, GET, &Sent(&[]));
    assert!(exchange.context().unwrap().trace().is_some_and(|trace| trace.sampled));
}
