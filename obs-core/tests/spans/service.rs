//! A lifecycle whose traces are all kept, and the spans that come out of it.

use std::sync::{Arc, Mutex};

use obs_core::export::{SpanRecord, SpanSink};
use obs_core::spans::SpanLayer;
use obs_core::{
    Clock, Exchange, Facts, FakeClock, FieldValue, Finished, Headers, Lifecycle, Observer, Outcome,
    RequestContext, RequestInfo, Route, SpanId, TraceContext, TraceFlags, TraceId,
};
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::layer::SubscriberExt;

#[derive(Default)]
pub(crate) struct Memory(Mutex<Vec<SpanRecord>>);

impl SpanSink for Memory {
    fn push(&self, spans: Vec<SpanRecord>) {
        self.0.lock().unwrap().extend(spans);
    }
}

/// Keeps every trace; hands over the spans of the application only.
pub(crate) struct Traces(Arc<Memory>);

impl Observer for Traces {
    type State = ();

    fn begin(&self, _: &RequestInfo<'_>, context: &RequestContext) {
        context.set_trace(TraceContext {
            trace_id: TraceId::random(),
            span_id: SpanId::random(),
            parent: None,
            flags: TraceFlags::from_bits(0xa3),
        });
    }

    fn finish(&self, (): (), end: &Finished<'_>) {
        self.0.push(end.context.close_spans().0);
    }
}

pub(crate) struct Get;

impl Facts for Get {
    fn method(&self) -> &str {
        "GET"
    }

    fn path(&self) -> &str {
        "/"
    }

    fn route(&self) -> Option<Route<'_>> {
        None
    }
}

pub(crate) struct NoHeaders;

impl Headers for NoHeaders {
    fn get(&self, _: &str) -> Option<&[u8]> {
        None
    }
}

pub(crate) struct Service {
    pub(crate) lifecycle: Arc<Lifecycle<Traces>>,
    pub(crate) memory: Arc<Memory>,
    pub(crate) clock: FakeClock,
    _guard: DefaultGuard,
}

impl Service {
    /// With spans of this thread recorded, and taken by a sink.
    pub(crate) fn new() -> Self {
        let memory = Arc::new(Memory::default());
        let (clock, hand) = Clock::fake();
        let layer = SpanLayer::new(clock.clone(), Some(memory.clone()));
        let lifecycle = Lifecycle::new(Traces(memory.clone())).with_clock(clock);
        let guard = tracing::subscriber::set_default(tracing_subscriber::registry().with(layer));
        Self { lifecycle: Arc::new(lifecycle), memory, clock: hand, _guard: guard }
    }

    pub(crate) fn begin(&self) -> Exchange<Traces, Get> {
        Exchange::begin(Arc::clone(&self.lifecycle), Get, &NoHeaders)
    }

    /// The spans of one request with this handler, in the order of their ends.
    pub(crate) fn request(&self, handler: impl FnOnce()) -> Vec<SpanRecord> {
        let mut exchange = self.begin();
        exchange.in_scope(handler);
        exchange.finish(Outcome::Complete);
        self.taken()
    }

    pub(crate) fn taken(&self) -> Vec<SpanRecord> {
        std::mem::take(&mut *self.memory.0.lock().unwrap())
    }
}

pub(crate) fn trace(exchange: &Exchange<Traces, Get>) -> TraceContext {
    exchange.context().and_then(RequestContext::trace).unwrap()
}

pub(crate) fn value<'a>(span: &'a SpanRecord, name: &str) -> Option<&'a FieldValue> {
    span.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value)
}
