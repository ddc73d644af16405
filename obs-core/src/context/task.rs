//! Work that carries a request's context outside of the request's own polls, such as a spawned task.
//! Nothing around such work reports its panic, so it is reported here.

use std::cell::Cell;

use super::{RequestContext, current};
use crate::ErrorRecord;

thread_local! {
    /// The address of the context whose task this thread runs; 0 without one.
    static TASK: Cell<usize> = const { Cell::new(0) };
    /// What the panic hook recorded in that task.
    static PANIC: Cell<Option<ErrorRecord>> = const { Cell::new(None) };
}

/// Runs `work` with the context in `slot` current. A panic passes through, and is reported with the
/// ids of that context.
///
/// Where that context is current already, the work is a part of what runs there: its panic is left to
/// the request itself.
pub(super) fn run<R>(slot: &mut Option<RequestContext>, work: impl FnOnce() -> R) -> R {
    let mut task = Task::enter(slot);
    let result = work();
    task.finished = true;
    result
}

/// Records a panic of this thread where it belongs, for the panic hook. Gives it back outside of any
/// request.
pub(super) fn record_panic(panic: ErrorRecord) -> Option<ErrorRecord> {
    let Some(context) = RequestContext::current() else { return Some(panic) };
    if TASK.try_with(Cell::get) != Ok(context.address()) {
        context.record_error(panic);
        return None;
    }
    let _ = PANIC.try_with(|slot| {
        // Of panics while unwinding, the first one says why.
        let first = slot.take().unwrap_or(panic);
        slot.set(Some(first));
    });
    None
}

struct Task<'a> {
    slot: &'a mut Option<RequestContext>,
    /// What [`TASK`] was before; `None` if the work is a part of what runs here.
    outer: Option<usize>,
    finished: bool,
}

impl<'a> Task<'a> {
    fn enter(slot: &'a mut Option<RequestContext>) -> Self {
        let address = slot.as_ref().map_or(0, RequestContext::address);
        let outer = (address != RequestContext::current_address())
            .then(|| TASK.try_with(|task| task.replace(address)).unwrap_or_default());
        current::swap(slot);
        Self { slot, outer, finished: false }
    }
}

impl Drop for Task<'_> {
    fn drop(&mut self) {
        let Some(outer) = self.outer else { return current::leave(self.slot) };
        let panic = PANIC.try_with(Cell::take).ok().flatten();
        let failed = !self.finished;
        if failed {
            let panic = panic.unwrap_or_else(|| ErrorRecord::of_silent_panic("a task panicked"));
            // Still in its context, so that the line of the log has the ids.
            if let Some(context) = RequestContext::current() {
                context.task_failed(panic);
            }
        }
        let _ = TASK.try_with(|task| task.set(outer));
        current::leave(self.slot);
    }
}
