//! Every response says where its request stood in its trace: `traceresponse`.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests, outside of #[test]")]

mod harness;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use obs_axum::{Observe as _, RequestContext, Settings, Setup};

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
        .route("/panics", get(panics))
}

fn responses(answer: &Answer) -> Vec<&str> {
    let values = answer.headers.get_all("traceresponse").iter();
    values.map(|value| value.to_str().unwrap()).collect()
}

#[tokio::test]
async fn it_names_the_span_that_the_handler_saw() {
    let server = Server::start(app().observe(&obs())).await;
    for &protocol in BOTH {
        let mut client = Client::connect(server.addr, protocol).await;
        for path in ["/", "/fails", "/own"] {
            for flags in ["00", "01"] {
                let parent = format!("00-{TRACE}-{CALLER}-{flags}");
                let answer = client.call("GET", path, &[("traceparent", &parent)]).await.unwrap();
                assert_eq!(responses(&answer), [format!("00-{}-{flags}", answer.text())]);
                assert!(answer.text().starts_with(TRACE) && !answer.text().ends_with(CALLER));
            }
            let answer = client.call("GET", path, &[]).await.unwrap();
            assert_eq!(responses(&answer), [format!("00-{}-01", answer.text())], "a new trace");
        }
    }
}

#[tokio::test]
async fn panics_and_unknown_paths_carry_it_too() {
    let server = Server::start(app().observe(&obs())).await;
    let mut client = Client::connect(server.addr, Protocol::Http1).await;
    let parent = format!("00-{TRACE}-{CALLER}-01");
    for (path, status) in [("/panics", 500), ("/none", 404)] {
        let answer = client.call("GET", path, &[("traceparent", &parent)]).await.unwrap();
        let [response] = responses(&answer)[..] else { panic!("{path}: {:?}", answer.headers) };
        assert_eq!(answer.status, status);
        assert!(response.starts_with(&format!("00-{TRACE}-")) && response.ends_with("-01"));
    }
    assert!(responses(&fetch(server.addr, "/metrics").await).is_empty(), "not observed");
}

#[tokio::test]
async fn it_can_be_left_out() {
    let quiet = Setup::new(Settings::default())
        .with_settings(|settings| settings.request_ids.trace_echo = false)
        .build();
    let server = Server::start(app().observe(&quiet)).await;
    let mut client = Client::connect(server.addr, Protocol::Http1).await;
    assert!(responses(&client.call("GET", "/", &[]).await.unwrap()).is_empty());
    let own = client.call("GET", "/own", &[]).await.unwrap();
    assert_eq!(responses(&own), ["the-handlers"], "not ours to take away");
}
