//! `/metrics` and the probes.
#![allow(clippy::panic, clippy::unwrap_used, reason = "helpers of tests, outside of #[test]")]

use std::sync::Arc;

use actix_web::middleware::NormalizePath;
use actix_web::web::{self, ServiceConfig};
use actix_web::{App, HttpServer};
use obs_actix::Observe as _;
use obs_core::source::{Collector, Family, Kind, Source, Value};

use crate::harness::{Server, setup};

fn configure(config: &mut ServiceConfig) {
    config.route("/", web::get().to(|| async { "ok" }));
}

#[actix_web::test]
async fn endpoints_answer_get_and_head_and_are_not_observed() {
    let server = Server::start(configure);
    for path in [
        "/metrics",
        "/metrics/summary",
        "/metrics/cardinality",
        "/live",
        "/startup",
        "/ready",
        "/health",
    ] {
        let got = server.call("GET", path).await;
        assert_eq!(got.status(), 200, "{path}");
        assert!(!got.body().is_empty(), "{path}");
        assert_eq!(got.header("cache-control"), Some("no-store"), "{path}");
        assert_eq!(got.header("x-request-id"), None, "{path}");
        let head = server.call("HEAD", path).await;
        assert_eq!((head.status(), head.body()), (200, ""), "{path}");
        assert_eq!(head.header("content-type"), got.header("content-type"), "{path}");
        let posted = server.call("POST", path).await;
        assert_eq!((posted.status(), posted.header("allow")), (405, Some("GET, HEAD")), "{path}");
    }
    let gzip = server.send("HEAD", "/metrics", "accept-encoding: gzip\r\n").await;
    assert_eq!((gzip.header("content-encoding"), gzip.body()), (Some("gzip"), ""));
    assert_eq!(server.counted().await, []);
    server.call("GET", "/").await;
    assert_eq!(server.counted().await.len(), 1);
}

/// A middleware further in changes the path, so that the middleware of obs sees another one.
#[actix_web::test]
async fn endpoints_at_normalized_paths_are_not_observed() {
    let setup = setup().with_settings(|settings| settings.endpoints_prefix = "/internal".into());
    let obs = setup.build();
    let shared = obs.clone();
    let app = move || {
        let app = App::new().configure(configure).configure(shared.routes());
        app.wrap(NormalizePath::trim()).wrap(shared.middleware())
    };
    let server = HttpServer::new(app).workers(1).disable_signals().bind(("127.0.0.1", 0)).unwrap();
    let (addr, server) = (server.addrs()[0], server.run());
    let server = Server::of(obs, addr, server);
    for path in ["/internal/metrics/", "//internal//metrics", "/internal/live//", "/internal/live"]
    {
        let answer = server.call("GET", path).await;
        assert_eq!((answer.status(), answer.header("x-request-id")), (200, None), "{path}");
        assert_eq!(server.call("POST", path).await.status(), 405, "{path}");
    }
    assert_eq!((server.counted().await, server.in_flight().await), (vec![], 0));
    // What is no endpoint is counted, whatever it looks like.
    assert_eq!(server.call("GET", "/internal/metrics/none/").await.status(), 404);
    assert_eq!(server.counted().await, [("GET".into(), "unknown".into(), 404, 1)]);
}

/// DAIRY-39.
#[actix_web::test]
async fn metrics_are_answered_in_the_format_that_is_asked_for() {
    const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";
    const OPENMETRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    const PROTOBUF: &str = "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited";
    let native = if cfg!(feature = "native-histograms") { PROTOBUF } else { TEXT };
    let server = Server::start(configure);
    for (accept, content_type) in [
        (None, TEXT),
        (Some("*/*"), TEXT),
        (Some("application/openmetrics-text"), OPENMETRICS),
        (Some(PROTOBUF), native),
    ] {
        let header = accept.map_or(String::new(), |accept| format!("accept: {accept}\r\n"));
        // The harness reads texts: of a message only the head.
        let method = if content_type == PROTOBUF { "HEAD" } else { "GET" };
        let answer = server.send(method, "/metrics", &header).await;
        assert_eq!(answer.header("content-type"), Some(content_type), "{accept:?}");
        assert_eq!(answer.header("vary"), Some("accept, accept-encoding"));
        if method == "GET" {
            // In chunks, of which the last is empty.
            let end = answer.body().ends_with("\n# EOF\n\r\n0\r\n\r\n");
            assert_eq!(end, content_type == OPENMETRICS, "{}", answer.body());
        }
    }
}

#[actix_web::test]
async fn the_summary_is_json() {
    let server = Server::start(|config: &mut ServiceConfig| {
        let limited = || async { actix_web::HttpResponse::TooManyRequests().finish() };
        config.route("/limited", web::get().to(limited));
    });
    server.call("GET", "/limited").await;
    assert_eq!(server.counted().await.len(), 1);
    let answer = server.call("GET", "/metrics/summary").await;
    assert_eq!(answer.header("content-type"), Some("application/json"));
    let summary: serde_json::Value = serde_json::from_str(answer.body()).unwrap();
    for (key, number) in [
        ("requests_total", 1.0),
        ("errors_4xx", 1.0),
        ("errors_5xx", 0.0),
        ("rate_limit_hits", 1.0),
        ("error_rate", 100.0),
    ] {
        assert_eq!(summary[key].as_f64(), Some(number), "{key}");
    }
    assert_eq!(summary["routes"]["/limited"]["requests_GET"], 1);
}

#[actix_web::test]
async fn a_path_of_the_applications_own_is_observed() {
    let server = Server::start(|config: &mut ServiceConfig| {
        config.route("/health", web::get().to(|| async { "my own" }));
    });
    assert_eq!(server.call("GET", "/health").await.body(), "my own");
    assert_eq!(server.call("GET", "/live").await.status(), 200);
    assert_eq!(server.counted().await, [("GET".into(), "/health".into(), 200, 1)]);
}

#[actix_web::test]
async fn the_prefix_of_the_settings_moves_them() {
    let setup = setup().with_settings(|settings| settings.endpoints_prefix = "/internal".into());
    let server = Server::with(setup.build(), configure);
    assert_eq!(server.call("GET", "/internal/live").await.status(), 200);
    assert_eq!(server.call("GET", "/live").await.status(), 404);
    assert_eq!(server.counted().await, [("GET".into(), "unknown".into(), 404, 1)]);
}

/// A family that fills a chunk, and then what no rendering survives.
struct Deadly;

struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("even its panic panics");
    }
}

impl Source for Deadly {
    fn collect(&self, out: &mut dyn Collector) {
        out.family(&Family::new("stock", Kind::Gauge, "In stock."));
        for product in 0..2000 {
            out.sample(&[("product", &format!("{product:060}"))], Value::Integer(1));
        }
        out.family(&Family::new("rest", Kind::Gauge, "What is left."));
        std::panic::panic_any(Bomb);
    }
}

#[actix_web::test]
async fn a_rendering_that_dies_cuts_the_connection() {
    let server = Server::start(configure);
    server.obs.add_source(Arc::new(Deadly));
    let cut = server.call("GET", "/metrics").await;
    assert_eq!(cut.status(), 200, "it began well");
    assert!(cut.body().contains("stock{product="));
    assert!(!cut.body().ends_with("0\r\n\r\n"), "it ended well");
}
