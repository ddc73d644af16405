//! What responses carry.

use actix_web::web::{self, ServiceConfig};

use crate::harness::Server;

fn configure(config: &mut ServiceConfig) {
    config.route("/", web::get().to(|| async { "ok" }));
}

#[actix_web::test]
async fn responses_carry_the_ids_of_the_request() {
    let server = Server::start(configure);
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let headers =
        format!("x-request-id: order-42\r\ntraceparent: 00-{trace}-00f067aa0ba902b7-01\r\n");
    let answer = server.send("GET", "/", &headers).await;
    assert_eq!((answer.status(), answer.body()), (200, "ok"));
    assert_eq!(answer.header("x-request-id"), Some("order-42"));
    assert_eq!(answer.header("traceresponse").map(|value| &value[3..35]), Some(trace));

    let own = server.call("GET", "/missing").await;
    assert_eq!(own.status(), 404);
    assert_eq!(own.header("x-request-id").map(str::len), Some(36), "{own:?}");
}
