//! A real server takes, stores and returns what we produce.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests, outside of #[test]")]

mod common;

use common::{SPAN_ID, TRACE_ID, chain, order, service_with, settings};
use obs_core::Outcome;
use obs_errors::ErrorSettings;
use obs_testing::Bugsink;
use serde_json::Value;

/// A level that does not exist, of the same length: a lenient server would store it.
fn spoiled(envelope: &[u8]) -> Vec<u8> {
    let text = String::from_utf8(envelope.to_vec()).unwrap();
    text.replace(r#""level":"error""#, r#""level":"eroor""#).into_bytes()
}

/// Sends an envelope where `settings` say, and gives the status of the answer.
async fn send(bugsink: &Bugsink, settings: &ErrorSettings, body: Vec<u8>) -> u16 {
    let (url, auth) = settings.target().unwrap();
    bugsink.send(&url, auth.expose(), body).await
}

#[tokio::test]
async fn a_strict_server_returns_every_event_as_it_was() {
    let Some(bugsink) = Bugsink::start("a_strict_server_returns_every_event_as_it_was").await
    else {
        return;
    };
    let mut here = settings();
    here.dsn = Some(bugsink.dsn.parse().unwrap());
    let service = service_with(here.clone());
    service.exchange(order(), 500, Outcome::Complete, |context| {
        context.record_error(chain());
        context.add("cart.items", 3);
    });
    service.answer(503);
    service.exchange(order(), 200, Outcome::BodyError, |_| {});
    service.panic(order(), |_| panic!("boom"));
    service.job("nightly-report", Err("disk full".to_owned()));

    for envelope in service.sink.envelopes() {
        assert_eq!(send(&bugsink, &here, envelope.body).await, 200);
    }
    let sent = service.sink.events();
    let stored = bugsink.events().await;
    assert_eq!(stored.len(), sent.len());
    for event in &sent {
        let kept = stored.iter().find(|kept| kept["event_id"] == event["event_id"]).unwrap();
        for part in [
            "transaction",
            "level",
            "release",
            "environment",
            "tags",
            "contexts",
            "exception",
            "request",
        ] {
            assert_eq!(kept.get(part), event.get(part), "{part}");
        }
    }
    let first = stored.iter().find(|kept| kept["event_id"] == sent[0]["event_id"]).unwrap();
    assert_eq!(first["contexts"]["trace"]["trace_id"], TRACE_ID);
    assert_eq!(first["contexts"]["trace"]["span_id"], SPAN_ID);
    assert_eq!(first["tags"]["route"], "/orders/{id}");
    assert_eq!(first["tags"]["request_id"], "req-1");

    strict_and_guarded(&bugsink, &here, sent.len()).await;
}

/// It does refuse: the wrong key, and an event that does not fit the schema.
async fn strict_and_guarded(bugsink: &Bugsink, here: &ErrorSettings, stored: usize) {
    let service = service_with(here.clone());
    service.answer(500);
    let envelope = service.sink.envelopes().remove(0).body;
    let _ = send(bugsink, here, spoiled(&envelope)).await;
    let key = here.target().unwrap().1.expose().rsplit_once('=').unwrap().1.to_owned();
    let mut stranger = here.clone();
    stranger.dsn = Some(bugsink.dsn.replace(&key, &"0".repeat(key.len())).parse().unwrap());
    assert_eq!(send(bugsink, &stranger, envelope).await, 403);
    let events: Vec<Value> = bugsink.events().await;
    assert_eq!(events.len(), stored);
}
