//! Spans, by [OTLP over HTTP](https://opentelemetry.io/docs/specs/otlp/#otlphttp), binary.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use opentelemetry_proto::tonic::{
    collector::trace::v1::{ExportTraceServiceRequest, ExportTraceServiceResponse},
    common::v1::{KeyValue, any_value},
    trace::v1::{self, span::SpanKind, status::StatusCode},
};
use prost::Message;

use super::receiver::Taken;

/// A span, its ids in hexadecimal.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Span {
    /// The trace it belongs to.
    pub trace_id: String,
    /// Its own id.
    pub span_id: String,
    /// The flags of its trace, and those that OTLP adds.
    pub flags: u32,
    /// The `tracestate` of its trace; empty if there is none.
    pub trace_state: String,
    /// The id of its parent; empty if it has none.
    pub parent_id: String,
    /// Its name.
    pub name: String,
    /// Of a request of the service, not of something in it.
    pub is_server: bool,
    /// `Some` if the status is an error, with its message.
    pub error: Option<String>,
    /// Texts as they are, and numbers as text.
    pub attributes: BTreeMap<String, String>,
}

impl Span {
    /// The value of an attribute, as text.
    pub fn attribute(&self, key: &str) -> Option<&str> {
        self.attributes.get(key).map(String::as_str)
    }
}

pub(super) fn take(path: &str, body: &[u8]) -> Option<Result<Taken<Span>>> {
    (path == "/v1/traces").then(|| {
        let items = spans(body)?;
        Ok(Taken {
            requests: items.iter().filter(|span| span.is_server).count() as u64,
            items,
            content_type: "application/x-protobuf",
            answer: ExportTraceServiceResponse::default().encode_to_vec(),
        })
    })
}

fn spans(body: &[u8]) -> Result<Vec<Span>> {
    let request = ExportTraceServiceRequest::decode(body).context("not an export of spans")?;
    let scopes = request.resource_spans.into_iter().flat_map(|resource| resource.scope_spans);
    Ok(scopes.flat_map(|scope| scope.spans).map(Span::from).collect())
}

impl From<v1::Span> for Span {
    fn from(span: v1::Span) -> Self {
        let is_server = span.kind() == SpanKind::Server;
        let failed = |status: &v1::Status| status.code() == StatusCode::Error;
        Self {
            trace_id: hex(&span.trace_id),
            span_id: hex(&span.span_id),
            flags: span.flags,
            trace_state: span.trace_state.clone(),
            parent_id: hex(&span.parent_span_id),
            name: span.name,
            is_server,
            error: span.status.filter(failed).map(|status| status.message),
            attributes: span.attributes.into_iter().filter_map(attribute).collect(),
        }
    }
}

pub(super) fn attribute(KeyValue { key, value, .. }: KeyValue) -> Option<(String, String)> {
    let value = match value?.value? {
        any_value::Value::StringValue(text) => text,
        any_value::Value::IntValue(number) => number.to_string(),
        any_value::Value::DoubleValue(number) => number.to_string(),
        any_value::Value::BoolValue(flag) => flag.to_string(),
        _ => return None,
    };
    Some((key, value))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use opentelemetry_proto::tonic::{
        common::v1::AnyValue,
        trace::v1::{ResourceSpans, ScopeSpans},
    };

    use super::*;

    fn exported() -> Vec<u8> {
        let value = any_value::Value::StringValue("r-1".to_owned());
        let request_id = KeyValue {
            key: "obs.request_id".to_owned(),
            value: Some(AnyValue { value: Some(value) }),
            ..KeyValue::default()
        };
        let server = v1::Span {
            trace_id: vec![0xab; 16],
            span_id: vec![0x0c; 8],
            name: "GET /a".to_owned(),
            kind: SpanKind::Server.into(),
            attributes: vec![request_id],
            status: Some(v1::Status { message: "no stock".to_owned(), code: 2 }),
            ..v1::Span::default()
        };
        let inner = v1::Span { kind: SpanKind::Internal.into(), ..v1::Span::default() };
        let scope = ScopeSpans { spans: vec![server, inner], ..ScopeSpans::default() };
        let resource = ResourceSpans { scope_spans: vec![scope], ..ResourceSpans::default() };
        ExportTraceServiceRequest { resource_spans: vec![resource] }.encode_to_vec()
    }

    #[test]
    fn reads_the_ids_and_tells_requests_from_what_is_in_them() {
        let taken = take("/v1/traces", &exported()).unwrap().unwrap();
        assert_eq!((taken.requests, taken.items.len()), (1, 2));
        let server = Span {
            trace_id: "ab".repeat(16),
            span_id: "0c".repeat(8),
            name: "GET /a".to_owned(),
            is_server: true,
            error: Some("no stock".to_owned()),
            attributes: [("obs.request_id".to_owned(), "r-1".to_owned())].into(),
            ..Span::default()
        };
        assert_eq!(taken.items[0], server);
        assert!(ExportTraceServiceResponse::decode(taken.answer.as_slice()).is_ok());
    }

    #[test]
    fn knows_one_path_and_no_other_content() {
        assert!(take("/v1/logs", &exported()).is_none());
        assert!(take("/v1/traces", b"not protobuf").unwrap().is_err());
    }
}
