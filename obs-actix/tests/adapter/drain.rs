//! `serve`: told to stop, it finishes what it has accepted.
#![allow(clippy::unwrap_used, reason = "helpers of tests, outside of #[test]")]

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{App, HttpServer};
use obs_actix::{Obs, Observe as _, Serve as _};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::Notify;

use crate::harness::{Answer, Server, eventually, setup};

async fn wait(gate: Data<Arc<Notify>>) -> &'static str {
    gate.notified().await;
    "waited"
}

async fn open(addr: SocketAddr, path: &str) -> TcpStream {
    let mut stream = TcpStream::connect(addr).await.unwrap();
    stream.write_all(format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n").as_bytes()).await.unwrap();
    stream
}

fn handle(delay: Duration) -> Obs {
    setup().with_settings(|settings| settings.shutdown.delay = delay).build()
}

#[actix_web::test]
async fn a_drain_ends_what_is_under_way_and_takes_nothing_new() {
    let (obs, gate) = (handle(Duration::from_millis(300)), Arc::new(Notify::new()));
    let (shared, data) = (obs.clone(), Data::new(Arc::clone(&gate)));
    let server = HttpServer::new(move || {
        let app = App::new().app_data(data.clone()).route("/wait", web::get().to(wait));
        app.configure(shared.routes()).wrap(shared.middleware())
    });
    let server = server.workers(1).bind(("127.0.0.1", 0)).unwrap();
    let addr = server.addrs()[0];
    let served = actix_web::rt::spawn({
        let obs = obs.clone();
        async move { obs.serve(server).await }
    });

    let mut stream = open(addr, "/wait").await;
    let under_way = async || String::from_utf8(metrics(&obs).await).unwrap();
    eventually(async || under_way().await.contains("\nhttp_requests_in_flight 1"), true).await;
    obs.shutdown().begin();
    // Still accepting, not ready.
    let mut probe = open(addr, "/ready").await;
    let mut head = [0; 12];
    probe.read_exact(&mut head).await.unwrap();
    assert_eq!(&head, b"HTTP/1.1 503");
    drop(probe);

    eventually(async || TcpStream::connect(addr).await.is_err(), true).await;
    assert!(!served.is_finished());
    gate.notify_one();
    let mut text = String::new();
    stream.read_to_string(&mut text).await.unwrap();
    let answer = Answer(text);
    assert_eq!((answer.status(), answer.body()), (200, "waited"));
    assert_eq!(answer.header("connection"), Some("close"));
    served.await.unwrap().unwrap();
}

#[actix_web::test]
async fn clients_are_told_to_leave_while_the_service_still_accepts() {
    let server = Server::start(|config: &mut ServiceConfig| {
        config.route("/", web::get().to(|| async { "ok" }));
    });
    server.obs.shutdown().begin();
    let mut stream = open(server.addr, "/").await;
    let mut text = String::new();
    // It would be kept open.
    stream.read_to_string(&mut text).await.unwrap();
    let answer = Answer(text);
    assert_eq!((answer.status(), answer.header("connection")), (200, Some("close")));
}

async fn metrics(obs: &Obs) -> Vec<u8> {
    obs.metrics().render(obs_actix::metrics::Format::Text).into_bytes()
}
