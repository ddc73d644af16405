//! What signals hand to an exporter. Neither side knows the other.

use std::borrow::Cow;
use std::time::Duration;

use crate::FieldValue;
use crate::trace::{SpanId, TraceId};
use crate::{TraceFlags, TraceState};

/// A finished span, of a request, of a job or of the application.
#[derive(Clone, Debug, PartialEq)]
pub struct SpanRecord {
    /// The trace it belongs to.
    pub trace_id: TraceId,
    /// Its own id.
    pub span_id: SpanId,
    /// The span it is a child of.
    pub parent: Option<SpanId>,
    /// Whether the parent is in another process.
    pub parent_is_remote: bool,
    /// The flags of its trace, all eight bits.
    pub flags: TraceFlags,
    /// The `tracestate` of its trace.
    pub trace_state: Option<TraceState>,
    /// Its name: low cardinality.
    pub name: Cow<'static, str>,
    /// Its kind.
    pub kind: SpanKind,
    /// When it began, since the Unix epoch.
    pub start: Duration,
    /// When it ended, since the Unix epoch.
    pub end: Duration,
    /// Attributes, each key once.
    pub attributes: Vec<(Cow<'static, str>, FieldValue)>,
    /// Attributes that were left out because of a bound.
    pub dropped_attributes: u32,
    /// What went wrong, if it failed.
    pub error: Option<String>,
}

/// What a span stands for, as
/// [OpenTelemetry](https://opentelemetry.io/docs/specs/otel/trace/api/#spankind) has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SpanKind {
    /// A request that was answered here.
    Server,
    /// Work inside the process.
    Internal,
    /// A call to another service that waits for its answer.
    Client,
    /// A message that was sent, whenever it is processed.
    Producer,
    /// A message that was processed.
    Consumer,
}

impl SpanRecord {
    /// About how much memory it holds, in bytes: what a bounded queue counts.
    #[must_use]
    pub fn size(&self) -> usize {
        let attributes: usize =
            self.attributes.iter().map(|(key, value)| key.len() + value.size()).sum();
        size_of::<Self>()
            + self.name.len()
            + attributes
            + self.trace_state.as_ref().map_or(0, TraceState::size)
            + self.error.as_ref().map_or(0, String::len)
    }
}

/// Takes finished spans for export. Must neither block nor fail; what it cannot take it counts.
pub trait SpanSink: Send + Sync {
    /// Takes the spans of one exchange at once.
    fn push(&self, spans: Vec<SpanRecord>);
}

/// A complete HTTP request to an error tracker, for the exporter that sends it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    /// The body.
    pub body: Vec<u8>,
}

/// Takes error events for delivery. Must neither block nor fail; what it cannot take it counts.
pub trait EnvelopeSink: Send + Sync {
    /// Takes one envelope.
    fn push(&self, envelope: Envelope);

    /// Waits until what was taken is delivered or lost, at most for `timeout`. `true` if nothing is
    /// left.
    fn flush(&self, timeout: Duration) -> bool;
}
