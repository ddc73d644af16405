//! A response says where its request stood in its trace, if asked to: `traceresponse`, `server-timing`.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests, outside of #[test]")]

mod harness;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use obs_axum::{Obs, Observe as _, Reader, RequestContext, Settings, Setup, TraceEcho};

use harness::{Answer, BOTH, Client, Protocol, Server, get as fetch, obs};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const CALLER: &str = "00f067aa0ba902b7";

async fn panics() {
    panic!("on purpose");
}

/// The trace and span that a handler sees.
fn seen() -> String {
    let trace = RequestContext::current().unwrap().trace().unwrap();
    format!("{}-{}", trace.trace_id, trace.span_id)
}

fn app() -> Router {
    Router::new()
        .route("/", get(|| async { seen() }))
        .route("/fails", get(|| async { (StatusCode::BAD_GATEWAY, seen()) }))
        .route("/own", get(|| async { ([("traceresponse", "the-handlers")], seen()) }))
        .route("/timed", get(|| async { ([("server-timing", "db;dur=53")], seen()) }))
        .route("/panics", get(panics))
}

fn values<'a>(answer: &'a Answer, name: &str) -> Vec<&'a str> {
    let values = answer.headers.get_all(name).iter();
    values.map(|value| value.to_str().unwrap()).collect()
}

fn responses(answer: &Answer) -> Vec<&str> {
    values(answer, "traceresponse")
}

fn echoing(echo: TraceEcho) -> Obs {
    Setup::new(Settings::default())
        .with_settings(|settings| settings.request_ids.trace_echo = echo)
        .build()
}

#[tokio::test]
async fn it_names_the_span_that_the_handler_saw() {
    let server = Server::start(app().observe(&echoing(TraceEcho::TraceResponse))).await;
    for &protocol in BOTH {
        let mut client = Client::connect(server.addr, protocol).await;
        for path in ["/", "/fails", "/own"] {
            // Nothing is exported here: the caller's context goes on as it came.
            for flags in ["00", "01", "02", "03", "a5"] {
                let parent = format!("00-{TRACE}-{CALLER}-{flags}");
                let answer = client.call("GET", path, &[("traceparent", &parent)]).await.unwrap();
                assert_eq!(responses(&answer), [&*parent]);
                assert_eq!(parent, format!("00-{}-{flags}", answer.text()));
                assert!(values(&answer, "server-timing").is_empty());
            }
            let answer = client.call("GET", path, &[]).await.unwrap();
            let expected = format!("00-{}-02", answer.text());
            assert_eq!(responses(&answer), [expected], "a new trace, which nothing is kept of");
        }
    }
}

#[tokio::test]
async fn panics_and_unknown_paths_carry_it_too() {
    let server = Server::start(app().observe(&echoing(TraceEcho::Both))).await;
    let mut client = Client::connect(server.addr, Protocol::Http1).await;
    let parent = format!("00-{TRACE}-{CALLER}-01");
    for (path, status) in [("/panics", 500), ("/none", 404)] {
        let answer = client.call("GET", path, &[("traceparent", &parent)]).await.unwrap();
        assert_eq!(answer.status, status);
        assert_eq!(responses(&answer), [&*parent], "{path}");
        assert_eq!(values(&answer, "server-timing"), [format!("trace;desc={parent}")], "{path}");
    }
    let metrics = fetch(server.addr, "/metrics").await;
    assert!(responses(&metrics).is_empty() && values(&metrics, "server-timing").is_empty());
}

#[tokio::test]
async fn what_a_handler_says_in_server_timing_stays() {
    let server = Server::start(app().observe(&echoing(TraceEcho::ServerTiming))).await;
    for &protocol in BOTH {
        let mut client = Client::connect(server.addr, protocol).await;
        let answer = client.call("GET", "/timed", &[]).await.unwrap();
        let trace = format!("trace;desc=00-{}-02", answer.text());
        assert_eq!(values(&answer, "server-timing"), ["db;dur=53", &*trace]);
        assert!(responses(&answer).is_empty());
    }
}

#[tokio::test]
async fn the_request_id_is_the_only_header_by_default() {
    let server = Server::start(app().observe(&obs())).await;
    let mut client = Client::connect(server.addr, Protocol::Http1).await;
    let answer = client.call("GET", "/", &[]).await.unwrap();
    assert!(responses(&answer).is_empty() && values(&answer, "server-timing").is_empty());
    assert!(answer.header("x-request-id").is_some());
    let own = client.call("GET", "/own", &[]).await.unwrap();
    assert_eq!(responses(&own), ["the-handlers"], "not ours to take away");
}

#[test]
fn the_variable() {
    let read = |value: &'static str| {
        Setup::read(Reader::from_lookup(move |name| {
            (name == "OBS_TRACE_ID_ECHO").then(|| value.to_owned())
        }))
        .map(|setup| setup.build().settings().request_ids.trace_echo)
    };
    for (word, echo) in [
        ("", TraceEcho::Off),
        ("off", TraceEcho::Off),
        ("false", TraceEcho::Off),
        ("server-timing", TraceEcho::ServerTiming),
        ("traceresponse", TraceEcho::TraceResponse),
        ("true", TraceEcho::TraceResponse),
        ("both", TraceEcho::Both),
    ] {
        assert_eq!(read(word).unwrap(), echo, "{word}");
    }
    assert!(
        read("yes").unwrap_err().to_string().contains("off, server-timing, traceresponse, both")
    );
}
