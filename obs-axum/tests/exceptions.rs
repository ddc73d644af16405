//! Panics and errors are counted by route, beside the requests that they are.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests, outside of #[test]")]

mod harness;

use std::io;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use obs_axum::Observe as _;

use harness::{Client, Protocol, Scrape, Server, obs};

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
