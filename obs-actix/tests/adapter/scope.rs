//! The context of a request: in its handler, in its tasks, and not beyond.
#![allow(clippy::unwrap_used, reason = "helpers of tests, outside of #[test]")]

use std::rc::Rc;

use actix_web::web::{self, ServiceConfig};
use actix_web::{App, HttpServer};
use obs_actix::{Context, Observe as _, RequestContext, spawn, spawn_blocking};

use crate::harness::{Server, setup};

fn id() -> String {
    RequestContext::current().map_or("none".to_owned(), |context| context.request_id().to_string())
}

async fn tasks(Context(context): Context) -> String {
    let local = Rc::new(()); // The task need not be `Send`.
    let task = spawn(async move {
        drop(local);
        tokio::task::yield_now().await;
        id()
    });
    let ids = [
        context.request_id().to_string(),
        id(),
        task.await.unwrap(),
        spawn_blocking(id).await.unwrap(),
        actix_web::rt::spawn(async { id() }).await.unwrap(),
    ];
    ids.join(" ")
}

fn configure(config: &mut ServiceConfig) {
    config.route("/tasks", web::get().to(tasks));
}

#[actix_web::test]
async fn handlers_and_their_tasks_know_the_request() {
    let server = Server::start(configure);
    let answer = server.send("GET", "/tasks", "x-request-id: abc\r\n").await;
    assert_eq!(answer.body(), "abc abc abc abc none");
}

#[actix_web::test]
async fn an_extractor_without_the_middleware_is_a_500() {
    let server = HttpServer::new(|| App::new().configure(configure)).workers(1).disable_signals();
    let server = server.bind(("127.0.0.1", 0)).unwrap();
    let (addr, server) = (server.addrs()[0], server.run());
    let server = Server::of(setup().build(), addr, server);
    let answer = server.call("GET", "/tasks").await;
    assert_eq!((answer.status(), answer.body()), (500, "this request is not observed"));
}

#[actix_web::test]
async fn wrapped_twice_a_request_counts_once() {
    let obs = setup().build();
    let shared = obs.clone();
    let server = HttpServer::new(move || {
        let app = App::new().configure(configure);
        app.wrap(shared.middleware()).wrap(shared.middleware())
    });
    let server = server.workers(1).disable_signals().bind(("127.0.0.1", 0)).unwrap();
    let (addr, server) = (server.addrs()[0], server.run());
    let server = Server::of(obs, addr, server);
    server.call("GET", "/tasks").await;
    assert_eq!(server.counted().await, [("GET".into(), "/tasks".into(), 200, 1)]);
}
