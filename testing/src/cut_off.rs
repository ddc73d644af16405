//! A service with two listeners, and requests that outlive its shutdown: the same for every adapter.
//!
//! The service has the routes `/other` (the address of the other listener), `/wait/{millis}` and
//! `/events`, a stream that never ends, on both listeners, and serves until SIGTERM.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;

use crate::receivers::{self, Point, Receiver, Span};
use crate::{PATIENCE, Process, Signal, get, raw};

/// How long accepting goes on after SIGTERM.
const DELAY: Duration = Duration::from_millis(200);
/// A quarter of it is kept for delivering.
const TIMEOUT: Duration = Duration::from_millis(1600);

/// Runs the service of `test` so many times, one after the other, and the right end each time.
pub async fn everything_is_ended_and_delivered(test: &str, times: u32) {
    for _ in 0..times {
        one(test).await;
    }
}

async fn one(test: &str) {
    let traces = receivers::traces().await.unwrap();
    let metrics = receivers::metrics().await.unwrap();
    let mut service = start(test, &traces, &metrics);
    service.answers().await;
    let first = service.addr;
    let second: SocketAddr = get(first, "/other").await.text().parse().unwrap();

    let beyond = [open(first, "/wait/60000").await, open(second, "/wait/60000").await];
    let mut streams = [open(first, "/events").await, open(second, "/events").await];
    for stream in &mut streams {
        let mut head = [0; 15];
        stream.read_exact(&mut head).await.unwrap();
        assert_eq!(&head, b"HTTP/1.1 200 OK");
    }
    let in_time = [first, second].map(|addr| {
        let request = get(addr, "/wait/500");
        tokio::spawn(async move { request.await.text().to_owned() })
    });
    shown(first, "http_requests_in_flight", 6.0).await;

    let begun = Instant::now();
    service.signal(Signal::TERM);
    // Both still accept, and say that they are not ready.
    for addr in [first, second] {
        let deadline = Instant::now() + DELAY / 2;
        while get(addr, "/ready").await.status != 503 {
            assert!(Instant::now() < deadline, "not ready");
        }
    }
    for request in in_time {
        assert_eq!(request.await.unwrap(), "waited 500");
    }
    assert!(service.exit().await.success());
    let took = begun.elapsed();
    assert!(took >= TIMEOUT * 3 / 4, "requests have their time: {took:?}");
    drop((beyond, streams));

    let [log, _] = service.output();
    let lines: Vec<Value> =
        log.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let ends = [
        (("/wait/60000", "cancelled"), 2),
        (("/events", "cancelled_in_body"), 2),
        (("/wait/500", "complete"), 2),
    ];
    let ends: BTreeMap<_, u64> = ends.into_iter().collect();
    let is_open = |path: &str| ends.keys().any(|(known, _)| *known == path);
    let mut in_lines = BTreeMap::new();
    for line in &lines {
        if let (Some(path), Some(outcome)) = (line["path"].as_str(), line["outcome"].as_str()) {
            *in_lines.entry((path, outcome)).or_default() += u64::from(is_open(path));
        }
    }
    in_lines.retain(|_, count| *count > 0);
    assert_eq!(in_lines, ends, "lines\n{log}");

    let spans = traces.received().recent.clone();
    let mut in_spans = BTreeMap::new();
    for span in &spans {
        if let Some(path) = span.attribute("url.path").filter(|path| is_open(path)) {
            let outcome = span.attribute("obs.outcome").unwrap_or("complete");
            *in_spans.entry((path, outcome)).or_default() += 1;
        }
    }
    assert_eq!(in_spans.values().sum::<u64>(), 6, "spans {in_spans:?}\n{log}");

    let points = metrics.received().recent.clone();
    let last = |name: &str, labels: &[(&str, &str)]| {
        let fits = |point: &&Point| {
            point.name == name && labels.iter().all(|(key, value)| point.labels[*key] == *value)
        };
        points.iter().rev().find(fits).map(|point| point.value)
    };
    assert_eq!(last("obs_requests_cut_total", &[]), Some(4.0), "{log}");
    for (route, status) in [("/wait/{millis}", "499"), ("/events", "200")] {
        let labels = [("route", route), ("status_code", status)];
        assert_eq!(last("http_requests_total", &labels), Some(2.0), "{route} {status}\n{log}");
    }
    let last = lines.last().and_then(|line| line["message"].as_str()).unwrap_or_default();
    assert_eq!(
        last,
        "stopped: 4 requests (obs_requests_cut_total) and 0 jobs (obs_jobs_cut_total) were cut off, 0 log \
         lines, spans, metrics and events were lost since the start"
    );
    assert!(!log.contains("a second signal"), "{log}");
}

fn start(test: &str, traces: &Receiver<Span>, metrics: &Receiver<Point>) -> Process {
    let endpoint = |signal: &str, addr: SocketAddr| format!("http://{addr}/v1/{signal}");
    let variables = [
        ("OBS_SHUTDOWN_DELAY_MS", DELAY.as_millis().to_string()),
        ("OBS_SHUTDOWN_TIMEOUT_MS", TIMEOUT.as_millis().to_string()),
        ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", endpoint("traces", traces.address)),
        ("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", endpoint("metrics", metrics.address)),
    ];
    Process::start(test, &variables)
}

async fn open(addr: SocketAddr, path: &str) -> TcpStream {
    raw(addr, format!("GET {path} HTTP/1.1\r\nhost: t\r\n\r\n")).await
}

/// Waits until a series without labels has this value.
async fn shown(addr: SocketAddr, name: &str, value: f64) {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let text = get(addr, "/metrics").await;
        let series =
            text.text().lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        if series.is_some_and(|shown| shown.parse() == Ok(value)) {
            return;
        }
        assert!(Instant::now() < deadline, "{name} is {series:?}, never {value}");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}
