//! The sinks that are handed to the signals.

use std::sync::Arc;
use std::time::Duration;

use obs_core::export::{Envelope, EnvelopeSink, SpanRecord, SpanSink};

use crate::exporter::Shared;
use crate::outlets::Positions;
use crate::queue::Queue;
use crate::signal::Signal;

pub(crate) struct Spans {
    pub(crate) queue: Arc<Queue<Vec<SpanRecord>>>,
    /// The thread lives as long as there is a sink that can push.
    pub(crate) _thread: Arc<Shared>,
}

impl SpanSink for Spans {
    fn push(&self, spans: Vec<SpanRecord>) {
        if !spans.is_empty() {
            self.queue.push(spans);
        }
    }
}

pub(crate) struct Errors {
    pub(crate) queue: Arc<Queue<Envelope>>,
    pub(crate) shared: Arc<Shared>,
}

impl EnvelopeSink for Errors {
    fn push(&self, envelope: Envelope) {
        self.queue.push(envelope);
    }

    fn flush(&self, timeout: Duration) -> bool {
        let position = self.queue.hurry();
        let mut until = Positions::default();
        until[Signal::Errors as usize] = Some(position);
        self.shared.flush(until, timeout);
        self.queue.has_left(position)
    }
}
