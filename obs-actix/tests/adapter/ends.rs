//! However a request ends, it is counted once, and nothing stays in flight.
#![allow(clippy::panic, clippy::unwrap_used, reason = "helpers of tests, outside of #[test]")]

use std::future::poll_fn;
use std::io;
use std::task::Poll;

use actix_web::body::{MessageBody as _, SizedStream};
use actix_web::dev::Service as _;
use actix_web::test::{TestRequest, init_service};
use actix_web::web::{self, Bytes, ServiceConfig};
use actix_web::{App, HttpResponse, HttpServer};
use futures_util::{StreamExt as _, stream};
use obs_actix::{Observe as _, Panics};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::harness::{Server, eventually, setup};

async fn panics() -> &'static str {
    panic!("on purpose")
}

async fn breaks() -> HttpResponse {
    let pieces = [Ok(Bytes::from_static(b"half")), Err(io::Error::other("disk"))];
    HttpResponse::Ok().streaming(stream::iter(pieces))
}

/// `unfold` panics if it is polled after its end.
async fn ends() -> HttpResponse {
    let piece = |left: bool| async move {
        left.then(|| (Ok::<_, io::Error>(Bytes::from_static(b"piece")), false))
    };
    HttpResponse::Ok().streaming(stream::unfold(true, piece))
}

/// Declares ten bytes by the type of its body, and has four.
async fn ends_early() -> HttpResponse {
    let piece = stream::iter([Ok::<_, io::Error>(Bytes::from_static(b"half"))]);
    HttpResponse::Ok().body(SizedStream::new(10, piece))
}

/// Declares ten bytes by a header, and has four.
async fn ends_before_its_header() -> HttpResponse {
    let piece = stream::iter([Ok::<_, io::Error>(Bytes::from_static(b"half"))]);
    HttpResponse::Ok().no_chunking(10).streaming(piece)
}

async fn breaks_by_panic() -> HttpResponse {
    let first = stream::once(async { Ok::<_, io::Error>(Bytes::from_static(b"half")) });
    HttpResponse::Ok().streaming(first.chain(stream::once(async { panic!("on purpose") })))
}

async fn endless() -> HttpResponse {
    let piece = || async { Some((Ok::<_, io::Error>(Bytes::from(vec![b'x'; 1 << 16])), ())) };
    HttpResponse::Ok().streaming(stream::unfold((), move |()| piece()))
}

async fn upgrades() -> HttpResponse {
    let silent = stream::pending::<Result<Bytes, io::Error>>();
    HttpResponse::SwitchingProtocols().upgrade("echo").streaming(silent)
}

fn configure(config: &mut ServiceConfig) {
    config
        .route("/panics", web::get().to(panics))
        .route("/breaks", web::get().to(breaks))
        .route("/breaks-by-panic", web::get().to(breaks_by_panic))
        .route("/ends", web::get().to(ends))
        .service(web::resource("/ends-early").to(ends_early))
        .service(web::resource("/ends-before-its-header").to(ends_before_its_header))
        .route("/endless", web::get().to(endless))
        .route("/upgrades", web::get().to(upgrades))
        .route("/text", web::route().to(|| async { "text" }))
        .route("/empty", web::get().to(HttpResponse::NoContent));
}

async fn assert_once(server: &Server, method: &str, route: &str, status: u16) {
    let expected = vec![(method.to_owned(), route.to_owned(), status, 1)];
    eventually(async || server.counted().await, expected).await;
    eventually(async || server.in_flight().await, 0).await;
}

#[actix_web::test]
async fn a_panic_is_answered_with_the_ids_and_counted() {
    let server = Server::start(configure);
    let answer = server.call("GET", "/panics").await;
    assert_eq!((answer.status(), answer.body()), (500, ""));
    assert!(answer.header("x-request-id").is_some(), "{answer:?}");
    assert_once(&server, "GET", "/panics", 500).await;
}

#[actix_web::test]
async fn a_panic_that_is_not_to_be_answered_ends_the_connection() {
    let setup = setup().with_settings(|settings| settings.panics = Panics::Resume);
    let server = Server::with(setup.build(), configure);
    let mut stream = server.open("GET /panics HTTP/1.1\r\nhost: x\r\n\r\n").await;
    let mut text = Vec::new();
    let _ = stream.read_to_end(&mut text).await;
    assert!(text.is_empty(), "{text:?}");
    assert_once(&server, "GET", "/panics", 500).await;
    assert_eq!(server.call("GET", "/text").await.status(), 200, "the worker lives");
}

#[actix_web::test]
async fn bodies_that_are_not_sent_are_complete() {
    for (method, path, status) in [("HEAD", "/text", 200), ("GET", "/empty", 204)] {
        let server = Server::start(configure);
        let answer = server.call(method, path).await;
        assert_eq!((answer.status(), answer.body()), (status, ""));
        assert_once(&server, method, path, status).await;
        for outcome in ["cancelled_in_body", "body_error"] {
            assert_eq!(server.aborted(outcome).await, 0, "{method} {path}: {outcome}");
        }
    }
}

#[actix_web::test]
async fn a_body_that_breaks_off_is_told_from_one_that_ends() {
    for (path, errors) in [("/breaks", 1), ("/breaks-by-panic", 0)] {
        let server = Server::start(configure);
        let mut stream = server.open(&format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n")).await;
        let _ = stream.read_to_end(&mut Vec::new()).await;
        assert_once(&server, "GET", path, 200).await;
        assert_eq!(server.aborted("body_error").await, errors, "{path}");
        assert_eq!(server.aborted("cancelled_in_body").await, 0, "{path}");
    }
}

#[actix_web::test]
async fn a_body_that_ends_before_its_declared_length_has_failed() {
    for path in ["/ends-early", "/ends-before-its-header"] {
        for (method, errors) in [("GET", 1), ("HEAD", 0)] {
            let server = Server::start(configure);
            let head = format!("{method} {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
            let mut stream = server.open(&head).await;
            assert_once(&server, method, path, 200).await;
            assert_eq!(server.aborted("body_error").await, errors, "{method} {path}");
            assert_eq!(server.aborted("cancelled_in_body").await, 0, "{method} {path}");
            drop(stream.shutdown().await);
        }
    }
}

#[actix_web::test]
async fn a_client_that_leaves_in_the_body_is_counted_as_such() {
    let server = Server::start(configure);
    let mut stream = server.open("GET /endless HTTP/1.1\r\nhost: x\r\n\r\n").await;
    stream.read_exact(&mut [0; 1024]).await.unwrap();
    eventually(async || server.in_flight().await, 1).await;
    drop(stream);
    assert_once(&server, "GET", "/endless", 200).await;
    assert_eq!(server.aborted("cancelled_in_body").await, 1);
}

#[actix_web::test]
async fn a_body_that_was_taken_whole_is_complete_without_a_last_poll() {
    let server = Server::start(configure);
    let app = App::new().configure(configure).wrap(server.obs.middleware());
    let app = init_service(app).await;
    let response = app.call(TestRequest::with_uri("/text").to_request()).await.unwrap();
    let mut body = Box::pin(response.into_body());
    let piece = poll_fn(|context| body.as_mut().poll_next(context)).await;
    assert_eq!(piece.unwrap().unwrap(), "text");
    assert_eq!(server.in_flight().await, 1);
    drop(body);
    assert_once(&server, "GET", "/text", 200).await;
    assert_eq!(server.aborted("cancelled_in_body").await, 0);
}

/// A stream may panic once it has ended.
#[actix_web::test]
async fn a_body_that_is_polled_after_its_end_is_over_again() {
    let server = Server::start(configure);
    let app = App::new().configure(configure).wrap(server.obs.middleware());
    let app = init_service(app).await;
    let response = app.call(TestRequest::with_uri("/ends").to_request()).await.unwrap();
    let mut body = Box::pin(response.into_body());
    for expected in [Some("piece"), None, None, None] {
        let piece = poll_fn(|context| body.as_mut().poll_next(context)).await;
        assert_eq!(piece.map(Result::unwrap).as_deref(), expected.map(str::as_bytes));
    }
    drop(body);
    assert_once(&server, "GET", "/ends", 200).await;
}

#[actix_web::test]
async fn an_upgrade_ends_at_its_headers() {
    let server = Server::start(configure);
    let head = "GET /upgrades HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\n";
    let mut stream = server.open(head).await;
    let mut start = [0; 12];
    stream.read_exact(&mut start).await.unwrap();
    assert_eq!(&start, b"HTTP/1.1 101");
    // The client is still there.
    assert_once(&server, "GET", "/upgrades", 101).await;
    let open = async || server.samples("http_upgraded_connections").await;
    eventually(open, vec!["http_upgraded_connections 1".to_owned()]).await;
    drop(stream);
    server.stop();
    eventually(open, vec!["http_upgraded_connections 0".to_owned()]).await;
}

#[actix_web::test]
async fn a_request_whose_server_goes_away_is_cancelled() {
    let server = Server::start(|config: &mut ServiceConfig| {
        let never = || poll_fn(|_| Poll::<&'static str>::Pending);
        config.route("/never/{id}", web::get().to(never));
    });
    let _stream = server.open("GET /never/1 HTTP/1.1\r\nhost: x\r\n\r\n").await;
    eventually(async || server.in_flight().await, 1).await;
    server.stop();
    assert_once(&server, "GET", "/never/{id}", 499).await;
}

/// A FIN may come from a client that only has no more to say, and then the handler goes on. An RST may not.
#[actix_web::test]
async fn a_connection_that_is_reset_cancels_its_handler() {
    let server = Server::start(|config: &mut ServiceConfig| {
        let never = || poll_fn(|_| Poll::<&'static str>::Pending);
        config.route("/never/{id}", web::get().to(never));
    });
    let stream = server.open("GET /never/1 HTTP/1.1\r\nhost: x\r\n\r\n").await;
    eventually(async || server.in_flight().await, 1).await;
    stream.set_zero_linger().unwrap();
    drop(stream);
    assert_once(&server, "GET", "/never/{id}", 499).await;
}

#[actix_web::test]
async fn a_client_that_leaves_before_the_headers_is_noticed_if_it_may_not_close_its_half() {
    let obs = setup().build();
    let shared = obs.clone();
    let never = || poll_fn(|_| Poll::<&'static str>::Pending);
    let app = move || {
        let app = App::new().route("/never/{id}", web::get().to(never));
        app.wrap(shared.middleware())
    };
    let server = HttpServer::new(app).workers(1).disable_signals().h1_allow_half_closed(false);
    let server = server.bind(("127.0.0.1", 0)).unwrap();
    let (addr, server) = (server.addrs()[0], server.run());
    let server = Server::of(obs, addr, server);

    let stream = server.open("GET /never/1 HTTP/1.1\r\nhost: x\r\n\r\n").await;
    eventually(async || server.in_flight().await, 1).await;
    drop(stream);
    assert_once(&server, "GET", "/never/{id}", 499).await;
}
