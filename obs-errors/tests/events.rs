//! What the events say, word by word.

mod common;

use common::{chain, event_of_order, order, service, settings};
use obs_core::{ErrorRecord, Outcome};
use serde_json::{Value, json};

fn exception(kind: &str, value: &str) -> Value {
    json!({"type": kind, "value": value, "mechanism": {"type": "error", "handled": true}})
}

#[test]
fn a_server_error_has_its_causes_innermost_first() {
    let service = service();
    service.exchange(order(), 500, Outcome::Complete, |context| context.record_error(chain()));
    let event = service.sink.event();
    let mut outer = exception("Failed", "cannot place the order");
    outer["module"] = "events::common".into();
    let expected = json!({"exception": {"values": [
        exception("cause", "postgres://[redacted]@db/orders refused"),
        exception("cause", "no connection"),
        outer,
    ]}});
    assert_eq!(event, event_of_order(&event, expected));
    let age = service.lifecycle.clock().unix(service.lifecycle.clock().now()).as_secs_f64()
        - event["timestamp"].as_f64().unwrap();
    assert!(age.abs() < 1e-3, "{age}");
}

#[test]
fn a_server_error_without_an_error_has_a_message_by_route() {
    let service = service();
    service.answer(503);
    let event = service.sink.event();
    let expected = json!({
        "logentry": {"formatted": "GET /orders/{id} answered 503"},
        "tags": {"status_code": "503"},
    });
    assert_eq!(event, event_of_order(&event, expected));
}

#[test]
fn a_body_that_fails_is_captured_with_the_status_that_was_sent() {
    let service = service();
    service.exchange(order(), 200, Outcome::BodyError, |_| {});
    let event = service.sink.event();
    let expected = json!({
        "logentry": {"formatted": "GET /orders/{id}: the response body failed"},
        "tags": {"status_code": "200", "outcome": "body_error"},
    });
    assert_eq!(event, event_of_order(&event, expected));
}

#[test]
fn a_panic_without_the_hook_is_fatal_and_keeps_the_error_before_it() {
    let service = service();
    service.panic(order(), |context| {
        context.record_error(ErrorRecord::of_text("stock", "none left"));
        panic!("nobody hears this");
    });
    let event = service.sink.event();
    let unhandled = json!({"type": "panic", "handled": false});
    let expected = json!({
        "level": "fatal",
        "tags": {"outcome": "panic"},
        "exception": {"values": [
            {"type": "stock", "value": "none left", "mechanism": unhandled},
            {"type": "panic", "value": "the handler panicked", "mechanism": unhandled},
        ]},
    });
    assert_eq!(event, event_of_order(&event, expected));
}

#[test]
fn a_job_is_named_by_itself() {
    let service = service();
    service.job("nightly-report", Ok(()));
    service.job("nightly-report", Err("disk full".to_owned()));
    let event = service.sink.event();
    let expected = json!({
        "event_id": event["event_id"],
        "timestamp": event["timestamp"],
        "platform": "native",
        "sdk": {"name": "obs-errors", "version": env!("CARGO_PKG_VERSION")},
        "release": "shop@1.2.3",
        "environment": "staging",
        "level": "error",
        "transaction": "nightly-report",
        "exception": {"values": [exception("job", "disk full")]},
        "tags": {
            "job": "nightly-report",
            "request_id": event["tags"]["request_id"],
            "outcome": "failed",
        },
        "contexts": {},
    });
    assert_eq!(event, expected);
}

#[test]
fn added_fields_are_a_context() {
    let service = service();
    service.exchange(order(), 500, Outcome::Complete, |context| {
        context.add("cart.items", 3);
        context.add("big", u64::MAX);
        context.add("ratio", 0.5);
        context.add("b2b", true);
        context.add("shop", "north");
        context.add("session_token", "hunter2");
    });
    let fields = json!({
        "cart.items": 3, "big": u64::MAX, "ratio": 0.5, "b2b": true, "shop": "north",
        "session_token": "[redacted]",
    });
    assert_eq!(service.sink.event()["contexts"]["fields"], fields);
}

#[test]
fn an_unmatched_request_does_not_show_its_path_in_a_name() {
    let service = service();
    let mut request = order();
    request.route = None;
    service.exchange(request, 500, Outcome::Complete, |_| {});
    let event = service.sink.event();
    assert_eq!(event["transaction"], "GET unknown");
    assert_eq!(event["tags"]["route"], "unknown");
    assert_eq!(event["logentry"]["formatted"], "GET unknown answered 500");
}

#[test]
fn release_and_environment_of_the_settings_win() {
    let mut settings = settings();
    settings.release = Some("shop@2-rc/1\n".to_owned());
    settings.environment = Some("prod/eu".to_owned());
    let service = common::service_with(settings);
    service.answer(500);
    let event = service.sink.event();
    assert_eq!(
        (&event["release"], &event["environment"]),
        (&json!("shop@2-rc-1"), &json!("prod-eu"))
    );
}

#[test]
fn every_event_has_an_id_of_its_own() {
    let service = service();
    service.answer(500);
    service.answer(500);
    let events = service.sink.events();
    assert_ne!(events[0]["event_id"], events[1]["event_id"]);
}
