//! Texts that nobody wishes for: the envelope stays one, and tells no secret.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests, outside of #[test]")]

mod common;

use std::sync::Arc;

use common::{Request, order, service};
use obs_core::{ErrorRecord, FieldValue, Outcome};
use proptest::prelude::*;

const CANARY: &str = "hunter2-canary";

fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![".{0,40}", "[\n\r\0\"\\\\{}\u{2028}\u{202e}\u{1F600}é/ ]{0,300}", "\\PC{0,80}"]
}

fn value() -> impl Strategy<Value = FieldValue> {
    prop_oneof![
        any::<bool>().prop_map(FieldValue::from),
        any::<i64>().prop_map(FieldValue::from),
        any::<u64>().prop_map(FieldValue::from),
        any::<f64>().prop_map(FieldValue::from),
        hostile().prop_map(FieldValue::from),
    ]
}

proptest! {
    #[test]
    fn an_envelope_is_three_lines_whatever_is_in_it(
        method in hostile(), path in hostile(), route in proptest::option::of(hostile()),
        text in hostile(), values in proptest::collection::vec(value(), 0..4), status in 500u16..1000,
    ) {
        let service = service();
        let request = Request { method, path, route: route.map(Arc::from) };
        service.exchange(request, status, Outcome::BodyError, |context| {
            context.record_error(ErrorRecord::of_text("hostile", &text));
            let keys = ["type", "a\nb", "", "\"}"];
            for (key, value) in keys.into_iter().zip(values) {
                context.add(key, value);
            }
        });
        let event = service.sink.event();
        for tag in event["tags"].as_object().unwrap().values() {
            let tag = tag.as_str().unwrap();
            prop_assert!(!tag.is_empty() && tag.len() <= 200 && !tag.contains('\n'));
        }
    }
}

#[test]
fn the_largest_event_is_bounded() {
    let service = service();
    let nul = || "\0".repeat(3000);
    let mut record = ErrorRecord::of(&common::Failed("the outermost", None));
    record.chain.extend(std::iter::repeat_with(nul).take(100));
    let request = Request { method: nul(), path: nul(), route: Some(nul().into()) };
    service.exchange(request, 500, Outcome::Complete, |context| {
        context.record_error(record);
        context.add("big", nul());
    });
    let body = &service.sink.envelopes()[0].body;
    assert!(body.len() <= 200 * 1024 + 200, "{}", body.len());
    let event = service.sink.event();
    assert_eq!(event["tags"]["obs.cut"], "fields and causes");
    assert_eq!(event["exception"]["values"].as_array().unwrap().len(), 1);
    assert_eq!(event["exception"]["values"][0]["value"], "the outermost");
    assert!(event["contexts"].get("fields").is_none());
}

#[test]
fn no_secret_reaches_an_event() {
    let service = service();
    let mut request = order();
    request.path = format!("/login/token={CANARY}");
    service.exchange(request, 500, Outcome::Complete, |context| {
        context.add("password", CANARY);
        context.add("url", format!("redis://:{CANARY}@cache/0"));
        context.add("args", format!("--api-key={CANARY}"));
        context.record_error(ErrorRecord::of_text("x", &format!("smtp://a:{CANARY}@mail refused")));
    });
    service.job("mail", Err(format!("secret={CANARY}; retry")));
    service.panic(order(), |_| panic!("password={CANARY}"));
    let envelopes = service.sink.envelopes();
    assert_eq!(envelopes.len(), 3);
    for envelope in envelopes {
        let text = String::from_utf8(envelope.body).unwrap();
        assert!(!text.contains(CANARY), "{text}");
        assert!(!text.contains("0123abcd"), "nor the key: {text}");
    }
}
