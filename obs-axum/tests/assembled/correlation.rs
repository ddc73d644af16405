//! One trace id everywhere, whatever runs at the same time.

use std::collections::HashSet;
use std::ops::Range;

use obs_testing::{Bugsink, Rotel};
use rustix::process::Signal;
use serde_json::Value;

use crate::app::{Flavor, start};
use crate::harness::eventually;
use crate::lines::{self, only, undelivered};
use crate::spans::{self, Span};
use crate::traffic::{Ordered, Parent, orders, status};

/// One run of the service, and what it wrote.
struct Run {
    ordered: Vec<Ordered>,
    lines: Vec<Value>,
}

/// All requests of `numbers` at once.
async fn run(flavor: Flavor, numbers: Range<u64>, variables: &[(&str, String)]) -> Run {
    let count = numbers.end - numbers.start;
    let mut service = start(flavor, count as usize, variables).await;
    let ordered = orders(&service, numbers, count).await;
    service.signal(Signal::TERM);
    assert!(service.exit().await.success());
    let lines = lines::parse(&service.output()[0]);
    for signal in ["traces", "errors"] {
        assert_eq!(undelivered(&lines, signal), None, "everything was delivered");
    }
    Run { ordered, lines }
}

#[tokio::test]
async fn one_trace_id_in_every_signal_with_200_requests_at_once() {
    let test = "one_trace_id_in_every_signal_with_200_requests_at_once";
    let Some(rotel) = Rotel::start(test) else { return };
    let Some(bugsink) = Bugsink::start(test).await else { return };
    let variables = |port: u16, protocol: &str| {
        [
            ("OTEL_EXPORTER_OTLP_ENDPOINT", format!("http://127.0.0.1:{port}")),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol.to_owned()),
            ("SENTRY_DSN", bugsink.dsn.clone()),
        ]
    };
    let runs = [
        run(Flavor::Multi, 0..200, &variables(rotel.grpc(), "grpc")).await,
        run(Flavor::CurrentThread, 1000..1020, &variables(rotel.http(), "http/protobuf")).await,
    ];
    let ordered = || runs.iter().flat_map(|run| &run.ordered);
    let kept = ordered().filter(|ordered| ordered.is_kept()).count();
    let finished = || rotel.output().lines().filter(|line| line.starts_with("End time:")).count();
    eventually(async || finished(), 2 * kept, "spans at the collector").await;
    let output = rotel.output();
    let (spans, events) = (spans::parse(&output), bugsink.events().await);
    assert_eq!(spans.len(), 2 * kept);
    assert_eq!(events.len(), ordered().filter(|one| status(one.number) == 500).count());

    let traces: HashSet<_> = ordered().map(|ordered| Shown::of(ordered).trace_id).collect();
    assert_eq!(traces.len(), ordered().count(), "no two requests share a trace");
    for run in &runs {
        for ordered in &run.ordered {
            let shown = Shown::of(ordered);
            in_the_log(ordered, &shown, &run.lines);
            at_the_collector(ordered, &shown, &spans);
            at_the_error_tracker(ordered, &shown, &events);
        }
    }
}

/// What the client learns from the headers of its response.
struct Shown<'a> {
    trace_id: &'a str,
    span_id: &'a str,
    request_id: &'a str,
}

impl<'a> Shown<'a> {
    fn of(ordered: &'a Ordered) -> Self {
        let header = ordered.answer.header("traceresponse").expect("traceresponse");
        let ["00", trace_id, span_id, flags] = header.split('-').collect::<Vec<_>>()[..] else {
            panic!("{header}")
        };
        assert_eq!((trace_id.len(), span_id.len()), (32, 16), "{header}");
        let request_id = ordered.answer.header("x-request-id").expect("x-request-id");
        if let Some(parent) = &ordered.parent {
            assert_eq!(trace_id, parent.trace_id, "the caller's trace goes on");
            assert_ne!(span_id, parent.span_id, "it is this service's span");
            assert_eq!(flags, parent.flags, "{header}");
            assert_eq!(request_id.len(), 36, "an id of its own");
        } else {
            assert_eq!(flags, "03", "kept, and the id is random: {header}");
            assert_eq!(request_id, trace_id, "one id");
        }
        Self { trace_id, span_id, request_id }
    }
}

fn in_the_log(Ordered { number, .. }: &Ordered, shown: &Shown<'_>, lines: &[Value]) {
    let path = format!("/orders/{number}");
    let access = only(lines, &path, |line| line["path"] == path.as_str());
    assert_eq!(access["message"], "HTTP Request");
    assert_eq!(access["status_code"], status(*number));
    assert_eq!(access["trace_id"], shown.trace_id);
    assert_eq!(access["span_id"], shown.span_id);
    assert_eq!(access["request_id"], shown.request_id);
    let own = only(lines, &path, |line| line["message"] == "loading" && line["order"] == *number);
    assert_eq!(own["trace_id"], shown.trace_id);
    assert_eq!(own["request_id"], shown.request_id);
}

fn at_the_collector(ordered: &Ordered, shown: &Shown<'_>, spans: &[Span<'_>]) {
    let with = |attribute: String| spans.iter().filter(move |span| span.has(&attribute));
    let mut server = with(format!("url.path: Str(/orders/{})", ordered.number));
    let mut child = with(format!("order: Int({})", ordered.number));
    if ordered.is_kept() {
        let (server, child) = (server.next().unwrap(), child.next().unwrap());
        assert_eq!((server.name(), child.name()), ("GET /orders/{number}", "load"));
        assert_eq!((server.trace_id(), child.trace_id()), (shown.trace_id, shown.trace_id));
        assert_eq!((server.id(), child.parent()), (shown.span_id, shown.span_id));
        let caller = ordered.parent.as_ref().map_or("", |Parent { span_id, .. }| span_id);
        assert_eq!(server.parent(), caller);
        assert!(server.has(&format!("obs.request_id: Str({})", shown.request_id)), "{server:?}");
    }
    assert!(server.next().is_none() && child.next().is_none(), "{ordered:?}");
}

fn at_the_error_tracker(Ordered { number, .. }: &Ordered, shown: &Shown<'_>, events: &[Value]) {
    let path = format!("/orders/{number}");
    let mut of_order = events.iter().filter(|event| event["request"]["url"] == path.as_str());
    if status(*number) == 500 {
        let event = of_order.next().unwrap();
        let trace = &event["contexts"]["trace"];
        assert_eq!(trace["trace_id"], shown.trace_id);
        assert_eq!(trace["span_id"], shown.span_id);
        assert_eq!(event["tags"]["request_id"], shown.request_id);
        let said = match number % 10 {
            0 => format!("shelf {number} is empty"),
            _ => format!("order {number} is cursed"),
        };
        let values = event["exception"]["values"].as_array().unwrap();
        assert!(values.iter().any(|value| value["value"] == said.as_str()), "{event:#}");
    }
    assert!(of_order.next().is_none(), "one event for order {number}");
}
