//! What has no place in a table: upgrades, pipelines, runtimes that end.

use std::time::Duration;

use obs_axum::Observe as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::app::app;
use crate::case::Seen;
use crate::harness::{Client, PATIENCE, Protocol, Server, eventually, obs, raw};

/// Reads until `end` was seen.
async fn read_until(socket: &mut TcpStream, end: &str) -> String {
    let reading = async {
        let (mut seen, mut buffer) = (Vec::new(), [0; 1024]);
        while !seen.ends_with(end.as_bytes()) {
            let count = socket.read(&mut buffer).await.unwrap();
            assert_ne!(count, 0, "closed after {:?}", String::from_utf8_lossy(&seen));
            seen.extend_from_slice(&buffer[..count]);
        }
        String::from_utf8(seen).unwrap()
    };
    tokio::time::timeout(PATIENCE, reading).await.unwrap()
}

fn series(method: &str, route: &str, status: u16, count: u64) -> (String, String, u16, u64) {
    (method.to_owned(), route.to_owned(), status, count)
}

fn nothing() -> Seen {
    Seen {
        in_flight: 0,
        requests: vec![],
        timed: vec![],
        cancelled_in_body: 0,
        body_error: 0,
        observed_twice: 0,
    }
}

/// Counted, not timed, and over at the headers: what follows is not HTTP.
async fn leaves_http(request: &str, status: u16, method: &str, route: &str) {
    let obs = obs();
    let server = Server::start(app().observe(&obs)).await;
    let mut socket = raw(server.addr, request).await;
    let head = read_until(&mut socket, "\r\n\r\n").await;
    assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{head}");
    let expected = || Seen { requests: vec![series(method, route, status, 1)], ..nothing() };
    eventually(|| Seen::of(&obs), expected(), "the end of the exchange").await;

    socket.write_all(b"ping").await.unwrap();
    assert_eq!(read_until(&mut socket, "ping").await, "ping");
    drop(socket);
    server.stop().await;
    assert_eq!(Seen::of(&obs).await, expected());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upgrade_ends_at_its_headers() {
    let request =
        "GET /upgrades HTTP/1.1\r\nhost: test\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\n";
    leaves_http(request, 101, "GET", "/upgrades").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tunnel_ends_at_its_headers() {
    let request = "CONNECT db.internal:5432 HTTP/1.1\r\nhost: db.internal:5432\r\n\r\n";
    leaves_http(request, 200, "CONNECT", "unknown").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upgrade_while_draining_is_still_an_upgrade() {
    let obs = obs();
    let server = Server::start(app().observe(&obs)).await;
    obs.shutdown().begin();
    let request =
        "GET /upgrades HTTP/1.1\r\nhost: test\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\n";
    let mut socket = raw(server.addr, request).await;
    let head = read_until(&mut socket, "\r\n\r\n").await;
    assert!(head.to_lowercase().contains("connection: upgrade\r\n"), "{head}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_pipelined_requests_are_three() {
    let obs = obs();
    let server = Server::start(app().observe(&obs)).await;
    let one = |path, more| format!("GET {path} HTTP/1.1\r\nhost: test\r\n{more}\r\n");
    let three =
        one("/ok", "") + &one("/streams", "") + &one("/status/404", "connection: close\r\n");
    let mut socket = raw(server.addr, three).await;
    let answers = read_until(&mut socket, "as you wish").await;
    assert_eq!(answers.matches("HTTP/1.1 ").count(), 3, "{answers}");

    let three = vec![
        series("GET", "/ok", 200, 1),
        series("GET", "/status/{code}", 404, 1),
        series("GET", "/streams", 200, 1),
    ];
    let expected = || Seen { requests: three.clone(), timed: three.clone(), ..nothing() };
    eventually(|| Seen::of(&obs), expected(), "three requests").await;
    server.stop().await;
    assert_eq!(Seen::of(&obs).await, expected());
}

/// The client leaves while the handler reads what it sends: it is gone, or it sent a bad request.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broken_upload_is_one_request() {
    let obs = obs();
    let server = Server::start(app().observe(&obs)).await;
    let request = "POST /uploads HTTP/1.1\r\nhost: test\r\ncontent-length: 100\r\n\r\nten bytes.";
    let socket = raw(server.addr, request).await;
    eventually(async || Seen::of(&obs).await.in_flight, 1, "the handler to run").await;
    drop(socket);
    eventually(async || Seen::of(&obs).await.in_flight, 0, "the end of the request").await;
    server.stop().await;
    let Seen { requests, timed, in_flight, .. } = Seen::of(&obs).await;
    assert_eq!((requests.len(), in_flight, &timed), (1, 0, &requests));
    let (method, route, status, count) = &requests[0];
    assert_eq!((method.as_str(), route.as_str(), *count), ("POST", "/uploads", 1));
    assert!([400, 499].contains(status), "{status}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_is_used_again_and_again() {
    for protocol in [Protocol::Http1, Protocol::Http2] {
        let obs = obs();
        let server = Server::start(app().observe(&obs)).await;
        let mut client = Client::connect(server.addr, protocol).await;
        for _ in 0..100 {
            assert_eq!(client.call("GET", "/ok", &[]).await.unwrap().text(), "hello");
        }
        let hundred = vec![series("GET", "/ok", 200, 100)];
        let expected = Seen { requests: hundred.clone(), timed: hundred, ..nothing() };
        eventually(|| Seen::of(&obs), expected, "a hundred requests").await;
    }
}

/// The end of the runtime drops handlers and bodies, each on its own protocol.
#[test]
fn a_runtime_that_ends_cancels_what_runs() {
    for protocol in [Protocol::Http1, Protocol::Http2] {
        let obs = obs();
        let runtime = || {
            let mut builder = tokio::runtime::Builder::new_multi_thread();
            builder.worker_threads(1).enable_all().build().unwrap()
        };
        let (servers, clients) = (runtime(), runtime());
        let server = servers.block_on(Server::start(app().observe(&obs)));
        let addr = server.addr;
        for (path, under_way) in [("/sleeps", 1), ("/stalls", 2)] {
            clients.spawn(async move {
                let mut client = Client::connect(addr, protocol).await;
                let body = client.send("GET", path, &[]).await;
                // Held until the server is gone.
                std::future::pending::<()>().await;
                drop(body);
            });
            clients.block_on(eventually(
                async || Seen::of(&obs).await.in_flight,
                under_way,
                "requests under way",
            ));
        }
        servers.shutdown_timeout(Duration::from_secs(10));
        let cancelled = vec![series("GET", "/sleeps", 499, 1), series("GET", "/stalls", 200, 1)];
        let expected = Seen {
            requests: cancelled.clone(),
            timed: cancelled,
            cancelled_in_body: 1,
            ..nothing()
        };
        assert_eq!(clients.block_on(Seen::of(&obs)), expected, "{protocol:?}");
        drop(server);
    }
}
