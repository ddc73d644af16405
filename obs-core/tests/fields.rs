//! What may be added to a request: every kind of text, whatever its lifetime, numbers and `bool`.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use std::borrow::Cow;
use std::sync::Arc;

use obs_core::{Exchange, Facts, FieldValue, Headers, Lifecycle, Route};

struct Get;

impl Facts for Get {
    fn method(&self) -> &str {
        "GET"
    }

    fn path(&self) -> &str {
        "/"
    }

    fn route(&self) -> Option<Route<'_>> {
        None
    }
}

impl Headers for Get {
    fn get(&self, _: &str) -> Option<&[u8]> {
        None
    }
}

fn added(value: impl Into<FieldValue>) -> FieldValue {
    let exchange = Exchange::begin(Arc::new(Lifecycle::new(())), Get, &Get);
    let context = exchange.context().unwrap();
    context.scope(|| obs_core::add("key", value));
    let mut fields = context.fields();
    assert_eq!(fields.len(), 1);
    fields.pop().unwrap().1
}

/// As a helper of an application has it: it knows nothing of where the text comes from.
fn by_reference(text: &str) -> FieldValue {
    added(text)
}

#[test]
fn a_text_of_any_lifetime_is_added() {
    let expected = FieldValue::from_static("order 17");
    let values = {
        let owned = format!("order {}", 17);
        [
            by_reference(&owned),
            added(owned.as_str()),
            added(&owned),
            added(Cow::Borrowed(owned.as_str())),
            added(Cow::<'_, str>::Owned(owned.clone())),
            added("order 17"),
            added(String::from_utf8_lossy(owned.as_bytes())),
            added(FieldValue::from_static("order 17")),
            added(owned),
        ]
    };
    for value in values {
        assert_eq!(value, expected);
    }
}

#[test]
fn numbers_and_flags_are_added_as_they_are() {
    assert_eq!(added(true), FieldValue::Bool(true));
    assert_eq!(added(-7), FieldValue::I64(-7));
    assert_eq!(added(7_u8), FieldValue::I64(7));
    assert_eq!(added(u64::MAX), FieldValue::U64(u64::MAX));
    assert_eq!(added(7_usize), FieldValue::U64(7));
    assert_eq!(added(0.5_f32), FieldValue::F64(0.5));
    assert_eq!(added(0.25), FieldValue::F64(0.25));
}

#[test]
fn a_borrowed_text_is_redacted_and_bounded_as_an_owned_one_is() {
    let secret = "redis://:hunter2@cache/0".to_owned();
    assert_eq!(by_reference(&secret), added(secret));
    assert!(!by_reference("token=hunter2").to_string().contains("hunter2"));
    for letter in ["x", "é", "token=hunter2 "] {
        let long = letter.repeat(1 << 20);
        let value = by_reference(&long);
        assert_eq!(value, added(long.clone()));
        assert!(value.to_string().ends_with('…') && value.size() <= 8 * 1024);
        // The conversion itself copies no more than what may be looked at.
        assert!(FieldValue::from(long.as_str()).size() <= 16 * 1024 + size_of::<FieldValue>());
    }
}
