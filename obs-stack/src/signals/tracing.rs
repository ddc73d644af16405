use std::sync::Arc;

use obs_tracing::ServerSpans;

use super::signal::{self, Assembly};

pub(crate) type Signal = Arc<ServerSpans>;
pub(crate) type Observer = ServerSpans;

impl signal::Signal for Signal {
    fn join(assembly: &mut Assembly<'_>) -> Self {
        let spans = ServerSpans::new(&assembly.settings.tracing, assembly.spans.take());
        // The spans of the application go the same way, or none at all.
        assembly.spans = spans.sink();
        let spans = Arc::new(spans);
        assembly.sources.push(Arc::clone(&spans) as _);
        assembly.stack.tracing = Some(Arc::clone(&spans));
        spans
    }
}
