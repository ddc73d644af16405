use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tracing_core::Metadata;
use tracing_core::span::{Attributes, Record};

use super::{Fields, stack};
use crate::export::{SpanKind, SpanRecord};
use crate::{Clock, FieldValue, RequestContext, SpanId, TraceContext, TraceFlags, TraceId};

/// One `tracing` span while it is open.
#[derive(Debug)]
pub struct Node {
    metadata: &'static Metadata<'static>,
    parent: Option<Arc<Node>>,
    context: Option<RequestContext>,
    span_id: SpanId,
    fields: Mutex<Fields>,
    /// What only an exported span needs.
    export: Option<Export>,
}

#[derive(Debug)]
struct Export {
    trace_id: TraceId,
    parent: SpanId,
    flags: TraceFlags,
    start: Instant,
    /// Nanoseconds from the start until the span was left last; 0 before.
    left: AtomicU64,
    /// Nanoseconds from the start until its last child closed; 0 before.
    child_closed: AtomicU64,
}

impl Node {
    /// `export` tells whether anybody takes finished spans.
    pub(super) fn new(
        attributes: &Attributes<'_>,
        parent: Option<Arc<Self>>,
        export: Option<&Clock>,
    ) -> Self {
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        let context = if attributes.is_contextual() {
            stack::current_context()
        } else {
            // A span belongs to the request of its parent, also on a thread without one.
            let explicit = parent.as_ref().and_then(|parent| parent.context.clone());
            explicit.or_else(stack::current_context)
        };
        let export = export.and_then(|clock| {
            let context = context.as_ref()?;
            // A call that was entered after the outer span stands between the two.
            let outer = if attributes.is_contextual() {
                stack::innermost(Some(context))
            } else {
                parent.as_ref().and_then(|parent| parent.exported_in(context))
            };
            Export::new(context, outer.map(|(_, span_id)| span_id), clock)
        });
        Self {
            metadata: attributes.metadata(),
            parent,
            context,
            span_id: SpanId::random(),
            fields: Mutex::new(fields),
            export,
        }
    }

    pub(super) fn record(&self, values: &Record<'_>) {
        // Before the lock is taken: a `Debug` of the application's may write a line in this span.
        let mut newer = Fields::default();
        values.record(&mut newer);
        self.fields.lock().unwrap_or_else(PoisonError::into_inner).merge(newer);
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

    /// Its ids, if it is exported as a span of `context`: a span around another one may belong to
    /// another request, or to none.
    pub(super) fn exported_in(&self, context: &RequestContext) -> Option<(TraceId, SpanId)> {
        let export = self.export.as_ref()?;
        let same = self.context.as_ref().is_some_and(|own| own.is(context));
        same.then_some((export.trace_id, self.span_id))
    }

    /// Looks at the fields.
    pub fn with_fields<R>(&self, f: impl FnOnce(&Fields) -> R) -> R {
        f(&self.fields.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn left(&self, clock: &Clock) {
        if let Some(export) = &self.export {
            export.left.fetch_max(export.elapsed(clock.now()), Ordering::Relaxed);
        }
    }

    /// The span for export, if its request is sampled.
    pub(super) fn close(&self, clock: &Clock) -> Option<(&RequestContext, SpanRecord)> {
        let export = self.export.as_ref()?;
        let now = clock.now();
        if let Some(outer) = self.parent.as_ref().and_then(|parent| parent.export.as_ref()) {
            outer.child_closed.fetch_max(outer.elapsed(now), Ordering::Relaxed);
        }
        // Whatever holds the node still sees its fields.
        let fields = self.with_fields(Fields::clone);
        let start = clock.unix(export.start);
        let (dropped_attributes, error) = (fields.dropped(), fields.get("error").and_then(error));
        let (attributes, mut otel) = fields.into_exported();
        let record = SpanRecord {
            trace_id: export.trace_id,
            span_id: self.span_id,
            parent: Some(export.parent),
            parent_is_remote: false,
            flags: export.flags,
            trace_state: self.context.as_ref().and_then(RequestContext::trace_state).cloned(),
            name: otel.name.take().unwrap_or(self.metadata.name().into()),
            kind: otel.kind.unwrap_or(SpanKind::Internal),
            start,
            end: start + export.lasted(now),
            dropped_attributes,
            error: otel.error(error),
            attributes,
        };
        self.context.as_ref().map(|context| (context, record))
    }
}

impl Export {
    fn new(context: &RequestContext, parent: Option<SpanId>, clock: &Clock) -> Option<Self> {
        let trace = context.trace().filter(TraceContext::is_sampled)?;
        Some(Self {
            trace_id: trace.trace_id,
            parent: parent.unwrap_or(trace.span_id),
            flags: trace.flags,
            start: clock.now(),
            left: AtomicU64::new(0),
            child_closed: AtomicU64::new(0),
        })
    }

    fn elapsed(&self, now: Instant) -> u64 {
        let nanos = now.saturating_duration_since(self.start).as_nanos();
        u64::try_from(nanos).unwrap_or(u64::MAX)
    }

    /// The registry closes a span after its children, however late these are: one that was left
    /// before its last child closed ended when it was left.
    fn lasted(&self, now: Instant) -> Duration {
        let left = self.left.load(Ordering::Relaxed);
        let outlived = left > 0 && self.child_closed.load(Ordering::Relaxed) > left;
        Duration::from_nanos(if outlived { left } else { self.elapsed(now) })
    }
}

/// What the field `error` says, unless it says that there is none.
fn error(value: &FieldValue) -> Option<String> {
    match value {
        FieldValue::Bool(false) => None,
        FieldValue::Bool(true) => Some(String::new()),
        value => Some(value.to_string()),
    }
}
