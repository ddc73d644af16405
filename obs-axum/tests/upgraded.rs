//! Connections that left HTTP: counted while they are open, with the context of their request.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests, outside of #[test]")]

mod harness;

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::any;
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use obs_axum::{Obs, Observe as _, RequestContext, upgraded};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use harness::{Scrape, Server, eventually, obs, raw};

/// The ids that were seen after the upgrade.
type Seen = Arc<Mutex<Vec<String>>>;

/// As a framework does it: the callback runs in a task that has no context of its own.
fn on_upgrade<Fut>(
    request: Request,
    callback: impl FnOnce(Upgraded) -> Fut + Send + 'static,
) -> Response
where
    Fut: Future<Output = ()> + Send + 'static,
{
    tokio::spawn(async move { callback(hyper::upgrade::on(request).await.unwrap()).await });
    let upgrade = [("connection", "upgrade"), ("upgrade", "echo")];
    (StatusCode::SWITCHING_PROTOCOLS, upgrade).into_response()
}

/// Echoes until the client leaves; panics if it sends an `x`.
async fn echo(connection: Upgraded, seen: Seen) {
    let context = RequestContext::current().unwrap();
    seen.lock().unwrap().push(context.request_id().to_string());
    let (mut stream, mut byte) = (TokioIo::new(connection), [0]);
    while stream.read(&mut byte).await.unwrap() > 0 {
        assert_ne!(&byte, b"x", "on purpose");
        stream.write_all(&byte).await.unwrap();
    }
}

async fn connect(server: &Server, id: &str) -> TcpStream {
    let head = "connection: upgrade\r\nupgrade: echo\r\n";
    let request = format!("GET /echo HTTP/1.1\r\nhost: x\r\nx-request-id: {id}\r\n{head}\r\n");
    let mut socket = raw(server.addr, request).await;
    socket.write_all(b"p").await.unwrap();
    let mut seen = Vec::new();
    while !seen.ends_with(b"\r\n\r\np") {
        seen.push(socket.read_u8().await.unwrap());
    }
    socket
}

async fn open(obs: &Obs) -> (u64, u64) {
    let scrape = Scrape::of(obs).await;
    (scrape.value("http_upgraded_connections", &[]), scrape.in_flight())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn upgraded_connections_are_counted_while_they_are_open() {
    let obs = obs();
    let seen = Seen::default();
    let ids = Arc::clone(&seen);
    let handler = move |request: Request| {
        let ids = Arc::clone(&ids);
        async move { on_upgrade(request, upgraded(move |connection| echo(connection, ids))) }
    };
    let server = Server::start(Router::new().route("/echo", any(handler)).observe(&obs)).await;
    assert_eq!(open(&obs).await, (0, 0));

    let first = connect(&server, "first").await;
    let mut second = connect(&server, "second").await;
    assert_eq!(*seen.lock().unwrap(), ["first", "second"]);
    eventually(async || open(&obs).await, (2, 0), "two open, and no request in flight").await;

    drop(first);
    eventually(async || open(&obs).await, (1, 0), "one left").await;
    second.write_all(b"x").await.unwrap();
    eventually(async || open(&obs).await, (0, 0), "a panic ends one, too").await;
    let panics = [("route", "/echo"), ("kind", "panic")];
    assert_eq!(Scrape::of(&obs).await.value("exceptions_total", &panics), 1);
}
