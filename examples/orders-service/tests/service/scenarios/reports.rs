use std::time::{Duration, Instant};

use serde_json::json;

use super::placed;
use crate::server::Service;

pub(super) async fn a_report_sums_up_the_day(service: &Service) {
    placed(service).await;
    let path = format!("/orders/{}/payments", placed(service).await);
    let payment = json!({"gateway": "bkash", "amount": 2500});
    service.post(path, payment).await.expect(201);

    let start = Instant::now();
    let report = service.get("/reports/daily").await.expect(200);
    assert!(start.elapsed() >= Duration::from_millis(150));
    let of_status =
        |status| json!({"kind": "b2b", "status": status, "count": 1, "total": 2500, "units": 2});
    assert_eq!(report["orders"], json!([of_status("paid"), of_status("placed")]));
    assert_eq!(report["payments"], json!([{"gateway": "bkash", "count": 1, "amount": 2500}]));
    assert_eq!(report["goods_received"], 5_600_000);
}
