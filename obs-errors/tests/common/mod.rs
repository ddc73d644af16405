#![allow(dead_code, reason = "each test file uses some of it")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "helpers of tests, outside of #[test]"
)]

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Waker};
use std::time::Duration;

use obs_core::export::{Envelope, EnvelopeSink};
use obs_core::source::{Collector, Family, Source as _, Value as Number};
use obs_core::{
    Clock, ErrorRecord, Exchange, Facts, FakeClock, Head, Headers, Lifecycle, Outcome,
    RequestContext, Route, ServiceIdentity, SpanId, TraceContext, TraceFlags, TraceId,
};
use obs_errors::{ErrorSettings, Errors};
use serde_json::{Value, json};

pub(crate) const DSN: &str = "http://0123abcd@127.0.0.1:9/7";
pub(crate) const TRACE_ID: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
pub(crate) const SPAN_ID: &str = "00f067aa0ba902b7";
pub(crate) const PARENT_ID: &str = "b7ad6b7169203331";

/// Keeps every envelope.
#[derive(Default)]
pub(crate) struct Memory(Mutex<Vec<Envelope>>);

impl EnvelopeSink for Memory {
    fn push(&self, envelope: Envelope) {
        self.0.lock().unwrap().push(envelope);
    }

    fn flush(&self, _: Duration) -> bool {
        true
    }
}

impl Memory {
    pub(crate) fn envelopes(&self) -> Vec<Envelope> {
        self.0.lock().unwrap().clone()
    }

    pub(crate) fn events(&self) -> Vec<Value> {
        self.envelopes().iter().map(|envelope| event(&envelope.body)).collect()
    }

    /// The only event.
    pub(crate) fn event(&self) -> Value {
        let events = self.events();
        assert_eq!(events.len(), 1, "{events:#?}");
        events[0].clone()
    }
}

/// Reads an envelope as a server does: by lines and lengths.
pub(crate) fn event(body: &[u8]) -> Value {
    let (head, rest) = line(body);
    let (item, rest) = line(rest);
    let (head, item): (Value, Value) =
        (serde_json::from_slice(head).unwrap(), serde_json::from_slice(item).unwrap());
    assert_eq!(item["type"], "event");
    let length = usize::try_from(item["length"].as_u64().unwrap()).unwrap();
    assert_eq!(&rest[length..], b"\n", "the length is that of the payload");
    assert!(!rest[..length].contains(&b'\n'));
    let event: Value = serde_json::from_slice(&rest[..length]).unwrap();
    assert_eq!(event["event_id"], head["event_id"]);
    let id = event["event_id"].as_str().unwrap();
    assert!(id.len() == 32 && id.bytes().all(|digit| digit.is_ascii_hexdigit()), "{id}");
    event
}

fn line(bytes: &[u8]) -> (&[u8], &[u8]) {
    let end = bytes.iter().position(|byte| *byte == b'\n').unwrap();
    (&bytes[..end], &bytes[end + 1..])
}

pub(crate) struct Service {
    pub(crate) sink: Arc<Memory>,
    pub(crate) errors: Errors,
    pub(crate) lifecycle: Arc<Lifecycle<Errors>>,
    pub(crate) hand: FakeClock,
}

pub(crate) fn settings() -> ErrorSettings {
    let mut settings = ErrorSettings::default();
    settings.dsn = Some(DSN.parse().unwrap());
    settings
}

pub(crate) fn identity() -> ServiceIdentity {
    let mut identity = ServiceIdentity::default();
    identity.name = "shop".to_owned();
    identity.version = "1.2.3".to_owned();
    identity.environment = "staging".to_owned();
    identity
}

pub(crate) fn service() -> Service {
    service_with(settings())
}

pub(crate) fn service_with(settings: ErrorSettings) -> Service {
    let sink = Arc::new(Memory::default());
    let (clock, hand) = Clock::fake();
    let errors = Errors::new(settings, &identity(), sink.clone()).with_clock(clock.clone());
    let lifecycle = Arc::new(Lifecycle::new(errors.clone()).with_clock(clock));
    Service { sink, errors, lifecycle, hand }
}

/// A request as an adapter translates it.
#[derive(Clone)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) route: Option<Arc<str>>,
}

impl Facts for Request {
    fn method(&self) -> &str {
        &self.method
    }

    fn path(&self) -> &str {
        &self.path
    }

    fn route(&self) -> Option<Route<'_>> {
        self.route.as_ref().map(|route| Route { pattern: route, owner: route })
    }
}

pub(crate) fn order() -> Request {
    Request {
        method: "GET".to_owned(),
        path: "/orders/42".to_owned(),
        route: Some("/orders/{id}".into()),
    }
}

/// The headers of a client that gives its own request id.
struct GivenId(&'static str);

impl Headers for GivenId {
    fn get(&self, name: &str) -> Option<&[u8]> {
        (name == "x-request-id").then_some(self.0.as_bytes())
    }
}

pub(crate) struct NoHeaders;

impl Headers for NoHeaders {
    fn get(&self, _: &str) -> Option<&[u8]> {
        None
    }
}

/// Where the requests below stand in their trace.
pub(crate) fn trace() -> TraceContext {
    let id = |digits| u64::from_str_radix(digits, 16).unwrap();
    TraceContext {
        trace_id: TraceId::from_u128(u128::from_str_radix(TRACE_ID, 16).unwrap()).unwrap(),
        span_id: SpanId::from_u64(id(SPAN_ID)).unwrap(),
        parent: SpanId::from_u64(id(PARENT_ID)),
        flags: TraceFlags::SAMPLED,
    }
}

impl Service {
    pub(crate) fn begin(&self, request: Request) -> Exchange<Errors, Request> {
        let exchange = Exchange::begin(self.lifecycle.clone(), request, &GivenId("req-1"));
        exchange.context().unwrap().set_trace(trace());
        exchange
    }

    /// One exchange: the handler, then headers and the end of the body.
    pub(crate) fn exchange(
        &self,
        request: Request,
        status: u16,
        end: Outcome,
        handler: impl FnOnce(&RequestContext),
    ) {
        let mut exchange = self.begin(request);
        exchange.in_scope(|| handler(&RequestContext::current().unwrap()));
        exchange.headers(head(status));
        exchange.finish(end);
    }

    pub(crate) fn answer(&self, status: u16) {
        self.exchange(order(), status, Outcome::Complete, |_| {});
    }

    /// A handler that panics before its headers.
    pub(crate) fn panic(&self, request: Request, handler: impl FnOnce(&RequestContext)) {
        let mut exchange = self.begin(request);
        let result = catch_unwind(AssertUnwindSafe(|| {
            exchange.in_scope(|| handler(&RequestContext::current().unwrap()));
        }));
        assert!(result.is_err());
        drop(exchange);
    }

    pub(crate) fn job(&self, name: &'static str, result: Result<(), String>) {
        let mut job = pin!(self.lifecycle.job(name, async { result }));
        assert!(job.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready());
    }

    /// The samples of the counters, such as `obs_errors_dropped_total budget`.
    pub(crate) fn counts(&self) -> BTreeMap<String, u64> {
        let mut counts = Counts::default();
        self.errors.collect(&mut counts);
        counts.samples
    }
}

pub(crate) fn head(status: u16) -> Head {
    Head { status, bodyless: false, length: None, streaming: false }
}

#[derive(Default)]
struct Counts {
    family: String,
    samples: BTreeMap<String, u64>,
}

impl Collector for Counts {
    fn family(&mut self, family: &Family<'_>) {
        self.family = family.name.to_owned();
    }

    fn sample(&mut self, labels: &[(&str, &str)], value: Number<'_>) {
        let Number::Integer(value) = value else { panic!("{value:?}") };
        let labels: Vec<_> = labels.iter().map(|(_, value)| *value).collect();
        let name = [&[self.family.as_str()], labels.as_slice()].concat().join(" ");
        self.samples.insert(name, value);
    }
}

/// What every event of a request to [`order`] holds besides what the test adds.
pub(crate) fn event_of_order(event: &Value, with: Value) -> Value {
    let mut expected = json!({
        "event_id": event["event_id"],
        "timestamp": event["timestamp"],
        "platform": "native",
        "sdk": {"name": "obs-errors", "version": env!("CARGO_PKG_VERSION")},
        "release": "shop@1.2.3",
        "environment": "staging",
        "level": "error",
        "transaction": "GET /orders/{id}",
        "tags": {
            "method": "GET", "route": "/orders/{id}", "status_code": "500",
            "request_id": "req-1", "outcome": "complete",
        },
        "contexts": {
            "trace": {"trace_id": TRACE_ID, "span_id": SPAN_ID, "parent_span_id": PARENT_ID},
        },
        "request": {"method": "GET", "url": "/orders/42"},
    });
    merge(&mut expected, with);
    expected
}

/// Objects are merged, everything else is replaced.
pub(crate) fn merge(into: &mut Value, from: Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            for (key, value) in from {
                merge(into.entry(key).or_insert(Value::Null), value);
            }
        }
        (into, from) => *into = from,
    }
}

#[derive(Debug)]
pub(crate) struct Failed(pub(crate) &'static str, pub(crate) Option<Box<Failed>>);

impl std::fmt::Display for Failed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for Failed {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(self.1.as_deref()?)
    }
}

/// An error with two causes, and a password in the innermost.
pub(crate) fn chain() -> ErrorRecord {
    let refused = Failed("postgres://app:hunter2@db/orders refused", None);
    let pool = Failed("no connection", Some(Box::new(refused)));
    ErrorRecord::of(&Failed("cannot place the order", Some(Box::new(pool))))
}
