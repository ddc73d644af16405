use axum::{Json, Router, http::StatusCode, routing::post};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::server::Service;

async fn service_with_gateway(status: StatusCode) -> Service {
    let answer = move |Json(_): Json<Value>| async move { status };
    let gateway = Router::new().route("/settlements", post(answer));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/settlements", listener.local_addr().unwrap());
    // Ends with the runtime of the test.
    tokio::spawn(async { axum::serve(listener, gateway).await.unwrap() });
    Service::on_sqlite(&url).await
}

#[tokio::test]
async fn payments_are_reconciled_with_a_gateway_that_agrees() {
    let service = service_with_gateway(StatusCode::NO_CONTENT).await;
    let agreed = service.post("/payments/reconcile", "").await.expect(200);
    assert_eq!(agreed, json!({"reconciled": []}));
}

#[tokio::test]
async fn a_gateway_that_does_not_agree_is_a_bad_gateway() {
    let service = service_with_gateway(StatusCode::CONFLICT).await;
    let problem = service.post("/payments/reconcile", "").await.expect(502);
    assert_eq!(problem["error"], "payment gateway answered 409 Conflict");
}
