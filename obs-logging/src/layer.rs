use tracing_core::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;

use crate::Logging;

/// Writes every event that reaches it as a line.
///
/// The fields of spans come from [`SpanLayer`](obs_core::spans::SpanLayer), which must be in the
/// same subscriber; without it lines carry their own fields only. [`LogFilter`](crate::LogFilter)
/// chooses the events.
#[derive(Clone, Debug)]
pub struct LogLayer(Logging);

impl LogLayer {
    pub(crate) fn new(logging: Logging) -> Self {
        Self(logging)
    }
}

impl<S: Subscriber> Layer<S> for LogLayer {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        self.0.event(event);
    }
}
