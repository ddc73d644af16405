use serde_json::json;

use super::{order, placed};
use crate::server::Service;

pub(super) async fn an_order_is_placed_and_read(service: &Service) {
    let mut two_lines = order();
    let milk = json!({"sku": "milk-1l", "quantity": 3, "unit_price": 95});
    two_lines["lines"].as_array_mut().unwrap().push(milk);
    let placed = service.post("/orders", &two_lines).await.expect(201);
    assert_eq!(placed["status"], "placed");
    assert_eq!(placed["total"], 2785);
    assert_eq!(placed["lines"], two_lines["lines"]);
    service.metrics.assert("order_lines_count", 1);
    service.metrics.assert("order_lines_sum{kind='b2b',payment='bkash'}", 2);

    let id = placed["id"].as_str().unwrap();
    let read = service.get(format!("/orders/{id}")).await.expect(200);
    assert_eq!(read, placed);
}

pub(super) async fn bad_orders_are_refused(service: &Service) {
    for (field, bad) in [
        ("lines", json!([])),
        ("lines", json!([{"sku": "rice-5kg", "quantity": 0, "unit_price": 1}])),
        ("lines", json!([{"sku": "rice-5kg", "quantity": -1, "unit_price": 1}])),
        ("lines", json!([{"sku": "rice-5kg", "quantity": 1.5, "unit_price": 1}])),
        ("lines", json!([{"sku": " ", "quantity": 1, "unit_price": 1}])),
        ("kind", json!("b2x")),
        ("payment", json!("cash")),
        ("customer", json!("")),
    ] {
        let mut order = order();
        order[field] = bad;
        service.post("/orders", order).await.expect(422);
    }
    service.post("/orders", "{\"customer").await.expect(400);
    assert_eq!(service.get("/orders").await.expect(200), json!([]));
    service.metrics.assert("order_lines_count", 0);
}

pub(super) async fn the_newest_orders_are_listed(service: &Service) {
    let mut newest_first = Vec::new();
    for _ in 0..4 {
        newest_first.push(placed(service).await);
    }
    // By time; ids of one millisecond are in no particular order.
    newest_first.sort_by(|one, other| other.cmp(one));
    for (limit, count) in [("", 4), ("?limit=20", 4), ("?limit=2", 2)] {
        let orders = service.get(format!("/orders{limit}")).await.expect(200);
        let ids: Vec<&str> =
            orders.as_array().unwrap().iter().map(|order| order["id"].as_str().unwrap()).collect();
        assert_eq!(ids, newest_first[..count]);
    }
    for limit in ["0", "-1", "101", "many"] {
        let path = format!("/orders?limit={limit}");
        service.get(path).await.expect(422);
    }
}

pub(super) async fn what_is_not_there_is_not_found(service: &Service) {
    service.get("/orders/nobody-has-this").await.expect(404);
    service.get("/wp-login.php").await.expect(404);
    service.post("/reports/daily", "").await.expect(405);
}
