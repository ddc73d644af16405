//! One SIGTERM, two listeners, and requests that outlive the deadline: they end, are recorded, and are
//! delivered.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "helpers of tests, outside of #[test]")]

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Path;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;
use futures_util::{StreamExt as _, stream};
use obs_axum::{Obs, Observe as _, Observed, Serve as _};
use obs_testing::cut_off::everything_is_ended_and_delivered;
use obs_testing::{announce, is_the_service};
use tokio::net::TcpListener;

/// How often the test is repeated; the variable is for more.
const TIMES: &str = "TEST_TIMES";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn open_requests_are_ended_and_delivered() {
    if is_the_service() {
        be_the_service().await;
        std::process::exit(0);
    }
    let times = std::env::var(TIMES).map_or(3, |times| times.parse().unwrap());
    everything_is_ended_and_delivered("open_requests_are_ended_and_delivered", times).await;
}

async fn be_the_service() {
    let obs = Obs::from_env().unwrap().install().unwrap();
    let first = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let second = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addrs = [&first, &second].map(|listener| listener.local_addr().unwrap());
    let (one, two) =
        (obs.serve(first, app(&obs, addrs[1])), obs.serve(second, app(&obs, addrs[0])));
    announce(addrs[0]);
    let (one, two) = tokio::join!(one, two);
    one.and(two).unwrap();
}

fn app(obs: &Obs, other: SocketAddr) -> Observed {
    Router::new()
        .route("/other", get(move || async move { other.to_string() }))
        .route("/wait/{millis}", get(wait))
        .route("/events", get(events))
        .observe(obs)
}

async fn wait(Path(millis): Path<u64>) -> String {
    tokio::time::sleep(Duration::from_millis(millis)).await;
    format!("waited {millis}")
}

async fn events() -> impl IntoResponse {
    let first = Ok::<_, std::io::Error>(Bytes::from("data: 1\n\n"));
    let stream = stream::iter([first]).chain(stream::pending());
    ([(CONTENT_TYPE, "text/event-stream")], Body::from_stream(stream))
}
