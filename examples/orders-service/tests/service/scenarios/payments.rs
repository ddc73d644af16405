use futures_util::future::join_all;
use serde_json::json;

use super::placed;
use crate::server::Service;

pub(super) async fn an_order_is_paid_once(service: &Service) {
    let id = placed(service).await;
    let path = format!("/orders/{id}/payments");
    let pay = |amount| service.post(&path, json!({"gateway": "bkash", "amount": amount}));
    pay(2499).await.expect(422);
    let payment = pay(2500).await.expect(201);
    assert_eq!(payment["order_id"], *id);
    assert_eq!(payment["amount"], 2500);
    pay(2500).await.expect(409);
    let order = service.get(format!("/orders/{id}")).await.expect(200);
    assert_eq!(order["status"], "paid");

    let unknown =
        service.post("/orders/nobody-has-this/payments", json!({"gateway": "bkash", "amount": 1}));
    unknown.await.expect(404);
    let cash = service.post(&path, json!({"gateway": "cash", "amount": 2500}));
    cash.await.expect(422);
}

pub(super) async fn of_many_payments_at_once_one_is_stored(service: &Service) {
    let path = format!("/orders/{}/payments", placed(service).await);
    let pay = |_| service.post(&path, json!({"gateway": "nagad", "amount": 2500}));
    let answers = join_all((0..24).map(pay)).await;
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses[0], 201);
    assert_eq!(statuses[1..], [409; 23]);

    let report = service.get("/reports/daily").await.expect(200);
    assert_eq!(report["payments"][0]["count"], 1);
}

pub(super) async fn a_gateway_that_is_not_there_is_a_bad_gateway(service: &Service) {
    let problem = service.post("/payments/reconcile", "").await.expect(502);
    assert_eq!(problem, json!({"error": "payment gateway unreachable"}));
}
