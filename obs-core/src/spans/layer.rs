use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tracing_core::Subscriber;
use tracing_core::span::{Attributes, Id, Record};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;

use super::store::Store;
use super::{Node, stack};
use crate::Clock;
use crate::export::SpanSink;
use crate::source::{Collector, Family, Kind, Source, Value};

/// Records every `tracing` span once.
///
/// A span of a sampled request or job is exported: with its request, or, if it ends later than that,
/// on its own. Cheap to clone; clones share the spans.
#[derive(Clone)]
pub struct SpanLayer(Arc<Shared>);

struct Shared {
    open: Store,
    clock: Clock,
    sink: Option<Arc<dyn SpanSink>>,
    late: AtomicU64,
}

impl SpanLayer {
    /// A layer without open spans.
    ///
    /// `sink` takes the spans that end after their request, and is the one that the tracing signal
    /// gives all others to. Without it spans serve log lines only: nothing is stamped or built.
    #[must_use]
    pub fn new(clock: Clock, sink: Option<Arc<dyn SpanSink>>) -> Self {
        Self(Arc::new(Shared { open: Store::new(), clock, sink, late: AtomicU64::new(0) }))
    }
}

impl<S: Subscriber> Layer<S> for SpanLayer {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, _: Context<'_, S>) {
        let parent = match attributes.parent() {
            Some(parent) => self.0.open.get(parent.into_u64()),
            None if attributes.is_contextual() => stack::current(),
            None => None,
        };
        let export = self.0.sink.as_ref().map(|_| &self.0.clock);
        let node = Arc::new(Node::new(attributes, parent, export));
        self.0.open.insert(id.into_u64(), node);
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, _: Context<'_, S>) {
        if let Some(node) = self.0.open.get(id.into_u64()) {
            node.record(values);
        }
    }

    fn on_enter(&self, id: &Id, _: Context<'_, S>) {
        if let Some(node) = self.0.open.get(id.into_u64()) {
            stack::push(id.into_u64(), node);
        }
    }

    fn on_exit(&self, id: &Id, _: Context<'_, S>) {
        if let Some(node) = stack::pop(id.into_u64()) {
            node.left(&self.0.clock);
        }
    }

    fn on_close(&self, id: Id, _: Context<'_, S>) {
        let Some(node) = self.0.open.remove(id.into_u64()) else { return };
        let Some((context, span)) = node.close(&self.0.clock) else { return };
        if let (Some(late), Some(sink)) = (context.keep_span(span), &self.0.sink) {
            self.0.late.fetch_add(1, Ordering::Relaxed);
            sink.push(vec![late]);
        }
    }
}

impl Source for SpanLayer {
    fn collect(&self, out: &mut dyn Collector) {
        out.family(&Family::new(
            "obs_spans_late_total",
            Kind::Counter,
            "Spans that ended after their request and were handed over on their own.",
        ));
        out.sample(&[], Value::Integer(self.0.late.load(Ordering::Relaxed)));
    }
}

impl std::fmt::Debug for SpanLayer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SpanLayer").finish_non_exhaustive()
    }
}
