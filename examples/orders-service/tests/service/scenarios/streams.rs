use http_body_util::BodyExt;
use hyper::{Method, Response, body::Incoming};
use serde_json::{Value, json};

use super::placed;
use crate::server::Service;

async fn open(service: &Service, path: &str) -> Response<Incoming> {
    let response = service.send(Method::GET, path, String::new()).await;
    let response = response.unwrap();
    assert_eq!(response.status(), 200);
    response
}

async fn frame(response: &mut Response<Incoming>) -> Option<String> {
    let frame = response.body_mut().frame().await?.unwrap();
    Some(String::from_utf8(frame.into_data().unwrap().to_vec()).unwrap())
}

pub(super) async fn an_export_comes_in_frames(service: &Service) {
    for _ in 0..25 {
        placed(service).await;
    }
    let mut export = open(service, "/orders/export").await;
    assert_eq!(export.headers()["content-type"], "application/x-ndjson");
    let (mut frames, mut text) = (0, String::new());
    while let Some(frame) = frame(&mut export).await {
        frames += 1;
        text += &frame;
    }
    assert!(frames > 1, "{frames} frames");
    let orders: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(orders.len(), 25);
    assert!(orders.iter().all(|order| order["total"] == 2500));
}

pub(super) async fn an_export_can_be_left_in_the_middle(service: &Service) {
    placed(service).await;
    let mut export = open(service, "/orders/export").await;
    assert!(frame(&mut export).await.is_some());
    drop(export);
    service.get("/orders").await.expect(200);
}

pub(super) async fn events_are_told_until_the_service_stops(service: &Service) {
    let mut events = open(service, "/orders/events").await;
    assert_eq!(events.headers()["content-type"], "text/event-stream");
    let id = placed(service).await;
    let event = frame(&mut events).await.unwrap();
    assert!(event.contains("event: placed\n") && event.contains(&id), "{event}");

    let payment = json!({"gateway": "sslcommerz", "amount": 2500});
    let paid = service.post(format!("/orders/{id}/payments"), payment);
    paid.await.expect(201);
    let event = frame(&mut events).await.unwrap();
    assert!(event.contains("event: paid\n") && event.contains(&id), "{event}");

    service.events.close();
    assert_eq!(frame(&mut events).await, None);
    assert_eq!(frame(&mut open(service, "/orders/events").await).await, None);
}
