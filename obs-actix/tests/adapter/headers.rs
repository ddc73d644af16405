//! What responses carry.

use actix_web::HttpResponse;
use actix_web::web::{self, ServiceConfig};

use actix_web::HttpRequest;
use obs_actix::{Settings, TraceEcho};

use crate::harness::{Server, setup};

async fn timed() -> actix_web::HttpResponse {
    actix_web::HttpResponse::Ok().insert_header(("server-timing", "db;dur=53")).finish()
}

/// The ids that the headers of the request have.
async fn seen(request: HttpRequest) -> String {
    let ids = request.headers().get_all("x-request-id").filter_map(|id| id.to_str().ok());
    format!("{:?}", ids.collect::<Vec<_>>())
}

fn configure(config: &mut ServiceConfig) {
    let own =
        || async { HttpResponse::Ok().insert_header(("x-request-id", "the-handlers")).finish() };
    config
        .route("/", web::get().to(|| async { "ok" }))
        .route("/own", web::get().to(own))
        .route("/timed", web::get().to(timed))
        .route("/seen", web::get().to(seen));
}

#[actix_web::test]
async fn responses_carry_the_ids_of_the_request() {
    let echo = |settings: &mut Settings| settings.request_ids.trace_echo = TraceEcho::Both;
    let server = Server::with(setup().with_settings(echo).build(), configure);
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let headers =
        format!("x-request-id: order-42\r\ntraceparent: 00-{trace}-00f067aa0ba902b7-01\r\n");
    let answer = server.send("GET", "/", &headers).await;
    assert_eq!((answer.status(), answer.body()), (200, "ok"));
    assert_eq!(answer.header("x-request-id"), Some("order-42"));
    let place = answer.header("traceresponse").unwrap();
    assert_eq!(&place[3..35], trace);
    assert_eq!(answer.header("server-timing"), Some(&*format!("trace;desc={place}")));

    let answer = server.send("GET", "/own", &headers).await;
    assert_eq!(answer.0.matches("x-request-id").count(), 1, "{answer:?}");
    assert_eq!(answer.header("x-request-id"), Some("the-handlers"));

    let own = server.call("GET", "/missing").await;
    assert_eq!(own.status(), 404);
    let id = own.header("x-request-id").unwrap();
    assert_eq!(Some(id), own.header("traceresponse").map(|place| &place[3..35]), "one id");
    let timed = server.call("GET", "/timed").await;
    let all: Vec<_> = timed.headers("server-timing").collect();
    assert!(
        all.len() == 2 && all[0] == "db;dur=53" && all[1].starts_with("trace;desc=00-"),
        "{all:?}"
    );
}

#[actix_web::test]
async fn the_id_is_the_only_header_by_default() {
    let server = Server::start(configure);
    let answer = server.call("GET", "/").await;
    assert_eq!(answer.header("x-request-id").map(str::len), Some(32), "{answer:?}");
    assert!(answer.header("traceresponse").is_none() && answer.header("server-timing").is_none());
    assert_eq!(server.call("GET", "/seen").await.body(), "[]", "not on the request");
}

#[actix_web::test]
async fn the_id_is_on_the_request_if_asked_for() {
    let on = |settings: &mut Settings| settings.request_ids.on_request = true;
    let server = Server::with(setup().with_settings(on).build(), configure);
    for (sent, taken) in
        [("", None), ("x-request-id: mine\r\n", Some("mine")), ("x-request-id: a b\r\n", None)]
    {
        let answer = server.send("GET", "/seen", sent).await;
        let id = answer.header("x-request-id").unwrap();
        assert_eq!(answer.body(), format!("[{id:?}]"), "{sent}");
        assert_eq!(taken.unwrap_or(id), id);
    }
}
