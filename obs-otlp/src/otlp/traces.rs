//! Spans, by the OpenTelemetry protocol.

use std::io;
use std::time::Duration;

use obs_core::export::{SpanKind, SpanRecord};
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::status::StatusCode;
use opentelemetry_proto::tonic::trace::v1::{
    ResourceSpans, ScopeSpans, Span, SpanFlags, Status, span,
};

use super::attributes::attribute;
use super::{Encoded, Wire, nanos, scope};
use crate::backend::{Answer, Backend};
use crate::target::OtlpTarget;

/// A backend that takes spans.
pub(crate) struct Traces {
    resource: Resource,
    wire: Wire,
}

impl Traces {
    /// # Errors
    /// If the endpoint is not a usable URL, or TLS has no certificates.
    pub(crate) fn new(target: &OtlpTarget, resource: &Resource) -> io::Result<Self> {
        Ok(Self { resource: resource.clone(), wire: Wire::new(target)? })
    }
}

impl Backend for Traces {
    type Item = Vec<SpanRecord>;
    type Request = Encoded<ExportTraceServiceRequest>;

    fn encode(&self, items: Vec<Self::Item>) -> Self::Request {
        let scope_spans = ScopeSpans {
            scope: Some(scope()),
            spans: items.into_iter().flatten().map(message).collect(),
            ..ScopeSpans::default()
        };
        let resource_spans = ResourceSpans {
            resource: Some(self.resource.clone()),
            scope_spans: vec![scope_spans],
            ..ResourceSpans::default()
        };
        self.wire.encode(ExportTraceServiceRequest { resource_spans: vec![resource_spans] })
    }

    async fn send(&mut self, request: &Self::Request) -> Answer {
        self.wire.send(request).await
    }

    fn timeout(&self) -> Duration {
        self.wire.timeout()
    }

    fn reconnect(&mut self) {
        self.wire.reconnect();
    }
}

fn message(record: SpanRecord) -> Span {
    let parent = record.parent.map(|parent| parent.to_u64().to_be_bytes().to_vec());
    let remote = if record.parent_is_remote { SpanFlags::ContextIsRemoteMask as u32 } else { 0 };
    Span {
        trace_id: record.trace_id.to_u128().to_be_bytes().to_vec(),
        span_id: record.span_id.to_u64().to_be_bytes().to_vec(),
        parent_span_id: parent.unwrap_or_default(),
        flags: u32::from(record.flags.bits()) | SpanFlags::ContextHasIsRemoteMask as u32 | remote,
        trace_state: record.trace_state.map(|state| state.to_string()).unwrap_or_default(),
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
        SpanKind::Client => span::SpanKind::Client,
        SpanKind::Producer => span::SpanKind::Producer,
        SpanKind::Consumer => span::SpanKind::Consumer,
        _ => span::SpanKind::Internal,
    }
}
