use std::sync::Arc;

use obs_core::spans::{self, Node};
use obs_core::{RequestContext, SpanId};
use tracing_core::Event;

/// Where an event happens.
pub(crate) struct Scope {
    node: Option<Arc<Node>>,
    context: Option<RequestContext>,
}

impl Scope {
    pub(crate) fn of(event: &Event<'_>) -> Self {
        let node = if event.is_root() { None } else { spans::current() };
        Self { node, context: spans::current_context() }
    }

    /// The innermost span. Its [`parent`](Node::parent) is the one around it.
    pub(crate) fn node(&self) -> Option<&Node> {
        self.node.as_deref()
    }

    /// The request or job, and the id of the innermost span if that belongs to it.
    pub(crate) fn ids(&self) -> Option<(&RequestContext, Option<SpanId>)> {
        let context = self.context.as_ref()?;
        let own = |node: &&Node| node.context().and_then(RequestContext::trace) == context.trace();
        Some((context, self.node().filter(own).map(Node::span_id)))
    }
}
