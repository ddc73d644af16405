//! The spans that this thread is in.

use std::cell::RefCell;
use std::sync::Arc;

use super::Node;

thread_local! {
    static STACK: RefCell<Vec<(u64, Arc<Node>)>> = const { RefCell::new(Vec::new()) };
}

/// The innermost span that this thread is in.
#[must_use]
pub fn current() -> Option<Arc<Node>> {
    let top = STACK.try_with(|stack| stack.borrow().last().map(|(_, node)| Arc::clone(node)));
    top.ok().flatten()
}

pub(super) fn push(id: u64, node: Arc<Node>) {
    let _ = STACK.try_with(|stack| stack.borrow_mut().push((id, node)));
}

/// Spans need not be left in the order in which they were entered.
pub(super) fn pop(id: u64) {
    let _ = STACK.try_with(|stack| {
        let mut stack = stack.borrow_mut();
        let at = stack.iter().rposition(|(known, _)| *known == id);
        at.map(|at| stack.remove(at))
    });
}
