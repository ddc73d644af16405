//! The spans that this thread is in.

use std::cell::RefCell;
use std::sync::Arc;

use super::Node;
use crate::RequestContext;

thread_local! {
    static STACK: RefCell<Vec<Entered>> = const { RefCell::new(Vec::new()) };
}

struct Entered {
    id: u64,
    node: Arc<Node>,
    /// Which context was current then, so that one entered later is told apart.
    within: usize,
}

/// The innermost span that this thread is in.
#[must_use]
pub fn current() -> Option<Arc<Node>> {
    top(|top| Arc::clone(&top.node))
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
    top(|top| (top.within == now).then(|| top.node.context().cloned()))
        .flatten()
        .flatten()
        .or_else(RequestContext::current)
}

fn top<R>(f: impl FnOnce(&Entered) -> R) -> Option<R> {
    STACK.try_with(|stack| stack.borrow().last().map(f)).ok().flatten()
}

pub(super) fn push(id: u64, node: Arc<Node>) {
    let within = RequestContext::current_address();
    let _ = STACK.try_with(|stack| stack.borrow_mut().push(Entered { id, node, within }));
}

/// Spans need not be left in the order in which they were entered.
pub(super) fn pop(id: u64) -> Option<Arc<Node>> {
    let left = STACK.try_with(|stack| {
        let mut stack = stack.borrow_mut();
        let at = stack.iter().rposition(|entered| entered.id == id)?;
        Some(stack.remove(at).node)
    });
    left.ok().flatten()
}
