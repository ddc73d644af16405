//! Whatever becomes of the backends: requests are answered, what is lost is told, the end is in time.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use obs_testing::{Fault, OK, Rotel, Scripted, faulty};
use rustix::process::Signal;
use serde_json::Value;

use crate::app::{FLAVORS, Flavor, start, start_unread};
use crate::harness::{Process, Scrape, eventually, get, raw};
use crate::lines::{self, undelivered};
use crate::traffic::{Ordered, orders, status};

const REQUESTS: u64 = 600;
/// Before a backend stops.
const BEFORE: u64 = 20;
const CONNECTIONS: u64 = 10;
const DEADLINE: Duration = Duration::from_millis(1500);
/// What a busy machine may take on top.
const SLACK: Duration = Duration::from_secs(1);

/// Where the backends are: spans by gRPC, and what goes by HTTP.
#[derive(Clone, Copy)]
struct Ports {
    grpc: u16,
    http: u16,
}

impl Ports {
    fn both(port: u16) -> Self {
        Self { grpc: port, http: port }
    }

    /// Little memory, so that loss shows while the service runs.
    fn variables(self, flavor: Flavor) -> Vec<(&'static str, String)> {
        let (port, protocol) = match flavor {
            Flavor::OneWorker => (self.http, "http/protobuf"),
            _ => (self.grpc, "grpc"),
        };
        vec![
            ("OTEL_EXPORTER_OTLP_ENDPOINT", format!("http://127.0.0.1:{port}")),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol.to_owned()),
            ("SENTRY_DSN", format!("http://key@127.0.0.1:{}/7", self.http)),
            ("OBS_EXPORT_QUEUE_BYTES", (64 * 1024).to_string()),
        ]
    }
}

fn variables(ports: Option<Ports>, flavor: Flavor) -> Vec<(&'static str, String)> {
    let mut variables = ports.map(|ports| ports.variables(flavor)).unwrap_or_default();
    variables.push(("OBS_SHUTDOWN_TIMEOUT_MS", DEADLINE.as_millis().to_string()));
    variables
}

/// One service for each kind of runtime.
async fn services(ports: Option<Ports>) -> Vec<Process> {
    let starts = FLAVORS.map(async |flavor| start(flavor, 1, &variables(ports, flavor)).await);
    join_all(starts).await
}

/// What the services must have handed over.
struct Accepted {
    spans: u64,
    events: u64,
}

impl Accepted {
    fn of(ordered: &[Ordered]) -> Self {
        let count = |is: fn(&&Ordered) -> bool| ordered.iter().filter(is).count() as u64;
        Self {
            spans: 2 * count(|ordered| ordered.is_kept()),
            events: count(|ordered| status(ordered.number) == 500),
        }
    }
}

async fn scrape(service: &Process) -> Scrape {
    Scrape::parse(get(service.addr, "/metrics").await.text())
}

async fn exported(service: &Process, what: &str, signal: &str) -> u64 {
    let name = format!("obs_export_{what}_total");
    scrape(service).await.value(&name, &[("signal", signal)])
}

/// Ends the service, which must be in time.
async fn exit(service: &mut Process) {
    let began = Instant::now();
    service.signal(Signal::TERM);
    assert!(service.exit().await.success());
    let took = began.elapsed();
    assert!(took < DEADLINE + SLACK, "the end took {took:?}");
}

/// Ends the service, and gives its log.
async fn end(mut service: Process) -> Vec<Value> {
    exit(&mut service).await;
    let lines = lines::parse(&service.output()[0]);
    let access = lines.iter().filter(|line| line["path"].as_str().is_some_and(is_order));
    assert!(access.count() as u64 >= REQUESTS, "every request has its line");
    lines
}

fn is_order(path: &str) -> bool {
    path.starts_with("/orders/")
}

/// Everything but the spans of the orders `before` is lost, shown and told.
async fn lost(service: Process, before: &[Ordered]) {
    let ordered = orders(&service, BEFORE..BEFORE + REQUESTS, CONNECTIONS).await;
    let (delivered, lost) = (Accepted::of(before), Accepted::of(&ordered));
    let signals = [
        ("traces", delivered.spans, delivered.spans + lost.spans),
        ("errors", 0, delivered.events + lost.events),
    ];
    for (signal, delivered, accepted) in signals {
        eventually(async || exported(&service, "accepted", signal).await, accepted, signal).await;
        let loss = async || exported(&service, "dropped", signal).await > 0;
        eventually(loss, true, "the loss shows while the service runs").await;
        assert_eq!(exported(&service, "written", signal).await, delivered);
    }
    let lines = end(service).await;
    for (signal, delivered, accepted) in signals {
        assert_eq!(undelivered(&lines, signal), Some((accepted - delivered, accepted)), "{signal}");
    }
}

async fn all_is_lost(port: u16) {
    join_all(services(Some(Ports::both(port))).await.into_iter().map(|service| lost(service, &[])))
        .await;
}

#[tokio::test]
async fn absent_backends_are_nothing_to_tell_of() {
    let unaffected = services(None).await.into_iter().map(async |service| {
        orders(&service, 0..REQUESTS, CONNECTIONS).await;
        assert!(!scrape(&service).await.has("obs_export_accepted_total"));
        let lines = end(service).await;
        assert_eq!((undelivered(&lines, "traces"), undelivered(&lines, "errors")), (None, None));
    });
    join_all(unaffected).await;
}

#[tokio::test]
async fn dead_backends_cost_no_request_and_no_exit() {
    all_is_lost(faulty(Fault::Refuses)).await;
}

#[tokio::test]
async fn resetting_backends_cost_no_request_and_no_exit() {
    all_is_lost(faulty(Fault::Resets)).await;
}

#[tokio::test]
async fn refusing_backends_cost_no_request_and_no_exit() {
    all_is_lost(Scripted::new(&["400 Bad Request\r\n"]).port).await;
}

#[tokio::test]
async fn overloaded_backends_cost_no_request_and_no_exit() {
    all_is_lost(Scripted::new(&["503 Service Unavailable\r\nretry-after: 60\r\n"]).port).await;
}

/// `kill -STOP`: connections are there, and nobody reads.
#[tokio::test]
async fn a_stopped_backend_costs_no_request_and_no_exit() {
    let test = "a_stopped_backend_costs_no_request_and_no_exit";
    let Some(rotel) = Rotel::start(test) else { return };
    let services = services(Some(Ports { grpc: rotel.grpc(), http: rotel.http() })).await;
    let before = join_all(services.iter().map(async |service| {
        let before = orders(service, 0..BEFORE, CONNECTIONS).await;
        let written = Accepted::of(&before).spans;
        eventually(async || exported(service, "written", "traces").await, written, "spans").await;
        before
    }));
    let before = before.await;
    rotel.signal(Signal::STOP);
    join_all(services.into_iter().zip(&before).map(|(service, before)| lost(service, before)))
        .await;
}

/// The deadline leaves no time for the exports: the loss is told all the same.
#[tokio::test]
async fn the_loss_is_told_when_requests_outlast_the_deadline() {
    let port = faulty(Fault::NeverReads);
    let told = services(Some(Ports::both(port))).await.into_iter().map(async |service| {
        let ordered = orders(&service, 0..REQUESTS, CONNECTIONS).await;
        let _socket = raw(service.addr, "GET /forever HTTP/1.1\r\nhost: t\r\n\r\n").await;
        eventually(async || scrape(&service).await.in_flight(), 1, "the request to run").await;
        let accepted = Accepted::of(&ordered);
        let lines = end(service).await;
        // The request under way is cut off: its span comes, or the process ends first.
        let (dropped, of) = undelivered(&lines, "traces").unwrap();
        assert!(dropped == of && of >= accepted.spans, "{dropped} of {of}");
        assert_eq!(undelivered(&lines, "errors"), Some((accepted.events, accepted.events)));
    });
    join_all(told).await;
}

/// A stream that never ends uses up what requests may use, but not what delivery needs.
#[tokio::test]
async fn a_request_that_never_ends_costs_nothing_but_itself() {
    let backend = Scripted::new(&[OK]);
    let flavor = Flavor::OneWorker;
    let mut variables = variables(Some(Ports::both(backend.port)), flavor);
    variables.push(("OBS_EXPORT_QUEUE_BYTES", (1 << 24).to_string()));
    // Nothing is sent before the end.
    variables.push(("OBS_EXPORT_INTERVAL_MS", "60000".to_owned()));
    let service = start(flavor, 1, &variables).await;
    orders(&service, 0..BEFORE, CONNECTIONS).await;
    let _socket = raw(service.addr, "GET /forever HTTP/1.1\r\nhost: t\r\n\r\n").await;
    eventually(async || scrape(&service).await.in_flight(), 1, "the request to run").await;
    let mut service = service;
    exit(&mut service).await;
    let lines = lines::parse(&service.output()[0]);
    assert_eq!((undelivered(&lines, "traces"), undelivered(&lines, "errors")), (None, None));
    assert!(!backend.got().is_empty(), "what was observed before is delivered");
}

/// The export uses the deadline up, and then the log cannot be written either.
#[tokio::test]
async fn a_log_that_nobody_reads_costs_no_request_and_no_exit() {
    let ports = Some(Ports::both(faulty(Fault::NeverReads)));
    let ended = FLAVORS.map(async |flavor| {
        let mut service = start_unread(flavor, &variables(ports, flavor)).await;
        orders(&service, 0..REQUESTS, CONNECTIONS).await;
        exit(&mut service).await;
    });
    join_all(ended).await;
}
