//! Records as messages of OTLP.

use std::borrow::Cow;
use std::time::Duration;

use obs_core::FieldValue;
use obs_core::export::{SpanKind, SpanRecord};
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, InstrumentationScope, KeyValue};
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::status::StatusCode;
use opentelemetry_proto::tonic::trace::v1::{
    ResourceSpans, ScopeSpans, Span, SpanFlags, Status, span,
};

/// Of the flags of a trace context: a span that is exported was sampled.
const SAMPLED: u32 = 1;

pub(super) fn request(
    items: Vec<Vec<SpanRecord>>,
    resource: Resource,
) -> ExportTraceServiceRequest {
    let scope = InstrumentationScope {
        name: "obs".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        ..InstrumentationScope::default()
    };
    let scope_spans = ScopeSpans {
        scope: Some(scope),
        spans: items.into_iter().flatten().map(message).collect(),
        ..ScopeSpans::default()
    };
    let resource_spans = ResourceSpans {
        resource: Some(resource),
        scope_spans: vec![scope_spans],
        ..ResourceSpans::default()
    };
    ExportTraceServiceRequest { resource_spans: vec![resource_spans] }
}

fn message(record: SpanRecord) -> Span {
    let parent = record.parent.map(|parent| parent.to_u64().to_be_bytes().to_vec());
    let remote = if record.parent_is_remote { SpanFlags::ContextIsRemoteMask as u32 } else { 0 };
    Span {
        trace_id: record.trace_id.to_u128().to_be_bytes().to_vec(),
        span_id: record.span_id.to_u64().to_be_bytes().to_vec(),
        parent_span_id: parent.unwrap_or_default(),
        flags: SAMPLED | SpanFlags::ContextHasIsRemoteMask as u32 | remote,
        name: record.name.into_owned(),
        kind: kind(record.kind).into(),
        start_time_unix_nano: nanos(record.start),
        end_time_unix_nano: nanos(record.end),
        attributes: record.attributes.into_iter().map(attribute).collect(),
        dropped_attributes_count: record.dropped_attributes,
        status: record.error.map(|message| Status { message, code: StatusCode::Error.into() }),
        ..Span::default()
    }
}

fn kind(kind: SpanKind) -> span::SpanKind {
    match kind {
        SpanKind::Server => span::SpanKind::Server,
        _ => span::SpanKind::Internal,
    }
}

fn nanos(since_epoch: Duration) -> u64 {
    since_epoch.as_nanos().try_into().unwrap_or(u64::MAX)
}

fn attribute((key, value): (Cow<'static, str>, FieldValue)) -> KeyValue {
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

pub(super) fn text(key: &str, value: &str) -> KeyValue {
    pair(key.to_owned(), Value::StringValue(value.to_owned()))
}

fn pair(key: String, value: Value) -> KeyValue {
    KeyValue { key, value: Some(AnyValue { value: Some(value) }), ..KeyValue::default() }
}
