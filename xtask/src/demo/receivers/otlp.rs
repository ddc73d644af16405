//! Spans, by [OTLP over HTTP](https://opentelemetry.io/docs/specs/otlp/#otlphttp), binary.

use anyhow::{Context, Result};
use opentelemetry_proto::tonic::{
    collector::trace::v1::{ExportTraceServiceRequest, ExportTraceServiceResponse},
    common::v1::{KeyValue, any_value},
    trace::v1::{self, span::SpanKind},
};
use prost::Message;

use super::receiver::Taken;

#[derive(Debug, PartialEq)]
pub(in crate::demo) struct Span {
    pub(in crate::demo) trace_id: String,
    pub(in crate::demo) span_id: String,
    pub(in crate::demo) name: String,
    /// Of a request of the service, not of something in it.
    pub(in crate::demo) is_server: bool,
    pub(in crate::demo) request_id: Option<String>,
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
        Self {
            trace_id: hex(&span.trace_id),
            span_id: hex(&span.span_id),
            is_server: span.kind() == SpanKind::Server,
            request_id: text(&span.attributes, "obs.request_id"),
            name: span.name,
        }
    }
}

fn text(attributes: &[KeyValue], key: &str) -> Option<String> {
    let attribute = attributes.iter().find(|attribute| attribute.key == key)?;
    match attribute.value.as_ref()?.value.as_ref()? {
        any_value::Value::StringValue(text) => Some(text.clone()),
        _ => None,
    }
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
            request_id: Some("r-1".to_owned()),
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
