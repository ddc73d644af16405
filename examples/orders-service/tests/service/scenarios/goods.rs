use futures_util::future::join_all;
use hyper::Method;
use serde_json::{Value, json};

use crate::{client::Answer, server::Service};

async fn receive(service: &Service, warehouse: &str, quantity: i64) -> Answer {
    let delivery = json!({"warehouse": warehouse, "sku": "rice-5kg", "quantity": quantity});
    service.post("/goods-received", delivery).await
}

async fn utilization(service: &Service, warehouse: &str) -> Value {
    let path = format!("/warehouses/{warehouse}/utilization");
    service.get(path).await.expect(200)
}

pub(super) async fn goods_fill_a_warehouse(service: &Service) {
    for warehouse in ["china", "ghana"] {
        let before = utilization(service, warehouse).await;
        let goods = receive(service, warehouse, 10).await.expect(201);
        assert_eq!(goods["warehouse"], warehouse);
        let after = utilization(service, warehouse).await;
        assert_eq!(after["warehouse"], warehouse);
        let used = |state: &Value| state["used"].as_i64().unwrap();
        assert_eq!(used(&after), used(&before) + 10);
        assert!(after["percent"].as_f64().unwrap() < 50.0, "{after}");
    }
    service.get("/warehouses/atlantis/utilization").await.expect(404);
}

pub(super) async fn bad_deliveries_are_refused(service: &Service) {
    receive(service, "atlantis", 10).await.expect(422);
    receive(service, "ghana", 0).await.expect(422);
    receive(service, "lagos", 1_000_001).await.expect(409);
    assert_eq!(utilization(service, "lagos").await["used"], 0);
}

pub(super) async fn many_deliveries_at_once_do_not_overfill_a_warehouse(service: &Service) {
    // Room for ten of them.
    let answers = join_all((0..24).map(|_| receive(service, "lagos", 100_000))).await;
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses[..10], [201; 10]);
    assert_eq!(statuses[10..], [409; 14]);
    assert_eq!(utilization(service, "lagos").await["percent"], 100.0);
}

pub(super) async fn a_forecast_is_made_from_goods_received(service: &Service) {
    // 2 900 000 free after 2 100 000 in seven days.
    let forecast = service.get("/warehouses/ghana/forecast").await.expect(200);
    assert_eq!(forecast["days_until_full"], 9);
    receive(service, "ghana", 900_000).await.expect(201);
    let forecast = service.get("/warehouses/ghana/forecast").await.expect(200);
    assert_eq!(forecast["days_until_full"], 4);
    service.get("/warehouses/atlantis/forecast").await.expect(404);
}

pub(super) async fn the_bug_left_in_on_purpose_ends_one_request_only(service: &Service) {
    let path = "/warehouses/lagos/forecast";
    let broken = service.send(Method::GET, path, String::new()).await;
    // A closed connection, or 500 if something in between catches panics.
    assert!(broken.is_err() || broken.is_ok_and(|response| response.status() == 500));
    assert_eq!(utilization(service, "lagos").await["used"], 0);
}
