//! The thread-local slot of the current request.

use std::cell::Cell;
use std::mem;

use super::RequestContext;
use crate::mutant;

thread_local! {
    static CURRENT: Cell<Option<RequestContext>> = const { Cell::new(None) };
}

/// Swaps `slot` with the current context until the guard is dropped: the `Arc` moves, no count changes.
#[inline]
pub(crate) fn enter(slot: &mut Option<RequestContext>) -> Entered<'_> {
    swap(slot);
    Entered(slot)
}

pub(crate) struct Entered<'a>(&'a mut Option<RequestContext>);

impl Drop for Entered<'_> {
    #[inline]
    fn drop(&mut self) {
        leave(self.0);
    }
}

/// Takes the context out again.
#[inline]
pub(super) fn leave(slot: &mut Option<RequestContext>) {
    if mutant::is("context-not-restored") {
        *slot = clone();
        return;
    }
    swap(slot);
}

#[inline]
pub(super) fn swap(slot: &mut Option<RequestContext>) {
    // A thread that is being torn down has no slot any more; the request then has no current context.
    let _ = CURRENT.try_with(|current| {
        let previous = current.replace(mem::take(slot));
        *slot = previous;
    });
}

pub(crate) fn clone() -> Option<RequestContext> {
    CURRENT
        .try_with(|current| {
            let context = current.take();
            let clone = context.clone();
            current.set(context);
            clone
        })
        .ok()
        .flatten()
}

/// Looks at the current context without touching its count.
#[inline]
pub(crate) fn is(predicate: impl FnOnce(&RequestContext) -> bool) -> bool {
    CURRENT
        .try_with(|current| {
            let context = current.take();
            let answer = context.as_ref().is_some_and(predicate);
            current.set(context);
            answer
        })
        .unwrap_or(false)
}
