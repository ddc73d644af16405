//! Requests through the real request layer, and the spans that come out of it.
#![allow(dead_code, reason = "each test binary uses a part")]

pub(crate) mod asked;

use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Response};
use http_body_util::{BodyExt, Full};
use obs_core::export::{SpanRecord, SpanSink};
use obs_core::source::{Collector, Family, Source, Value};
use obs_core::spans::SpanLayer;
use obs_core::tower::{ObserveLayer, RequestFacts};
use obs_core::{Clock, Facts, FakeClock, FieldValue, Lifecycle, Route};
use obs_tracing::{ServerSpans, TracingSettings};
use tower::{Layer, ServiceExt, service_fn};
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::layer::SubscriberExt;

#[derive(Default)]
pub(crate) struct Memory(Mutex<Vec<Vec<SpanRecord>>>);

impl SpanSink for Memory {
    fn push(&self, spans: Vec<SpanRecord>) {
        self.0.lock().unwrap().push(spans);
    }
}

impl Memory {
    /// What was pushed, push by push.
    pub(crate) fn pushes(&self) -> Vec<Vec<SpanRecord>> {
        self.0.lock().unwrap().clone()
    }

    pub(crate) fn spans(&self) -> Vec<SpanRecord> {
        self.pushes().concat()
    }

    pub(crate) fn named(&self, name: &str) -> SpanRecord {
        let spans = self.spans();
        let found = spans.iter().find(|span| span.name == name);
        found.unwrap_or_else(|| panic!("no span {name} in {spans:#?}")).clone()
    }

    /// Waits for a span that ends later.
    pub(crate) async fn later(&self, name: &str) -> SpanRecord {
        let wait = async {
            while !self.spans().iter().any(|span| span.name == name) {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), wait).await.expect("in time");
        self.named(name)
    }
}

/// One installation, on a clock of its own.
pub(crate) struct Service {
    pub(crate) lifecycle: Arc<Lifecycle<ServerSpans>>,
    pub(crate) memory: Arc<Memory>,
    pub(crate) clock: FakeClock,
    pub(crate) layer: SpanLayer,
}

impl Service {
    pub(crate) fn new(settings: &TracingSettings) -> Self {
        let memory = Arc::new(Memory::default());
        let (clock, hand) = Clock::fake();
        let spans = ServerSpans::new(settings, Some(memory.clone()));
        let layer = SpanLayer::new(clock.clone(), spans.sink());
        let lifecycle = Arc::new(Lifecycle::new(spans).with_clock(clock));
        Self { lifecycle, memory, clock: hand, layer }
    }

    /// Spans of this thread are recorded while the guard lives.
    pub(crate) fn subscribe(&self) -> DefaultGuard {
        let subscriber = tracing_subscriber::registry().with(self.layer.clone());
        tracing::subscriber::set_default(subscriber)
    }

    /// A request to `handler`, up to the end of the response's body.
    pub(crate) async fn send<H, F>(&self, request: Request<()>, handler: H) -> http::StatusCode
    where
        H: Fn() -> F,
        F: Future<Output = Response<Full<Bytes>>>,
    {
        let inner = service_fn(|_: Request<()>| async { Ok::<_, Infallible>(handler().await) });
        let observe = ObserveLayer::<_, Known>::new(Arc::clone(&self.lifecycle));
        let response = observe.layer(inner).oneshot(request).await.unwrap();
        let (head, body) = response.into_parts();
        let _ = body.collect().await;
        head.status
    }

    pub(crate) async fn get<H, F>(&self, handler: H)
    where
        H: Fn() -> F,
        F: Future<Output = ()>,
    {
        let handler = async || {
            handler().await;
            ok()
        };
        self.send(Request::get("/orders/42").body(()).unwrap(), handler).await;
    }

    pub(crate) fn counts(&self) -> Vec<(String, u64)> {
        let mut counts = Counts::default();
        self.lifecycle.observer().collect(&mut counts);
        self.layer.collect(&mut counts);
        counts.0
    }

    pub(crate) fn count(&self, name: &str) -> u64 {
        let counts = self.counts();
        counts.iter().find(|(known, _)| known == name).map(|(_, value)| *value).expect(name)
    }
}

pub(crate) fn ok() -> Response<Full<Bytes>> {
    Response::new(Full::new(Bytes::from_static(b"hello")))
}

/// Facts as an adapter has them; everything under `/orders` has a route.
pub(crate) struct Known {
    method: Method,
    path: String,
}

impl RequestFacts for Known {
    fn of<B>(request: &Request<B>) -> Self {
        Self { method: request.method().clone(), path: request.uri().path().to_owned() }
    }
}

impl Facts for Known {
    fn method(&self) -> &str {
        self.method.as_str()
    }

    fn path(&self) -> &str {
        &self.path
    }

    fn route(&self) -> Option<Route<'_>> {
        let known = self.path.starts_with("/orders");
        known.then_some(Route { pattern: "/orders/{id}", owner: &"/orders/{id}" })
    }

    fn protocol_version(&self) -> Option<&'static str> {
        Some("1.1")
    }
}

/// The value of an attribute.
pub(crate) fn attribute<'a>(span: &'a SpanRecord, key: &str) -> Option<&'a FieldValue> {
    let mut found = span.attributes.iter().filter(|(known, _)| known == key);
    let value = found.next().map(|(_, value)| value);
    assert!(found.next().is_none(), "{key} twice in {span:#?}");
    value
}

/// All attributes, a line each, in the order in which they were put; the request id is random.
pub(crate) fn shown(span: &SpanRecord) -> String {
    let line = |(key, value): &(std::borrow::Cow<'static, str>, FieldValue)| match key.as_ref() {
        "obs.request_id" => "obs.request_id=..".to_owned(),
        key => format!("{key}={value}"),
    };
    let mut lines = vec![format!("{:?} {:?}", span.kind, span.name)];
    lines.extend(span.attributes.iter().map(line));
    lines.extend(span.error.as_ref().map(|error| format!("failed: {error:?}")));
    lines.join("\n")
}

#[derive(Default)]
struct Counts(Vec<(String, u64)>);

impl Collector for Counts {
    fn family(&mut self, family: &Family<'_>) {
        self.0.push((family.name.to_owned(), 0));
    }

    fn sample(&mut self, _: &[(&str, &str)], value: Value<'_>) {
        if let (Some((_, count)), Value::Integer(value)) = (self.0.last_mut(), value) {
            *count = value;
        }
    }
}
