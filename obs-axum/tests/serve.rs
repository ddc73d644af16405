//! What `serve` takes: `ConnectInfo`, and services around the observed router.
#![allow(clippy::unwrap_used, reason = "helpers of tests, outside of #[test]")]

mod harness;

use std::net::SocketAddr;
use std::time::Duration;

use axum::extract::{ConnectInfo, Request};
use axum::http::Uri;
use axum::routing::get;
use axum::{Router, ServiceExt as _};
use obs_axum::{Obs, Observe as _, Serve as _, Settings, Setup};
use tokio::net::TcpListener;
use tower::ServiceBuilder;

use harness::{Client, Protocol, Scrape, get as fetch};

fn obs() -> Obs {
    let setup = Setup::new(Settings::default());
    setup.with_settings(|settings| settings.shutdown.delay = Duration::ZERO).build()
}

async fn listen() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    (listener, addr)
}

#[tokio::test]
async fn handlers_know_who_is_connected() {
    let obs = obs();
    let peer = |ConnectInfo(peer): ConnectInfo<SocketAddr>| async move { peer.ip().to_string() };
    let app = Router::new().route("/peer", get(peer)).observe(&obs);
    let (listener, addr) = listen().await;
    let requests = async {
        for protocol in [Protocol::Http1, Protocol::Http2] {
            let mut client = Client::connect(addr, protocol).await;
            assert_eq!(client.call("GET", "/peer", &[]).await.unwrap().text(), "127.0.0.1");
        }
        obs.shutdown().begin();
    };
    let app = app.into_make_service_with_connect_info::<SocketAddr>();
    let (served, ()) = tokio::join!(obs.serve(listener, app), requests);
    served.unwrap();
}

/// As `NormalizePathLayer` does.
fn trimmed(mut request: Request) -> Request {
    let path = request.uri().path();
    if path.len() > 1 && path.ends_with('/') {
        *request.uri_mut() = path.trim_end_matches('/').parse::<Uri>().unwrap();
    }
    request
}

#[tokio::test]
async fn a_layer_may_be_around_the_observed_router() {
    let obs = obs();
    let app = Router::new().route("/orders", get(|| async { "orders" })).observe(&obs);
    let app = ServiceBuilder::new().map_request(trimmed).service(app);
    let (listener, addr) = listen().await;
    let requests = async {
        assert_eq!(fetch(addr, "/orders/").await.text(), "orders");
        let scrape = Scrape::parse(fetch(addr, "/metrics/").await.text());
        let counted = ("GET".to_owned(), "/orders".to_owned(), 200, 1);
        assert_eq!(scrape.requests(), [counted], "the endpoint is not observed");
        obs.shutdown().begin();
    };
    let (served, ()) = tokio::join!(obs.serve(listener, app.into_make_service()), requests);
    served.unwrap();
}
