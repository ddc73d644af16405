//! The spans and calls that this thread is in.

use std::cell::RefCell;
use std::sync::Arc;

use super::Node;
use crate::{RequestContext, SpanId, TraceContext, TraceId};

thread_local! {
    static STACK: RefCell<Vec<Entered>> = const { RefCell::new(Vec::new()) };
}

enum Entered {
    Span {
        id: u64,
        node: Arc<Node>,
        /// Which context was current then, so that one entered later can be distinguished.
        within: usize,
    },
    Call {
        trace_id: TraceId,
        span_id: SpanId,
        /// The address of its context; 0 without one.
        context: usize,
    },
}

/// The innermost span that this thread is in.
#[must_use]
pub fn current() -> Option<Arc<Node>> {
    innermost_span(|node, _| Arc::clone(node))
}

/// The request or job that this thread works on: that of the innermost span, or the
/// [current](RequestContext::current) one if that was entered after the span.
///
/// A span carries its request to threads and tasks that were spawned without it.
#[must_use]
pub fn current_context() -> Option<RequestContext> {
    let now = RequestContext::current_address();
    // Entered within another context: a job inside of the span's request, or a guard that was held
    // across an await.
    innermost_span(|node, within| (within == now).then(|| node.context().cloned()))
        .flatten()
        .flatten()
        .or_else(RequestContext::current)
}

/// The innermost exported span of `context` that this thread is in: an application's span or a call.
/// `None` if it is directly in the request or job. Without a context: the innermost call outside of
/// requests.
#[must_use]
pub fn innermost(context: Option<&RequestContext>) -> Option<(TraceId, SpanId)> {
    let of_context = |entered: &Entered| match entered {
        Entered::Span { node, .. } => node.exported_in(context?),
        Entered::Call { trace_id, span_id, context: within } => {
            let within = *within == context.map_or(0, RequestContext::address);
            within.then_some((*trace_id, *span_id))
        }
    };
    STACK.try_with(|stack| stack.borrow().iter().rev().find_map(of_context)).ok().flatten()
}

fn innermost_span<R>(f: impl FnOnce(&Arc<Node>, usize) -> R) -> Option<R> {
    let look = |stack: &RefCell<Vec<Entered>>| {
        let stack = stack.borrow();
        let span = stack.iter().rev().find_map(|entered| match entered {
            Entered::Span { node, within, .. } => Some((node, *within)),
            Entered::Call { .. } => None,
        });
        span.map(|(node, within)| f(node, within))
    };
    STACK.try_with(look).ok().flatten()
}

pub(super) fn push(id: u64, node: Arc<Node>) {
    let within = RequestContext::current_address();
    let _ = STACK.try_with(|stack| stack.borrow_mut().push(Entered::Span { id, node, within }));
}

/// Spans need not be left in the order in which they were entered.
pub(super) fn pop(id: u64) -> Option<Arc<Node>> {
    let is_it =
        |entered: &Entered| matches!(entered, Entered::Span { id: known, .. } if *known == id);
    match remove(is_it)? {
        Entered::Span { node, .. } => Some(node),
        Entered::Call { .. } => None,
    }
}

fn remove(is_it: impl Fn(&Entered) -> bool) -> Option<Entered> {
    let remove = |stack: &RefCell<Vec<Entered>>| {
        let mut stack = stack.borrow_mut();
        let at = stack.iter().rposition(is_it)?;
        Some(stack.remove(at))
    };
    STACK.try_with(remove).ok().flatten()
}

/// A call of a kept trace that this thread is in, until it is dropped.
pub(crate) struct CallScope(SpanId);

/// Enters a call: spans and calls that begin from now on are its children.
pub(crate) fn enter_call(trace: &TraceContext, context: Option<&RequestContext>) -> CallScope {
    let context = context.map_or(0, RequestContext::address);
    let TraceContext { trace_id, span_id, .. } = *trace;
    let call = Entered::Call { trace_id, span_id, context };
    let _ = STACK.try_with(|stack| stack.borrow_mut().push(call));
    CallScope(span_id)
}

impl Drop for CallScope {
    fn drop(&mut self) {
        remove(|entered| matches!(entered, Entered::Call { span_id, .. } if *span_id == self.0));
    }
}
