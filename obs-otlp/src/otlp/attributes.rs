//! Attributes of spans, points and resources.

use std::borrow::Cow;

use obs_core::FieldValue;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};

pub(super) fn attribute((key, value): (Cow<'static, str>, FieldValue)) -> KeyValue {
    let value = match value {
        FieldValue::Bool(value) => Value::BoolValue(value),
        FieldValue::I64(value) => Value::IntValue(value),
        // OTLP has no unsigned integers; a float would lose digits.
        FieldValue::U64(value) => i64::try_from(value)
            .map_or_else(|_| Value::StringValue(value.to_string()), Value::IntValue),
        FieldValue::F64(value) => Value::DoubleValue(value),
        FieldValue::Text(value) => Value::StringValue(value.into_owned()),
        other => Value::StringValue(other.to_string()),
    };
    pair(key.into_owned(), value)
}

pub(crate) fn text(key: &str, value: &str) -> KeyValue {
    pair(key.to_owned(), Value::StringValue(value.to_owned()))
}

fn pair(key: String, value: Value) -> KeyValue {
    KeyValue { key, value: Some(AnyValue { value: Some(value) }), ..KeyValue::default() }
}
