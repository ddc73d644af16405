//! Panics and errors are counted by route, beside the requests that they are.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests, outside of #[test]")]

mod harness;

use std::io;
use std::panic::AssertUnwindSafe;

use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use futures_util::FutureExt as _;
use obs_axum::Observe as _;

use harness::{Client, Protocol, Scrape, Server, eventually, obs};
use tokio::sync::oneshot;

async fn panics() {
    panic!("on purpose");
}

async fn fails() -> obs_axum::Result<()> {
    Err(io::Error::other("disk full"))?
}

#[tokio::test]
async fn exceptions_by_route_and_kind() {
    let obs = obs();
    let app = Router::new()
        .route("/panics/{id}", get(panics))
        .route("/fails", get(fails))
        .route("/says-500", get(|| async { StatusCode::INTERNAL_SERVER_ERROR }))
        .route("/fine", get(|| async {}));
    let server = Server::start(app.observe(&obs)).await;
    let mut client = Client::connect(server.addr, Protocol::Http1).await;
    for (path, status) in
        [("/panics/1", 500), ("/fails", 500), ("/fails", 500), ("/says-500", 500), ("/fine", 200)]
    {
        assert_eq!(client.call("GET", path, &[]).await.unwrap().status, status);
    }
    let scrape = Scrape::of(&obs).await;
    for (route, errors, panics, requests) in
        [("/panics/{id}", 0, 1, 1), ("/fails", 2, 0, 2), ("/says-500", 0, 0, 1), ("/fine", 0, 0, 1)]
    {
        let exceptions =
            |kind| scrape.value("exceptions_total", &[("route", route), ("kind", kind)]);
        assert_eq!((exceptions("error"), exceptions("panic")), (errors, panics), "{route}");
        assert_eq!(scrape.value("http_requests_total", &[("route", route)]), requests);
    }
}

/// As tower-http's `CatchPanicLayer` does it.
async fn catch_panic(request: Request, next: Next) -> Response {
    let caught = AssertUnwindSafe(next.run(request)).catch_unwind().await;
    caught.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

/// The panics and errors of one route.
async fn exceptions(obs: &obs_axum::Obs, route: &str) -> (u64, u64) {
    let scrape = Scrape::of(obs).await;
    let of = |kind| scrape.value("exceptions_total", &[("route", route), ("kind", kind)]);
    (of("panic"), of("error"))
}

#[cfg(feature = "errors")]
#[tokio::test]
async fn a_panic_that_a_layer_of_the_application_caught() {
    obs_axum::errors::capture_panics();
    let obs = obs();
    let app = Router::new().route("/panics", get(panics)).layer(from_fn(catch_panic));
    let server = Server::start(app.observe(&obs)).await;
    let mut client = Client::connect(server.addr, Protocol::Http1).await;
    assert_eq!(client.call("GET", "/panics", &[]).await.unwrap().status, 500);
    eventually(async || exceptions(&obs, "/panics").await, (1, 0), "a panic").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_panic_in_a_task_counts_once_for_its_request() {
    let obs = obs();
    let (go_on, wait) = oneshot::channel::<()>();
    let wait = std::sync::Mutex::new(Some(wait));
    let late = move || {
        let wait = wait.lock().unwrap().take().unwrap();
        obs_axum::spawn(async move {
            let _ = wait.await;
            panic!("after the request");
        });
        async {}
    };
    async fn spawns() {
        let task = obs_axum::spawn(async { panic!("in a task") });
        assert!(task.await.unwrap_err().is_panic());
        let work = obs_axum::spawn_blocking(|| panic!("in blocking work"));
        assert!(work.await.unwrap_err().is_panic());
    }
    let late = std::sync::Arc::new(late);
    let late = move || {
        let late = std::sync::Arc::clone(&late);
        async move { late().await }
    };
    let app = Router::new().route("/spawns/{id}", get(spawns)).route("/late/{id}", get(late));
    let server = Server::start(app.observe(&obs)).await;
    let mut client = Client::connect(server.addr, Protocol::Http1).await;

    assert_eq!(client.call("GET", "/spawns/1", &[]).await.unwrap().status, 200);
    eventually(async || exceptions(&obs, "/spawns/{id}").await, (2, 0), "two panics").await;

    assert_eq!(client.call("GET", "/late/1", &[]).await.unwrap().status, 200);
    eventually(async || Scrape::of(&obs).await.in_flight(), 0, "the end of the request").await;
    assert_eq!(exceptions(&obs, "/late/{id}").await, (0, 0));
    go_on.send(()).unwrap();
    eventually(async || exceptions(&obs, "/late/{id}").await, (1, 0), "a panic").await;
}
