//! The promise: the same ids, route and status in the access line, the application's own line, the
//! spans and the error event, whatever runs at the same time.
#![allow(clippy::unwrap_used, reason = "helpers of tests, outside of #[test]")]

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use obs_core::config::Reader;
use obs_core::export::{Envelope, EnvelopeSink, SpanRecord, SpanSink};
use obs_core::spans::SpanLayer;
use obs_core::{
    Clock, ErrorRecord, Exchange, Facts, Head, Headers, Lifecycle, RequestContext, Route,
    ServiceIdentity,
};
use obs_errors::{ErrorSettings, Errors};
use obs_logging::{Logging, LoggingSettings};
use obs_metrics::{Format, Metrics, MetricsSettings};
use obs_stack::Stack;
use obs_tracing::{ServerSpans, TracingSettings};
use serde_json::Value;
use tracing_subscriber::layer::SubscriberExt as _;

const REQUESTS: u64 = 200;

struct Memory<T>(Arc<Mutex<Vec<T>>>);

impl<T> Memory<T> {
    fn new() -> Self {
        Self(Arc::new(Mutex::new(Vec::new())))
    }
}

impl<T> Clone for Memory<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl Write for Memory<u8> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl SpanSink for Memory<SpanRecord> {
    fn push(&self, spans: Vec<SpanRecord>) {
        self.0.lock().unwrap().extend(spans);
    }
}

impl EnvelopeSink for Memory<Envelope> {
    fn push(&self, envelope: Envelope) {
        self.0.lock().unwrap().push(envelope);
    }

    fn flush(&self, _: Duration) -> bool {
        true
    }
}

struct Get(String);

impl Facts for Get {
    fn method(&self) -> &str {
        "GET"
    }

    fn path(&self) -> &str {
        &self.0
    }

    fn route(&self) -> Option<Route<'_>> {
        Some(Route { pattern: "/orders/{id}", owner: &"/orders/{id}" })
    }
}

struct Sent {
    traceparent: String,
    request_id: String,
}

impl Headers for Sent {
    fn get(&self, name: &str) -> Option<&[u8]> {
        match name {
            "traceparent" => Some(self.traceparent.as_bytes()),
            "x-request-id" => Some(self.request_id.as_bytes()),
            _ => None,
        }
    }
}

#[tracing::instrument]
async fn load(order: u64) {
    tokio::task::yield_now().await;
    tracing::info!(order, "loading");
    tokio::task::yield_now().await;
}

/// One request whose ids all follow from its number; every fourth fails.
async fn request(lifecycle: Arc<Lifecycle<Stack>>, number: u64) {
    let traceparent = format!("00-{:032x}-{:016x}-01", 0xabc0_0000_u128 + u128::from(number), 7);
    let facts = Get(format!("/orders/{number}"));
    let headers = Sent { traceparent, request_id: format!("request-{number}") };
    let mut exchange = Exchange::begin(lifecycle, facts, &headers);
    let mut handler = Box::pin(async move {
        load(number).await;
        if number.is_multiple_of(4) {
            let context = RequestContext::current().unwrap();
            context.record_error(ErrorRecord::of(&io::Error::other(format!("broken {number}"))));
        }
    });
    std::future::poll_fn(|cx| exchange.in_scope(|| handler.as_mut().poll(cx))).await;
    let status = if number.is_multiple_of(4) { 500 } else { 200 };
    exchange.headers(Head { status, bodyless: true, length: None, streaming: false });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_hundred_requests_at_once_agree_in_every_signal() {
    let (service, clock) = (ServiceIdentity::default(), Clock::system());
    let (lines, spans, events) =
        (Memory::<u8>::new(), Memory::<SpanRecord>::new(), Memory::<Envelope>::new());
    let logging = Logging::with_output(
        LoggingSettings::read(&mut Reader::from_lookup(|name| {
            (name == "OBS_LOG_FORMAT").then(|| "json".to_owned())
        })),
        &service,
        clock.clone(),
        Box::new(lines.clone()),
    );
    let server_spans =
        ServerSpans::new(&TracingSettings::default(), Some(Arc::new(spans.clone()) as _));
    let settings = ErrorSettings::read(&mut Reader::from_lookup(|name| match name {
        "SENTRY_DSN" => Some("http://key@127.0.0.1:9/1".to_owned()),
        "OBS_ERRORS_MAX_PER_SECOND" => Some("1000".to_owned()),
        _ => None,
    }));
    let errors = Errors::new(settings, &service, Arc::new(events.clone()));
    let metrics = Metrics::new(&MetricsSettings::default(), &service);
    let subscriber = tracing_subscriber::registry()
        .with(SpanLayer::new(clock.clone(), server_spans.sink()))
        .with(logging.layer())
        .with(logging.filter());
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let stack = Stack::new()
        .with_metrics(Arc::clone(metrics.http()))
        .with_tracing(Arc::new(server_spans))
        .with_logging(logging.access_log())
        .with_errors(errors);
    let lifecycle = Arc::new(Lifecycle::new(stack).with_clock(clock));

    let tasks: Vec<_> =
        (0..REQUESTS).map(|number| tokio::spawn(request(Arc::clone(&lifecycle), number))).collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert!(logging.flush(Duration::from_secs(10)));

    // The lines: one access line and one line of the application per request.
    let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let mut access = BTreeMap::new();
    let mut own = BTreeMap::new();
    for line in &lines {
        let id = line["request_id"].as_str().unwrap().to_owned();
        let kind = if line["message"] == "HTTP Request" { &mut access } else { &mut own };
        assert!(kind.insert(id, line).is_none(), "twice: {line}");
    }
    let spans = spans.0.lock().unwrap();
    let events: Vec<Value> = events
        .0
        .lock()
        .unwrap()
        .iter()
        .map(|envelope| {
            let text = String::from_utf8(envelope.body.clone()).unwrap();
            serde_json::from_str(text.lines().nth(2).unwrap()).unwrap()
        })
        .collect();
    assert_eq!((access.len(), own.len()), (REQUESTS as usize, REQUESTS as usize));
    assert_eq!((spans.len(), events.len()), (2 * REQUESTS as usize, REQUESTS as usize / 4));

    for number in 0..REQUESTS {
        let trace = format!("{:032x}", 0xabc0_0000_u128 + u128::from(number));
        let id = format!("request-{number}");
        let (access, own) = (access[&id], own[&id]);
        let status = if number.is_multiple_of(4) { 500 } else { 200 };
        assert_eq!(access["trace_id"], trace.as_str());
        assert_eq!(access["status_code"], status);
        assert_eq!(access["route"], "/orders/{id}");
        assert_eq!(own["trace_id"], trace.as_str());
        assert_eq!(own["order"], number);

        let of_trace: Vec<_> =
            spans.iter().filter(|span| span.trace_id.to_string() == trace).collect();
        let [server, child] = match of_trace[0].name.as_ref() {
            "load" => [of_trace[1], of_trace[0]],
            _ => [of_trace[0], of_trace[1]],
        };
        assert_eq!((server.name.as_ref(), child.name.as_ref()), ("GET /orders/{id}", "load"));
        assert_eq!(child.parent, Some(server.span_id));
        assert_eq!(server.parent.unwrap().to_u64(), 7);
        assert_eq!(access["span_id"], server.span_id.to_string().as_str());
        assert_eq!(own["span_id"], child.span_id.to_string().as_str());

        let event = events.iter().find(|event| event["tags"]["request_id"] == id.as_str());
        assert_eq!(event.is_some(), status == 500);
        if let Some(event) = event {
            assert_eq!(event["contexts"]["trace"]["trace_id"], trace.as_str());
            assert_eq!(event["contexts"]["trace"]["span_id"], server.span_id.to_string().as_str());
            assert_eq!(event["transaction"], "GET /orders/{id}");
            assert!(event.to_string().contains(&format!("broken {number}")));
        }
    }
    let scrape = metrics.render(Format::Text);
    for (status, count) in [(200, 150), (500, 50)] {
        let series = format!(
            "http_requests_total{{method=\"GET\",route=\"/orders/{{id}}\",status_code=\"{status}\"}} {count}\n"
        );
        assert!(scrape.contains(&series), "{scrape}");
    }
}
