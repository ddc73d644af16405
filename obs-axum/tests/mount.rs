//! Where the one line may stand, and what it puts next to the application.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests")]

mod harness;

use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::middleware::{Next, from_fn};
use axum::routing::get;
use obs_axum::metrics::{Capped, Definition};
use obs_axum::{Check, Endpoints, Obs, Observe as _, Observed, Reader, Setup};
use tower::ServiceExt as _;

use harness::{Client, Protocol, Scrape, Server, eventually, get as fetch, obs};

async fn ok() -> &'static str {
    "ok"
}

fn app() -> Router {
    Router::new().route("/", get(ok))
}

/// What was counted under which route, and how often it was found mounted twice.
async fn assert_counted(obs: &Obs, routes: &[(&str, u64)], twice: u64) {
    let expected: Vec<_> = routes.iter().map(|(route, n)| ((*route).to_owned(), *n)).collect();
    let look = async || {
        let scrape = Scrape::of(obs).await;
        let counted: Vec<_> =
            scrape.requests().into_iter().map(|(_, route, _, count)| (route, count)).collect();
        (counted, scrape.in_flight(), scrape.observed_twice())
    };
    eventually(look, (expected, 0, twice), "routes, in flight, observed twice").await;
}

#[tokio::test]
async fn an_inner_router_of_the_same_handle_does_nothing() {
    let obs = obs();
    let inner = Router::new().route("/{id}", get(ok)).observe_with(&obs, Endpoints::new());
    let app = app().nest_service("/inner", inner);
    let server = Server::start(app.observe(&obs)).await;
    for _ in 0..3 {
        let answer = fetch(server.addr, "/inner/7").await;
        assert_eq!((answer.status.as_u16(), answer.text()), (200, "ok"));
        assert_eq!(answer.headers.get_all("x-request-id").iter().count(), 1);
    }
    assert_eq!(fetch(server.addr, "/").await.status, 200);
    assert_counted(&obs, &[("/", 1), ("/inner/{id}", 3)], 3).await;
}

#[tokio::test]
async fn a_call_in_process_belongs_to_the_request_that_makes_it() {
    let obs = obs();
    let inner = Router::new().route("/inner", get(ok)).observe(&obs);
    let call = {
        let inner = inner.clone();
        move || async move {
            let request = Request::get("/inner").body(Body::empty()).unwrap();
            inner.oneshot(request).await.unwrap()
        }
    };
    let server = Server::start(Router::new().route("/outer", get(call)).observe(&obs)).await;
    assert_eq!(fetch(server.addr, "/outer").await.text(), "ok");
    assert_counted(&obs, &[("/outer", 1)], 1).await;

    // Outside of any request it is a request like any other.
    let request = Request::get("/inner").body(Body::empty()).unwrap();
    let response = inner.oneshot(request).await.unwrap();
    drop(response);
    assert_counted(&obs, &[("/inner", 1), ("/outer", 1)], 1).await;
}

#[tokio::test]
async fn two_handles_both_count() {
    let (outer, inner) = (obs(), obs());
    let nested = Router::new().route("/{id}", get(ok)).observe(&inner);
    let server = Server::start(app().nest_service("/in", nested).observe(&outer)).await;
    let answer = fetch(server.addr, "/in/7").await;
    assert_eq!(answer.text(), "ok");
    assert_eq!(answer.headers.get_all("x-request-id").iter().count(), 1);
    assert_counted(&outer, &[("/in/{id}", 1)], 0).await;
    assert_counted(&inner, &[("/in/{id}", 1)], 0).await;
}

const ENDPOINTS: [(&str, &str); 5] = [
    ("/metrics", "text/plain; version=0.0.4; charset=utf-8"),
    ("/live", "application/json"),
    ("/startup", "application/json"),
    ("/ready", "application/json"),
    ("/health", "application/json"),
];

#[tokio::test]
async fn endpoints_answer_unobserved() {
    let obs = obs();
    let server = Server::start(app().observe(&obs)).await;
    let mut client = Client::connect(server.addr, Protocol::Http1).await;
    for (path, content_type) in ENDPOINTS {
        let whole = client.call("GET", path, &[]).await.unwrap();
        let head = client.call("HEAD", path, &[]).await.unwrap();
        for answer in [&whole, &head] {
            assert_eq!(answer.status, 200, "{path}");
            assert_eq!(answer.header("content-type"), Some(content_type), "{path}");
            assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
        }
        assert!(!whole.body.is_empty() && head.body.is_empty(), "{path}");
        assert_eq!(client.call("POST", path, &[]).await.unwrap().status, 405, "{path}");
    }
    for (protocol, method) in
        [(Protocol::Http1, "GET"), (Protocol::Http1, "HEAD"), (Protocol::Http2, "GET")]
    {
        let mut client = Client::connect(server.addr, protocol).await;
        let gzip = [("accept-encoding", "br;q=0.9, gzip;q=0.8")];
        let gzip = client.call(method, "/metrics", &gzip).await.unwrap();
        assert_eq!(gzip.header("content-encoding"), Some("gzip"), "{protocol:?}");
        let magic: &[u8] = if method == "HEAD" { &[] } else { &[0x1f, 0x8b] };
        assert_eq!(&gzip.body[..magic.len()], magic, "{protocol:?}");
        assert_eq!(gzip.body.is_empty(), method == "HEAD");
    }
    assert_counted(&obs, &[], 0).await;
}

/// DAIRY-39.
#[tokio::test]
async fn metrics_are_answered_in_the_format_that_is_asked_for() {
    const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";
    const OPENMETRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    const PROTOBUF: &str = "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited";
    let native = if cfg!(feature = "native-histograms") { PROTOBUF } else { TEXT };
    let server = Server::start(app().observe(&obs())).await;
    let mut client = Client::connect(server.addr, Protocol::Http1).await;
    for (accept, content_type) in [
        (None, TEXT),
        (Some("*/*"), TEXT),
        (Some("application/openmetrics-text"), OPENMETRICS),
        (
            Some("application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5"),
            OPENMETRICS,
        ),
        (Some(PROTOBUF), native),
    ] {
        let headers: Vec<_> = accept.map(|accept| ("accept", accept)).into_iter().collect();
        let answer = client.call("GET", "/metrics", &headers).await.unwrap();
        assert_eq!(answer.header("content-type"), Some(content_type), "{accept:?}");
        assert_eq!(answer.header("vary"), Some("accept, accept-encoding"));
        assert_eq!(answer.header("content-encoding"), None);
        if content_type == PROTOBUF {
            // A message that begins with the name of its family.
            assert!(answer.body[1..].starts_with(b"\x0a") || answer.body[2..].starts_with(b"\x0a"));
        } else {
            assert!(answer.text().contains("\nhttp_requests_in_flight 0\n"), "{accept:?}");
            assert_eq!(answer.text().ends_with("\n# EOF\n"), content_type == OPENMETRICS);
        }
    }
}

/// What is scraped over the socket is what the handle says.
#[tokio::test]
async fn the_scrape_shows_the_requests() {
    let server = Server::start(app().observe(&obs())).await;
    fetch(server.addr, "/").await;
    let look = async || Scrape::parse(fetch(server.addr, "/metrics").await.text()).requests();
    let expected = vec![("GET".to_owned(), "/".to_owned(), 200, 1)];
    eventually(look, expected, "the request").await;
}

async fn assert_mounted(app: Observed, mounted: &[&str], not: &[&str]) {
    let server = Server::start(app).await;
    for path in mounted {
        assert_eq!(fetch(server.addr, path).await.status, 200, "{path}");
    }
    for path in not {
        assert_eq!(fetch(server.addr, path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn endpoints_can_be_left_out_and_moved() {
    let root = [
        "/metrics",
        "/metrics/summary",
        "/metrics/cardinality",
        "/live",
        "/startup",
        "/ready",
        "/health",
    ];
    let internal = [
        "/internal/metrics",
        "/internal/metrics/summary",
        "/internal/metrics/cardinality",
        "/internal/live",
        "/internal/startup",
        "/internal/ready",
    ];
    let some = Endpoints::new().without_health().prefix("/internal");
    let app_with_health = || app().route("/health", get(ok));
    assert_mounted(
        app_with_health().observe_with(&obs(), some),
        &[internal.as_slice(), &["/health"]].concat(),
        &["/metrics", "/live", "/ready", "/internal/health"],
    )
    .await;

    let none = Endpoints::new().without_metrics().without_live().without_startup();
    let none = none.without_ready().without_health();
    assert_mounted(app().observe_with(&obs(), none), &["/"], &root).await;

    let set = |name: &str| (name == "OBS_ENDPOINTS_PREFIX").then(|| "/internal".to_owned());
    let from_environment = || Setup::read(Reader::from_lookup(set)).unwrap().build();
    assert_mounted(app_with_health().observe(&from_environment()), &internal, &root[..6]).await;
    let code_wins = app().observe_with(&from_environment(), Endpoints::new().prefix(""));
    assert_mounted(code_wins, &root, &internal).await;
}

#[tokio::test]
async fn the_summary_is_json() {
    let obs = obs();
    obs.declare_route("GET", "/never");
    let limited = get(|| async { axum::http::StatusCode::TOO_MANY_REQUESTS });
    let app = Router::new().route("/limited", limited).observe(&obs);
    let server = Server::start(app).await;
    fetch(server.addr, "/limited").await;
    let look = async || {
        let answer = fetch(server.addr, "/metrics/summary").await;
        assert_eq!(answer.header("content-type"), Some("application/json"));
        let summary: serde_json::Value = serde_json::from_str(answer.text()).unwrap();
        let five = ["requests_total", "errors_4xx", "errors_5xx", "rate_limit_hits", "error_rate"];
        let five = five.map(|key| summary[key].as_f64());
        let routes =
            ["/limited", "/never"].map(|route| summary["routes"][route]["requests_GET"].as_u64());
        (five, routes)
    };
    let five = [1.0, 1.0, 0.0, 1.0, 100.0].map(Some);
    eventually(look, (five, [Some(1), Some(0)]), "the summary").await;

    let mut client = Client::connect(server.addr, Protocol::Http1).await;
    let posted = client.call("POST", "/metrics/summary", &[]).await.unwrap();
    assert_eq!(posted.status.as_u16(), 405);
}

#[tokio::test]
async fn what_a_label_wants_is_told() {
    let obs = obs();
    let definition =
        Definition::new("logins_total", "Logins.").labels(["tenant"]).limit("tenant", 2);
    let logins = obs.metrics().families().counter::<Capped<u32>>(definition).unwrap();
    (0..50).for_each(|tenant| logins.inc(Capped(tenant)));
    let server = Server::start(app().observe(&obs)).await;
    let answer = fetch(server.addr, "/metrics/cardinality").await;
    let report: serde_json::Value = serde_json::from_str(answer.text()).unwrap();
    let logins = report["families"].as_array().unwrap().iter();
    let logins = logins.clone().find(|family| family["family"] == "logins_total").unwrap();
    let tenant = &logins["labels"][0];
    assert_eq!((&logins["series"], &tenant["values"]), (&3.into(), &2.into()), "two and other");
    assert!((45..=55).contains(&tenant["demand"].as_u64().unwrap()), "{tenant}");
    assert_eq!(tenant["samples"], serde_json::Value::Null, "what was refused is of somebody");
}

#[test]
fn a_path_that_is_taken_names_the_fix() {
    for (path, fix) in [
        ("/metrics", "without_metrics()"),
        ("/metrics/summary", "without_summary()"),
        ("/metrics/cardinality", "without_cardinality()"),
        ("/live", "without_live()"),
        ("/startup", "without_startup()"),
        ("/ready", "without_ready()"),
        ("/health", "without_health()"),
    ] {
        let app = app().route(path, get(ok));
        let panic = catch_unwind(AssertUnwindSafe(|| app.observe(&obs()))).unwrap_err();
        let message = panic.downcast_ref::<String>().unwrap();
        assert!(message.contains(&format!("the path {path}")), "{message}");
        assert!(message.contains(fix) && message.contains("prefix(\"/internal\")"), "{message}");
    }
}

#[tokio::test]
async fn connect_info_reaches_handlers() {
    let peer = |ConnectInfo(peer): ConnectInfo<SocketAddr>| async move { peer.ip().to_string() };
    let obs = obs();
    let app = Router::new().route("/peer", get(peer)).observe(&obs);
    let server = Server::serve(app.into_make_service_with_connect_info::<SocketAddr>()).await;
    assert_eq!(fetch(server.addr, "/peer").await.text(), "127.0.0.1");
    assert_counted(&obs, &[("/peer", 1)], 0).await;
}

#[tokio::test]
async fn checks_may_come_late() {
    let obs = obs();
    let server = Server::start(app().observe(&obs)).await;
    let status = async |path| fetch(server.addr, path).await.status.as_u16();
    assert_eq!(status("/ready").await, 200);

    obs.add_check(Check::new("mail", || async { Err::<(), _>("down") }).optional());
    assert_eq!((status("/ready").await, status("/health").await), (200, 200));
    obs.check("database", || async { Err::<(), _>("down") });
    assert_eq!((status("/ready").await, status("/health").await), (503, 503));
    assert_eq!(status("/live").await, 200);

    let health = fetch(server.addr, "/health").await;
    let report: serde_json::Value = serde_json::from_slice(&health.body).unwrap();
    for name in ["mail", "database"] {
        assert!(report["checks"][name].is_object(), "{report}");
    }
}

#[tokio::test]
async fn draining_is_not_ready_but_alive() {
    let obs = obs();
    let server = Server::start(app().observe(&obs)).await;
    let mut client = Client::connect(server.addr, Protocol::Http1).await;
    let before = client.call("GET", "/", &[]).await.unwrap();
    assert_eq!(before.header("connection"), None);
    obs.shutdown().begin();
    let during = client.call("GET", "/", &[]).await.unwrap();
    assert_eq!((during.status.as_u16(), during.header("connection")), (200, Some("close")));
    assert!(client.send("GET", "/", &[]).await.is_err(), "the server closed the connection");

    let mut client = Client::connect(server.addr, Protocol::Http2).await;
    let during = client.call("GET", "/", &[]).await.unwrap();
    assert_eq!((during.status.as_u16(), during.header("connection")), (200, None));
    for (path, status) in [("/live", 200), ("/startup", 503), ("/ready", 503)] {
        assert_eq!(fetch(server.addr, path).await.status, status, "{path}");
    }
}

#[tokio::test]
async fn the_time_of_inner_layers_is_included() {
    let (clock, hand) = obs_axum::Clock::fake();
    let obs = Setup::new(obs_axum::Settings::default()).with_clock(clock).build();
    let slow = move |request: Request, next: Next| {
        hand.advance(Duration::from_millis(1500));
        next.run(request)
    };
    let server = Server::start(app().layer(from_fn(slow)).observe(&obs)).await;
    assert_eq!(fetch(server.addr, "/").await.status, 200);
    let scrape = obs.metrics().render(obs_axum::metrics::Format::Text);
    let sum =
        "http_request_duration_seconds_sum{method=\"GET\",route=\"/\",status_code=\"200\"} 1.5";
    assert!(scrape.contains(sum), "{scrape}");
}
