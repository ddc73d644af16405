//! Outgoing calls over real HTTP: what each signal shows of one, and what the next service gets.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests, outside of #[test]")]

use std::future::pending;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::get;
use obs_axum::errors::{ErrorSettings, Errors};
use obs_axum::logging::{Logging, LoggingSettings};
use obs_axum::metrics::{Format, Metrics, MetricsSettings};
use obs_axum::tracing::{ServerSpans, TracingSettings};
use obs_axum::{Call, CallSite, Clock, RequestContext, Result, ServiceIdentity, observe_call};
use obs_core::export::{Envelope, EnvelopeSink, SpanKind, SpanRecord, SpanSink};
use obs_core::spans::SpanLayer;
use obs_core::tower::{HttpFacts, ObserveLayer};
use obs_core::{CallObserver, FieldValue, Lifecycle, set_call_observer};
use obs_stack::Stack;
use obs_testing::{Client, Protocol};
use serde_json::Value;
use tokio::net::TcpListener;
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::layer::SubscriberExt as _;

static SELECT: CallSite = CallSite::database("postgresql", "SELECT", "orders");
static INSERT: CallSite = CallSite::database("postgresql", "INSERT", "orders");
static CHARGE: CallSite = CallSite::http("POST", "payments");
static GET: CallSite = CallSite::cache("redis", "GET", "sessions");
static SEND: CallSite = CallSite::messaging("kafka", "send", "orders");

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

#[derive(Clone)]
struct Memory<T>(Arc<Mutex<Vec<T>>>);

impl<T> Default for Memory<T> {
    fn default() -> Self {
        Self(Arc::default())
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

/// A service with all signals, whose backends are memory.
struct Service {
    lifecycle: Arc<Lifecycle<Stack>>,
    metrics: Metrics,
    logging: Logging,
    lines: Memory<u8>,
    spans: Memory<SpanRecord>,
    events: Memory<Envelope>,
    clock: Clock,
}

impl Service {
    fn new() -> Self {
        let (clock, service) = (Clock::system(), ServiceIdentity::default());
        let (lines, spans) = (Memory::default(), Memory::default());
        let events = Memory::default();
        let metrics = Metrics::new(&MetricsSettings::default(), &service);
        let mut settings = LoggingSettings::default();
        settings.slow_call = Duration::from_millis(20);
        let output = Box::new(Memory::clone(&lines));
        let logging = Logging::with_output(settings, &service, clock.clone(), output);
        let tracing =
            ServerSpans::new(&TracingSettings::default(), Some(Arc::new(Memory::clone(&spans))));
        let mut dsn = ErrorSettings::default();
        dsn.dsn = Some("http://key@127.0.0.1:9/1".parse().unwrap());
        let errors = Errors::new(dsn, &service, Arc::new(Memory::clone(&events)));
        let stack = Stack::new()
            .with_metrics(Arc::clone(metrics.http()))
            .with_tracing(Arc::new(tracing))
            .with_logging(logging.access_log())
            .with_errors(errors);
        let lifecycle = Arc::new(Lifecycle::new(stack).with_clock(clock.clone()));
        Self { lifecycle, metrics, logging, lines, spans, events, clock }
    }

    /// Records the spans of the application, on this thread.
    fn record(&self) -> DefaultGuard {
        let layer = SpanLayer::new(self.clock.clone(), Some(Arc::new(self.spans.clone())));
        let subscriber = tracing_subscriber::registry()
            .with(layer)
            .with(self.logging.layer())
            .with(self.logging.filter());
        tracing::subscriber::set_default(subscriber)
    }

    async fn serve(&self, router: Router) -> SocketAddr {
        let layer = ObserveLayer::<Stack, HttpFacts>::new(Arc::clone(&self.lifecycle));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, router.layer(layer)).await });
        address
    }

    fn handle(&self) -> Arc<dyn CallObserver> {
        Arc::clone(&self.lifecycle) as _
    }

    /// The value of the series.
    fn value(&self, series: &str) -> Option<f64> {
        let text = self.metrics.render(Format::Text);
        let line = text.lines().find(|line| line.starts_with(series))?.to_owned();
        line.rsplit_once(' ').unwrap().1.parse().ok()
    }

    fn lines(&self) -> Vec<Value> {
        assert!(self.logging.flush(Duration::from_secs(20)));
        let text = String::from_utf8(self.lines.0.lock().unwrap().clone()).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    fn line(&self, message: &str) -> Value {
        let lines = self.lines();
        let found = lines.iter().find(|line| line["message"] == message);
        found.unwrap_or_else(|| panic!("no {message} in {lines:#?}")).clone()
    }

    fn span(&self, name: &str) -> SpanRecord {
        let spans = self.spans.0.lock().unwrap();
        let names: Vec<_> = spans.iter().map(|span| span.name.clone()).collect();
        let found = spans.iter().find(|span| span.name == name);
        found.unwrap_or_else(|| panic!("no {name} in {names:?}")).clone()
    }

    /// The error events.
    fn events(&self) -> Vec<Value> {
        let events = self.events.0.lock().unwrap();
        let event = |envelope: &Envelope| {
            let text = String::from_utf8(envelope.body.clone()).unwrap();
            serde_json::from_str(text.lines().nth(2).unwrap()).unwrap()
        };
        events.iter().map(event).collect()
    }
}

async fn ask(address: SocketAddr, headers: HeaderMap) -> StatusCode {
    let headers: Vec<_> =
        headers.iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap())).collect();
    let mut client = Client::connect(address, Protocol::Http1).await;
    client.call("GET", "/", &headers).await.unwrap().status
}

fn attribute<'a>(span: &'a SpanRecord, key: &str) -> Option<&'a FieldValue> {
    span.attributes.iter().find(|(known, _)| known == key).map(|(_, value)| value)
}

fn text(span: &SpanRecord, key: &str) -> String {
    attribute(span, key).map(ToString::to_string).unwrap_or_default()
}

#[tracing::instrument]
async fn load() -> io::Result<()> {
    observe_call(&SELECT, async {
        tokio::time::sleep(Duration::from_millis(25)).await;
        io::Result::Ok(())
    })
    .await?;
    observe_call(&INSERT, async { Err(io::Error::other("refused password=hunter2")) }).await
}

#[tokio::test]
async fn a_call_is_seen_in_every_signal_with_the_same_ids() {
    let service = Service::new();
    let _recorded = service.record();
    async fn handler() -> Result<&'static str> {
        load().await?;
        Ok("never")
    }
    let address = service.serve(Router::new().route("/", get(handler))).await;
    assert_eq!(ask(address, HeaderMap::new()).await, 500);

    let (server, load) = (service.span("GET"), service.span("load"));
    let (select, insert) = (service.span("SELECT orders"), service.span("INSERT orders"));
    assert_eq!(load.parent, Some(server.span_id));
    for call in [&select, &insert] {
        assert_eq!((call.kind, call.parent), (SpanKind::Client, Some(load.span_id)));
        assert_eq!(call.trace_id, server.trace_id);
        assert_eq!(text(call, "db.system.name"), "postgresql");
        assert_eq!(text(call, "db.collection.name"), "orders");
        assert_eq!(text(call, "db.query.summary"), call.name);
    }
    assert_eq!(text(&select, "db.operation.name"), "SELECT");
    assert!(select.end - select.start >= Duration::from_millis(20) && select.error.is_none());
    assert_eq!(insert.error.as_deref(), Some("refused password=[redacted]"));
    assert_eq!(text(&insert, "error.type"), "std::io::error::Error");

    for query in ["select", "insert"] {
        let count = format!("db_query_duration_seconds_count{{query_type=\"{query}\"}} ");
        assert_eq!(service.value(&count), Some(1.0));
    }
    assert_eq!(service.value("db_errors_total "), Some(1.0));
    let per_request = "db_queries_per_request_bucket{route=\"unknown\",le=\"2.0\"} ";
    assert_eq!(service.value(per_request), Some(1.0));

    let trace = server.trace_id.to_string();
    let slow = service.line("Slow call");
    assert_eq!(
        (slow["level"].as_str(), slow["target"].as_str()),
        (Some("WARN"), Some("obs.calls"))
    );
    assert_eq!(slow["trace_id"], trace);
    assert_eq!(slow["span_id"], select.span_id.to_string());
    assert_eq!(
        (slow["kind"].as_str(), slow["call_target"].as_str()),
        (Some("database"), Some("orders"))
    );
    assert_eq!(
        (slow["operation"].as_str(), slow["outcome"].as_str()),
        (Some("SELECT"), Some("success"))
    );
    assert!(slow["duration_ms"].as_f64().unwrap() >= 20.0);
    let slow_lines = service.lines().iter().filter(|line| line["message"] == "Slow call").count();
    assert_eq!(slow_lines, 1, "the other one was quick");
    let access = service.line("HTTP Request");
    assert_eq!((&access["trace_id"], &access["database_calls"]), (&trace.into(), &2.into()));
    assert_eq!(access["request_id"], slow["request_id"]);

    let events = service.events();
    let [event] = &events[..] else { panic!("{events:#?}") };
    assert_eq!(event["contexts"]["trace"]["trace_id"], server.trace_id.to_string());
    let crumbs = event["breadcrumbs"]["values"].as_array().unwrap();
    let messages: Vec<_> = crumbs.iter().map(|crumb| crumb["message"].as_str().unwrap()).collect();
    assert_eq!(messages, ["SELECT orders", "INSERT orders"]);
    assert_eq!((&crumbs[1]["level"], &crumbs[1]["type"]), (&"error".into(), &"query".into()));
    assert_eq!(crumbs[1]["data"]["error"], "refused password=[redacted]");
    assert!(!event.to_string().contains("hunter2"));
}

#[tokio::test]
async fn the_next_service_continues_at_the_innermost_span() {
    let (shop, payments) = (Service::new(), Service::new());
    let _recorded = shop.record();
    let seen = Memory::<HeaderMap>::default();
    let got = seen.clone();
    let paid = get(move |headers: HeaderMap| async move {
        got.0.lock().unwrap().push(headers);
        StatusCode::PAYMENT_REQUIRED
    });
    let next = payments.serve(Router::new().route("/", paid)).await;
    let handler = move || async move {
        // A call by hand.
        let mut call = Call::begin(&CHARGE);
        call.server("127.0.0.1", next.port());
        call.attribute("url.template", "/");
        let mut headers = HeaderMap::new();
        call.inject(&mut headers);
        call.http_status(ask(next, headers).await.as_u16());
        call.succeed();
        // A call around a future, with a call inside: the inner one goes out.
        let inner = async {
            let mut headers = HeaderMap::new();
            obs_axum::inject(&mut headers);
            ask(next, headers).await;
            observe_call(&GET, async { io::Result::Ok(()) }).await
        };
        observe_call(&SEND, inner).await.unwrap();
        // No call at all.
        let mut headers = HeaderMap::new();
        obs_axum::inject(&mut headers);
        ask(next, headers).await;
    };
    let address = shop.serve(Router::new().route("/", get(handler))).await;
    let mut headers = HeaderMap::new();
    headers.insert("traceparent", format!("00-{TRACE}-00f067aa0ba902b7-01").parse().unwrap());
    headers.insert("tracestate", "vendor=value".parse().unwrap());
    assert_eq!(ask(address, headers.clone()).await, 200);

    let (server, charge) = (shop.span("GET"), shop.span("POST /"));
    let (send, cache) = (shop.span("send orders"), shop.span("GET sessions"));
    assert_eq!((charge.kind, charge.parent), (SpanKind::Client, Some(server.span_id)));
    assert_eq!(text(&charge, "http.request.method"), "POST");
    assert_eq!(text(&charge, "server.address"), "127.0.0.1");
    assert_eq!(text(&charge, "server.port"), next.port().to_string());
    assert_eq!(text(&charge, "service.peer.name"), "payments");
    assert_eq!(text(&charge, "http.response.status_code"), "402");
    assert_eq!(text(&charge, "error.type"), "402");
    assert_eq!(charge.error.as_deref(), Some(""));
    assert_eq!((send.kind, send.parent), (SpanKind::Producer, Some(server.span_id)));
    assert_eq!(text(&send, "messaging.system"), "kafka");
    assert_eq!(text(&send, "messaging.destination.name"), "orders");
    assert_eq!(cache.parent, Some(send.span_id), "a call inside a call");
    assert_eq!(text(&cache, "db.system.name"), "redis");
    let parents: Vec<_> = payments.spans.0.lock().unwrap().iter().map(|span| span.parent).collect();
    assert_eq!(parents, [charge.span_id, send.span_id, server.span_id].map(Some));
    for headers in &*seen.0.lock().unwrap() {
        assert_eq!(headers["tracestate"], "vendor=value");
    }
    let failed = "external_request_duration_seconds_count{target=\"payments\",outcome=\"error\"} ";
    assert_eq!(shop.value(failed), Some(1.0));
    let cached = "cache_operations_total{cache=\"sessions\",op=\"get\"} ";
    assert_eq!(shop.value(cached), Some(1.0));
    let sent =
        "messaging_operation_duration_seconds_count{destination=\"orders\",outcome=\"success\"} ";
    assert_eq!(shop.value(sent), Some(1.0));

    // A trace that is not kept goes on as the request stands in it: no client span, no new parent.
    seen.0.lock().unwrap().clear();
    headers.insert("traceparent", format!("00-{TRACE}-00f067aa0ba902b7-00").parse().unwrap());
    let before = shop.spans.0.lock().unwrap().len();
    assert_eq!(ask(address, headers).await, 200);
    assert_eq!(shop.spans.0.lock().unwrap().len(), before);
    let seen = seen.0.lock().unwrap();
    assert_eq!(seen.len(), 3);
    for headers in &*seen {
        let outgoing = headers["traceparent"].to_str().unwrap();
        assert_eq!(outgoing, seen[0]["traceparent"].to_str().unwrap());
        assert!(outgoing.starts_with(&format!("00-{TRACE}-")) && outgoing.ends_with("-00"));
        assert_eq!(headers["tracestate"], "vendor=value");
    }
    assert_eq!(shop.value(failed), Some(2.0), "it is counted all the same");
}

#[tokio::test]
async fn cancelled_panicked_spawned_and_measured_calls_end_once() {
    let service = Service::new();
    let handler = || async {
        let cancelled = observe_call(&CHARGE, pending::<io::Result<()>>());
        assert!(tokio::time::timeout(Duration::from_millis(2), cancelled).await.is_err());
        drop(Call::begin(&CHARGE));
        let spawned = obs_axum::spawn(observe_call(&SELECT, async { io::Result::Ok(()) }));
        spawned.await.unwrap().unwrap();
        let panics = obs_axum::spawn(observe_call(&INSERT, async {
            panic!("on purpose");
            #[allow(unreachable_code, reason = "the type of the future")]
            io::Result::Ok(())
        }));
        assert!(panics.await.is_err());
        Call::begin(SELECT.measured(Instant::now(), Duration::from_secs(7))).succeed();
        let context = RequestContext::current().unwrap();
        assert_eq!(context.breadcrumbs().len(), 5);
    };
    let address = service.serve(Router::new().route("/", get(handler))).await;
    assert_eq!(ask(address, HeaderMap::new()).await, 200);
    let cancelled =
        "external_request_duration_seconds_count{target=\"payments\",outcome=\"cancelled\"} ";
    assert_eq!(service.value(cancelled), Some(2.0));
    assert_eq!(service.value("db_query_duration_seconds_count{query_type=\"select\"} "), Some(2.0));
    let seconds = service.value("db_query_duration_seconds_sum{query_type=\"select\"} ").unwrap();
    assert!((7.0..8.0).contains(&seconds), "{seconds}");
    let access = service.line("HTTP Request");
    assert_eq!((&access["database_calls"], &access["http_calls"]), (&3.into(), &2.into()));
    let panicked = service.span("INSERT orders");
    assert_eq!(text(&panicked, "error.type"), "panic");
    assert_eq!(text(&service.span("POST"), "error.type"), "cancelled");
    assert_eq!(service.span("POST").error, None);
    let lines = service.lines();
    let slow = lines.iter().filter(|line| line["message"] == "Slow call");
    assert_eq!(slow.filter(|line| line["duration_ms"] == 7000.0).count(), 1, "{lines:#?}");
}

#[tokio::test]
async fn a_call_belongs_to_its_request_else_to_the_named_handle_else_to_the_installed_one() {
    let (one, other) = (Service::new(), Service::new());
    let count = "db_query_duration_seconds_count{query_type=\"select\"} ";
    let counts = || (one.value(count).unwrap_or(0.0), other.value(count).unwrap_or(0.0));
    let select = || async { io::Result::Ok(()) };

    // No handle at all.
    observe_call(&SELECT, select()).await.unwrap();
    assert_eq!(counts(), (0.0, 0.0));
    // The named one.
    observe_call(SELECT.with(other.handle()), select()).await.unwrap();
    assert_eq!(counts(), (0.0, 1.0));
    // In a request the name makes no difference.
    let handle = other.handle();
    let handler = get(move || async move {
        observe_call(SELECT.with(handle), async { io::Result::Ok(()) }).await.unwrap();
    });
    let address = one.serve(Router::new().route("/", handler)).await;
    assert_eq!(ask(address, HeaderMap::new()).await, 200);
    assert_eq!(counts(), (1.0, 1.0));
    // The installed one, unless another is named. Its span is the root of a trace.
    assert!(set_call_observer(one.handle()).is_ok());
    observe_call(&SELECT, select()).await.unwrap();
    assert_eq!(counts(), (2.0, 1.0));
    observe_call(SELECT.with(other.handle()), select()).await.unwrap();
    assert_eq!(counts(), (2.0, 2.0));
    let spans = other.spans.0.lock().unwrap().clone();
    assert_eq!(spans.len(), 2, "{spans:#?}");
    assert!(spans.iter().all(|span| span.parent.is_none() && span.kind == SpanKind::Client));
    assert_ne!(spans[0].trace_id, spans[1].trace_id);
}
