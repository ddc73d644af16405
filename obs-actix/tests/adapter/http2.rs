//! The same over HTTP/2.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests, outside of #[test]")]

use actix_web::http::Version;
use actix_web::web::{self, ServiceConfig};
use actix_web::{App, HttpRequest, HttpServer};
use http_body_util::{BodyExt as _, Empty};
use hyper::Request;
use hyper::body::Bytes;
use hyper::client::conn::http2::{SendRequest, handshake};
use hyper_util::rt::{TokioExecutor, TokioIo};
use obs_actix::Observe as _;
use tokio::net::TcpStream;

use crate::harness::{Server, eventually, setup};

async fn panics() -> &'static str {
    panic!("on purpose")
}

fn configure(config: &mut ServiceConfig) {
    let version = async |request: HttpRequest| {
        assert_eq!(request.version(), Version::HTTP_2);
        "ok"
    };
    config.route("/orders/{id}", web::get().to(version)).route("/panics", web::get().to(panics));
}

type Answer = (u16, Option<String>, Option<String>, Bytes);

async fn call(client: &mut SendRequest<Empty<Bytes>>, path: &str) -> Answer {
    let request = Request::get(format!("http://x{path}")).header("x-request-id", "abc");
    let response = client.send_request(request.body(Empty::new()).unwrap()).await.unwrap();
    let header =
        |name| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
    let (status, id, part) = (response.status(), header("x-request-id"), header("connection"));
    (status.as_u16(), id, part, response.into_body().collect().await.unwrap().to_bytes())
}

#[actix_web::test]
async fn requests_on_one_connection_are_counted_one_by_one() {
    let obs = setup().build();
    let shared = obs.clone();
    let app = move || App::new().configure(configure).wrap(shared.middleware());
    let server = HttpServer::new(app).workers(1).disable_signals();
    let server = server.bind_auto_h2c(("127.0.0.1", 0)).unwrap();
    let (addr, server) = (server.addrs()[0], server.run());
    let server = Server::of(obs, addr, server);

    let stream = TokioIo::new(TcpStream::connect(addr).await.unwrap());
    let (mut client, connection) = handshake(TokioExecutor::new(), stream).await.unwrap();
    tokio::spawn(connection);
    let id = || Some("abc".to_owned());
    assert_eq!(call(&mut client, "/orders/1").await, (200, id(), None, "ok".into()));
    assert_eq!(call(&mut client, "/panics").await, (500, id(), None, Bytes::new()));
    // `Connection` is no header of HTTP/2.
    server.obs.shutdown().begin();
    assert_eq!(call(&mut client, "/orders/2").await, (200, id(), None, "ok".into()));

    let counted = [("/orders/{id}", 200, 2), ("/panics", 500, 1)];
    let counted = counted.map(|(route, status, count)| ("GET".into(), route.into(), status, count));
    eventually(async || server.counted().await, counted.to_vec()).await;
    assert_eq!(server.in_flight().await, 0);
}
