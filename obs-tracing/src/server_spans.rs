use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use obs_core::export::SpanSink;
use obs_core::source::{Collector, Family, Kind, Source, Value};
use obs_core::{
    CallSite, Finished, FinishedCall, Headers, Observer, Place, RequestContext, RequestInfo,
    SpanId, TraceContext, TraceFlags, TraceId, TraceState, Work, spans,
};

use crate::client::Client;
use crate::{Sampler, TraceParent, TracingSettings, TrustedProxies, calls, probability, record};

/// Gives every request and job its place in a trace, and builds the span of those that are kept.
///
/// The ids are chosen at the beginning, so that log lines, error events and the spans of the
/// application carry them while the request runs; the span itself is built after its end.
///
/// If no spans are exported, the request has no span that a backend could show, so its context names
/// none: a caller's context goes on to the next service as it came, and a trace that starts here is
/// not sampled.
pub struct ServerSpans {
    sampler: Sampler,
    /// The threshold of the sampler, and the `tracestate` of the traces that start here and are kept.
    threshold: Option<(String, Option<TraceState>)>,
    proxies: TrustedProxies,
    propagate: bool,
    sink: Option<Arc<dyn SpanSink>>,
    sampled: AtomicU64,
    spans_dropped: AtomicU64,
    rejected: AtomicU64,
}

impl ServerSpans {
    /// Spans go to `sink`. Without one, and if [`TracingSettings::export`] is off, none are built.
    #[must_use]
    pub fn new(settings: &TracingSettings, sink: Option<Arc<dyn SpanSink>>) -> Self {
        let state = |digits: &String| TraceState::parse(format!("ot=th:{digits}").as_bytes());
        Self {
            sampler: settings.sampler,
            threshold: settings.sampler.threshold().map(|digits| (digits.clone(), state(&digits))),
            proxies: settings.trusted_proxies.clone(),
            propagate: settings.propagate,
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

    /// The caller of a request, by its `traceparent` and `tracestate`.
    #[inline]
    fn remote_caller(&self, headers: &dyn Headers) -> Option<Caller> {
        let (mut values, mut parent) = (0, None);
        headers.each("traceparent", &mut |value| {
            values += 1;
            parent = TraceParent::parse(value);
        });
        if values > 1 || (values == 1 && parent.is_none()) {
            self.rejected.fetch_add(1, Ordering::Relaxed);
            return None;
        }
        // An invalid `tracestate` says nothing of the `traceparent`; without that one it means nothing.
        parent.map(|parent| Caller { parent, state: TraceState::read(headers) })
    }

    fn start(&self) -> Place {
        let trace_id = TraceId::random();
        let sampled = self.sink.is_some() && self.sampler.decide(trace_id, None);
        let flags = TraceFlags::RANDOM.with_sampled(sampled);
        let threshold = self.threshold.as_ref().filter(|_| sampled);
        Place {
            trace: TraceContext { trace_id, span_id: SpanId::random(), parent: None, flags },
            trace_state: threshold.and_then(|(_, state)| state.clone()),
            root: true,
        }
    }

    fn go_on(&self, Caller { parent, state }: Caller) -> Place {
        let TraceParent { trace_id, span_id, flags } = parent;
        if self.sink.is_none() {
            let trace = TraceContext { trace_id, span_id, parent: None, flags };
            return Place { trace, trace_state: state, root: false };
        }
        let sampled = self.sampler.decide_in(trace_id, state.as_ref(), Some(flags.is_sampled()));
        let trace_state = if self.sampler.is_parent_based() {
            state
        } else {
            let threshold = self.threshold.as_ref().filter(|_| sampled);
            match state {
                Some(state) => probability::decided(state, threshold.map(|(digits, _)| &**digits)),
                None => threshold.and_then(|(_, state)| state.clone()),
            }
        };
        let flags = flags.with_sampled(sampled);
        let trace =
            TraceContext { trace_id, span_id: SpanId::random(), parent: Some(span_id), flags };
        Place { trace, trace_state, root: false }
    }
}

/// Where a request or job comes from.
struct Caller {
    parent: TraceParent,
    state: Option<TraceState>,
}

/// What a job is a part of: the request or job that this thread works on, if any, and the innermost
/// span in it, if spans are exported.
fn local_caller(exported: bool) -> Option<Caller> {
    let context = spans::current_context()?;
    let TraceContext { trace_id, span_id, flags, .. } = context.trace()?;
    let span = exported.then(|| spans::innermost(Some(&context))).flatten();
    let span_id = span.map_or(span_id, |(_, span_id)| span_id);
    let state = context.trace_state().cloned();
    Some(Caller { parent: TraceParent { trace_id, span_id, flags }, state })
}

/// What is remembered of a request until its span is built: nothing, if none will be.
#[derive(Debug)]
pub struct OpenSpan(Option<Box<Client>>);

impl Observer for ServerSpans {
    type State = OpenSpan;

    #[inline]
    fn place(&self, request: &RequestInfo<'_>) -> Option<Place> {
        let caller = match request.facts.work() {
            Work::Job => local_caller(self.sink.is_some()),
            _ if self.propagate => self.remote_caller(request.headers),
            _ => None,
        };
        Some(caller.map_or_else(|| self.start(), |caller| self.go_on(caller)))
    }

    #[inline]
    fn begin(&self, request: &RequestInfo<'_>, context: &RequestContext) -> OpenSpan {
        let build = context.is_sampled() && self.sink.is_some();
        OpenSpan(build.then(|| Box::new(Client::of(request.headers, &self.proxies))))
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

    #[inline]
    fn begin_call(&self, _: &CallSite, context: Option<&RequestContext>) -> Option<Place> {
        self.sink.as_ref()?;
        if context.is_some_and(|context| !context.is_sampled()) {
            return None;
        }
        let place = calls::place(context).unwrap_or_else(|| self.start());
        place.trace.is_sampled().then_some(place)
    }

    #[inline]
    fn finish_call(&self, call: &mut FinishedCall<'_>) {
        let (Some(place), Some(sink)) = (call.place.cloned(), &self.sink) else { return };
        let span = calls::span(call, place);
        let late = match call.context {
            Some(context) => context.keep_span(span),
            None => Some(span),
        };
        if let Some(span) = late {
            sink.push(vec![span]);
        }
    }
}

impl Source for ServerSpans {
    fn collect(&self, out: &mut dyn Collector) {
        let mut count = |name, help, value: &AtomicU64| {
            out.family(&Family::new(name, Kind::Counter, help));
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
