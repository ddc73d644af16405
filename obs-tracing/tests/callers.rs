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
    assert!(!trace.is_sampled() && span.is_none() && rejected == 0);
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

/// What a request says to the next service, and the span that is exported of it.
fn outgoing(
    settings: &TracingSettings,
    headers: &Sent,
) -> (String, Option<String>, Option<SpanRecord>) {
    let service = Service::new(settings);
    let mut exchange = begin(&service, GET, headers);
    let context = exchange.context().unwrap();
    let parent = context.trace().unwrap().header().to_string();
    let state = context.trace_state().map(ToString::to_string);
    exchange.headers(Head { bodyless: true, ..OK });
    (parent, state, service.memory.spans().pop())
}

fn with(sampler: Sampler) -> TracingSettings {
    let mut settings = TracingSettings::default();
    settings.sampler = sampler;
    settings
}

#[test]
fn flags_go_on_as_they_came_but_for_our_own_decision() {
    for bits in 0..=0xff_u8 {
        let sent = format!("00-{TRACE}-00f067aa0ba902b7-{bits:02x}").leak();
        let headers = Sent(vec![("traceparent", &*sent)].leak());
        let (parent, _, span) = outgoing(&TracingSettings::default(), &headers);
        assert_eq!(parent[53..], sent[53..], "the caller decides");
        assert_eq!(span.map(|span| span.flags.bits()), (bits & 1 == 1).then_some(bits));
        let (parent, _, span) = outgoing(&with(Sampler::always_on()), &headers);
        assert_eq!(parent[53..], format!("{:02x}", bits | 1));
        assert_eq!(span.unwrap().flags.bits(), bits | 1);
        let (parent, _, span) = outgoing(&with(Sampler::always_off()), &headers);
        assert_eq!(parent[53..], format!("{:02x}", bits & 0xfe));
        assert!(span.is_none());
    }
}

#[test]
fn own_ids_are_said_to_be_random() {
    let (parent, state, span) = outgoing(&TracingSettings::default(), &Sent(&[]));
    assert!(parent.ends_with("-03") && state.is_none(), "{parent}");
    assert_eq!(span.unwrap().flags.bits(), 3);
    let (parent, state, span) = outgoing(&with(Sampler::always_off()), &Sent(&[]));
    assert!(parent.ends_with("-02") && state.is_none() && span.is_none(), "{parent}");
}

#[test]
fn a_tracestate_goes_on_and_is_exported() {
    const PARENT: (&str, &str) =
        ("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    for (headers, expected) in [
        (&[PARENT, ("tracestate", "rojo=1,ot=th:c,congo=2")][..], Some("rojo=1,ot=th:c,congo=2")),
        (&[PARENT, ("tracestate", "a=1"), ("tracestate", " b=2")], Some("a=1,b=2")),
        (&[PARENT, ("tracestate", "A=1,b=2")], None),
        (&[PARENT, ("tracestate", "")], None),
        (&[PARENT], None),
        (&[("tracestate", "a=1")], None),
        (&[("traceparent", "garbage"), ("tracestate", "a=1")], None),
    ] {
        let (_, state, span) = outgoing(&TracingSettings::default(), &Sent(headers));
        assert_eq!(state.as_deref(), expected, "{headers:?}");
        let exported = span.unwrap().trace_state.map(|state| state.to_string());
        assert_eq!(exported.as_deref(), expected, "{headers:?}");
    }
}

#[tokio::test]
async fn spans_within_a_request_have_its_flags_and_tracestate() {
    let service = Service::new(&TracingSettings::default());
    let _guard = service.subscribe();
    let request = Request::get("/orders/1")
        .header("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-a7")
        .header("tracestate", "rojo=1");
    let lifecycle = Arc::clone(&service.lifecycle);
    let handler = async || {
        drop(tracing::info_span!("inside"));
        lifecycle.job("part", async { Ok::<_, String>(()) }).await.unwrap();
        ok()
    };
    service.send(request.body(()).unwrap(), handler).await;
    let spans = service.memory.spans();
    assert_eq!(spans.len(), 3);
    for span in spans {
        assert_eq!(span.trace_id.to_string(), TRACE);
        assert_eq!(span.flags.bits(), 0xa7, "{}", span.name);
        assert_eq!(span.trace_state.unwrap().as_str(), "rojo=1", "{}", span.name);
    }
}

#[test]
fn a_ratio_says_with_which_probability_a_trace_was_kept() {
    let ratio = with(Sampler::ratio(0.5).parent_based());
    let (mut kept, mut dropped) = (0, 0);
    while kept < 5 || dropped < 5 {
        let (parent, state, span) = outgoing(&ratio, &Sent(&[]));
        let sampled = parent.ends_with("-03");
        // The first of the last 14 digits: 8 and more are kept.
        assert_eq!(sampled, parent.as_bytes()[21] >= b'8', "{parent}");
        assert_eq!(state.as_deref(), sampled.then_some("ot=th:8"), "{parent}");
        assert_eq!(span.and_then(|span| span.trace_state).is_some(), sampled);
        kept += usize::from(sampled);
        dropped += usize::from(!sampled);
    }
    let (_, state, _) = outgoing(&with(Sampler::ratio(1.0)), &Sent(&[]));
    assert_eq!(state.as_deref(), Some("ot=th:0"));
}

#[test]
fn a_ratio_that_decides_by_itself_replaces_the_threshold_of_the_caller() {
    let sent = |flags: &str, state: &'static str| {
        let parent = format!("00-{TRACE}-00f067aa0ba902b7-{flags}").leak();
        Sent(vec![("traceparent", &*parent), ("tracestate", state)].leak())
    };
    // The random bits of the trace are ce929d0e0e4736.
    for (sampler, state, flags, expected) in [
        (Sampler::ratio(0.5), "a=1,ot=th:c", "01", Some("ot=th:8,a=1")),
        (Sampler::ratio(0.5), "a=1", "01", Some("ot=th:8,a=1")),
        (Sampler::ratio(0.1), "a=1,ot=th:c", "00", Some("a=1")),
        (
            Sampler::ratio(0.1),
            "ot=rv:f0000000000000,a=1",
            "01",
            Some("ot=th:e666;rv:f0000000000000,a=1"),
        ),
        (Sampler::ratio(0.5), "ot=rv:70000000000000", "00", Some("ot=rv:70000000000000")),
        (Sampler::always_on(), "ot=th:c", "01", None),
        (Sampler::ratio(0.1).parent_based(), "a=1,ot=th:c", "01", Some("a=1,ot=th:c")),
    ] {
        let (parent, found, _) = outgoing(&with(sampler), &sent("01", state));
        assert_eq!((&parent[53..], found.as_deref()), (flags, expected), "{sampler:?} {state}");
    }
}

#[test]
fn without_export_a_caller_goes_on_unchanged_and_no_trace_is_said_to_be_kept() {
    let mut off = TracingSettings::default();
    off.export = false;
    for flags in ["00", "01", "03", "a6"] {
        let sent = format!("00-{TRACE}-00f067aa0ba902b7-{flags}").leak();
        let headers = Sent(vec![("traceparent", &*sent), ("tracestate", "rojo=1,ot=th:c")].leak());
        for sampler in [Sampler::default(), Sampler::always_off(), Sampler::ratio(0.1)] {
            off.sampler = sampler;
            let (parent, state, span) = outgoing(&off, &headers);
            assert_eq!((&*parent, state.as_deref()), (&*sent, Some("rojo=1,ot=th:c")));
            assert!(span.is_none());
        }
    }
    off.sampler = Sampler::always_on();
    let (parent, state, span) = outgoing(&off, &Sent(&[]));
    assert!(parent.ends_with("-02") && state.is_none() && span.is_none(), "{parent}");

    let service = Service::new(&off);
    assert!(service.lifecycle.observer().sink().is_none());
    let spans = ServerSpans::new(&TracingSettings::default(), None);
    let lifecycle = Arc::new(obs_core::Lifecycle::new(spans));
    let exchange = Exchange::begin(lifecycle, GET, &Sent(&[]));
    assert!(!exchange.context().unwrap().is_sampled());
}

#[tokio::test]
async fn without_export_a_job_in_a_request_passes_the_caller_on_too() {
    let mut off = TracingSettings::default();
    off.export = false;
    let service = Service::new(&off);
    let _guard = service.subscribe();
    let sent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let request = Request::get("/orders/1").header("traceparent", sent).header("tracestate", "a=1");
    let lifecycle = Arc::clone(&service.lifecycle);
    let handler = async || {
        let work = async {
            let context = obs_core::RequestContext::current().unwrap();
            assert_eq!(context.trace().unwrap().header().as_str(), sent);
            assert_eq!(context.trace_state().unwrap().as_str(), "a=1");
            Ok::<_, String>(())
        };
        let span = tracing::info_span!("inside");
        tracing::Instrument::instrument(lifecycle.job("part", work), span).await.unwrap();
        ok()
    };
    let status = service.send(request.body(()).unwrap(), handler).await;
    assert_eq!(status, 200, "the handler did not panic");
}
