use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use tracing_core::Metadata;
use tracing_core::span::{Attributes, Record};

use super::Fields;
use crate::export::{SpanKind, SpanRecord};
use crate::{Clock, RequestContext, SpanId};

/// One `tracing` span while it is open.
#[derive(Debug)]
pub struct Node {
    metadata: &'static Metadata<'static>,
    parent: Option<Arc<Node>>,
    context: Option<RequestContext>,
    span_id: SpanId,
    start: Instant,
    fields: Mutex<Fields>,
}

impl Node {
    pub(super) fn new(
        attributes: &Attributes<'_>,
        parent: Option<Arc<Self>>,
        clock: &Clock,
    ) -> Self {
        // A span belongs to the request of its parent, also on a thread without one.
        let context = match &parent {
            Some(parent) => parent.context.clone(),
            None => RequestContext::current(),
        };
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        Self {
            metadata: attributes.metadata(),
            parent,
            context,
            span_id: SpanId::random(),
            start: clock.now(),
            fields: Mutex::new(fields),
        }
    }

    pub(super) fn record(&self, values: &Record<'_>) {
        values.record(&mut *self.fields.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// The name of the span.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.metadata.name()
    }

    /// The span around this one.
    #[must_use]
    pub fn parent(&self) -> Option<&Node> {
        self.parent.as_deref()
    }

    /// The id that the exported span has.
    #[must_use]
    pub fn span_id(&self) -> SpanId {
        self.span_id
    }

    /// The request or job it belongs to.
    #[must_use]
    pub fn context(&self) -> Option<&RequestContext> {
        self.context.as_ref()
    }

    /// Looks at the fields.
    pub fn with_fields<R>(&self, f: impl FnOnce(&Fields) -> R) -> R {
        f(&self.fields.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The span for export, if its request is sampled.
    pub(super) fn close(&self, clock: &Clock) -> Option<(&RequestContext, SpanRecord)> {
        let context = self.context.as_ref()?;
        let trace = context.trace().filter(|trace| trace.sampled)?;
        let fields = self.fields.lock().unwrap_or_else(PoisonError::into_inner).take();
        let error =
            fields.iter().find(|(name, _)| *name == "error").map(|(_, value)| value.to_string());
        let record = SpanRecord {
            trace_id: trace.trace_id,
            span_id: self.span_id,
            parent: Some(self.parent.as_ref().map_or(trace.span_id, |parent| parent.span_id)),
            parent_is_remote: false,
            name: self.metadata.name().into(),
            kind: SpanKind::Internal,
            start: clock.unix(self.start),
            end: clock.unix(clock.now()),
            attributes: fields.into_iter().map(|(name, value)| (name.into(), value)).collect(),
            dropped_attributes: 0,
            error,
        };
        Some((context, record))
    }
}
