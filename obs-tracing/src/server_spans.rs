use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use obs_core::export::SpanSink;
use obs_core::source::{Collector, Family, Kind, Source, Value};
use obs_core::{
    Finished, Headers, Observer, RequestContext, RequestInfo, SpanId, TraceContext, TraceId, Work,
    spans,
};

use crate::client::Client;
use crate::{Sampler, TraceParent, TracingSettings, record};

/// Gives every request and job its place in a trace, and builds the span of those that are kept.
///
/// The ids are chosen at the beginning, so that log lines, error events and the spans of the
/// application carry them while the request runs; the span itself is built after its end. Whether a
/// trace is kept does not depend on whether anybody takes the spans: what this service says to the
/// next one stays the same.
pub struct ServerSpans {
    sampler: Sampler,
    sink: Option<Arc<dyn SpanSink>>,
    sampled: AtomicU64,
    spans_dropped: AtomicU64,
    rejected: AtomicU64,
}

impl ServerSpans {
    /// Spans go to `sink`. Without one, and if [`TracingSettings::export`] is off, none are built.
    #[must_use]
    pub fn new(settings: &TracingSettings, sink: Option<Arc<dyn SpanSink>>) -> Self {
        Self {
            sampler: settings.sampler,
            sink: sink.filter(|_| settings.export),
            sampled: AtomicU64::new(0),
            spans_dropped: AtomicU64::new(0),
            rejected: AtomicU64::new(0),
        }
    }

    /// Where the spans go: what the [`SpanLayer`](spans::SpanLayer) of this installation is to be
    /// given for the spans of the application. `None` if none are built.
    #[must_use]
    pub fn sink(&self) -> Option<Arc<dyn SpanSink>> {
        self.sink.clone()
    }

    /// The caller of a request, by its `traceparent`.
    #[inline]
    fn remote_parent(&self, headers: &dyn Headers) -> Option<TraceParent> {
        let (mut values, mut parent) = (0, None);
        headers.each("traceparent", &mut |value| {
            values += 1;
            parent = TraceParent::parse(value);
        });
        if values > 1 || (values == 1 && parent.is_none()) {
            self.rejected.fetch_add(1, Ordering::Relaxed);
            return None;
        }
        parent
    }
}

/// What a job is a part of: the request or job that this thread works on, if any.
fn local_parent() -> Option<TraceParent> {
    let TraceContext { trace_id, span_id, sampled, .. } = spans::current_context()?.trace()?;
    let span = spans::current().filter(|span| {
        let outer = span.context().and_then(RequestContext::trace);
        outer.is_some_and(|outer| outer.span_id == span_id)
    });
    Some(TraceParent { trace_id, span_id: span.map_or(span_id, |span| span.span_id()), sampled })
}

/// What is remembered of a request until its span is built: nothing, if none will be.
#[derive(Debug)]
pub struct OpenSpan(Option<Box<Client>>);

impl Observer for ServerSpans {
    type State = OpenSpan;

    #[inline]
    fn begin(&self, request: &RequestInfo<'_>, context: &RequestContext) -> OpenSpan {
        let parent = match request.facts.work() {
            Work::Job => local_parent(),
            _ => self.remote_parent(request.headers),
        };
        let trace_id = parent.map_or_else(TraceId::random, |parent| parent.trace_id);
        let sampled = self.sampler.decide(trace_id, parent.map(|parent| parent.sampled));
        context.set_trace(TraceContext {
            trace_id,
            span_id: SpanId::random(),
            parent: parent.map(|parent| parent.span_id),
            sampled,
        });
        let build = sampled && self.sink.is_some();
        OpenSpan(build.then(|| Box::new(Client::of(request.headers))))
    }

    #[inline]
    fn finish(&self, OpenSpan(client): OpenSpan, end: &Finished<'_>) {
        let (Some(client), Some(sink), Some(trace)) = (client, &self.sink, end.context.trace())
        else {
            return;
        };
        let (mut spans, dropped) = end.context.close_spans();
        self.sampled.fetch_add(1, Ordering::Relaxed);
        self.spans_dropped.fetch_add(dropped.into(), Ordering::Relaxed);
        spans.push(record::of(end, trace, *client, dropped));
        sink.push(spans);
    }
}

impl Source for ServerSpans {
    fn collect(&self, out: &mut dyn Collector) {
        let mut count = |name, help, value: &AtomicU64| {
            out.family(&Family { name, kind: Kind::Counter, help });
            out.sample(&[], Value::Integer(value.load(Ordering::Relaxed)));
        };
        count(
            "obs_traces_sampled_total",
            "Requests and jobs whose spans were built and handed over.",
            &self.sampled,
        );
        count(
            "obs_spans_dropped_total",
            "Spans of the application beyond the bounds of their request.",
            &self.spans_dropped,
        );
        count(
            "obs_traceparent_rejected_total",
            "Requests with an invalid or repeated traceparent, which got a new trace.",
            &self.rejected,
        );
    }
}

impl std::fmt::Debug for ServerSpans {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ServerSpans")
            .field("sampler", &self.sampler)
            .field("export", &self.sink.is_some())
            .finish_non_exhaustive()
    }
}
