//! The panic hook.

use std::cell::Cell;
use std::panic::{self, PanicHookInfo};
use std::sync::{Once, OnceLock, mpsc};
use std::thread;
use std::time::Duration;

use obs_core::{ErrorRecord, RequestContext};

use crate::errors::{Errors, WeakErrors};

/// How long a panicking thread waits until its event is handed over.
const HAND_OVER: Duration = Duration::from_millis(100);
/// How long the main thread waits until it is delivered: the process ends with it.
const DELIVERY: Duration = Duration::from_secs(2);

static HOOK: Once = Once::new();
static OUTSIDE: OnceLock<WeakErrors> = OnceLock::new();

thread_local! {
    /// Set in the threads below: a sink that panics does not get its own panic.
    static REPORTING: Cell<bool> = const { Cell::new(false) };
}

/// Records the message and the place of every panic in the request or task it happens in, and then calls
/// the panic hook that was there before: Rust's own prints the message to standard error as it is,
/// with the secrets in it. It does so once, however often it is called, and not at all in a thread
/// that is panicking.
///
/// Without it, the event of a panic does not say what the panic said.
pub fn capture_panics() {
    if thread::panicking() {
        // The standard library refuses a hook there, with a panic.
        return;
    }
    HOOK.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            record(info);
            previous(info);
        }));
    });
}

/// The first handle that is installed gets the panics outside of requests.
pub(crate) fn install(errors: WeakErrors) {
    let _ = OUTSIDE.set(errors);
    capture_panics();
}

fn record(info: &PanicHookInfo<'_>) {
    if REPORTING.try_with(Cell::get).unwrap_or(true) {
        return;
    }
    if let Some(outside) = RequestContext::record_panic(ErrorRecord::of_panic(info))
        && let Some(errors) = OUTSIDE.get().and_then(WeakErrors::upgrade)
    {
        report(errors, outside);
    }
}

/// In a thread of its own: the one that panicked may hold the very locks that the sink needs. They
/// are free again once it unwinds, so waiting is bounded.
fn report(errors: Errors, record: ErrorRecord) {
    let Some(event) = errors.panic_event(&record) else {
        return;
    };
    let delivery = ends_process().then_some(DELIVERY);
    let (done, handed_over) = mpsc::channel();
    let counters = errors.clone();
    let spawned = thread::Builder::new().name("obs-panic".to_owned()).spawn(move || {
        REPORTING.set(true);
        errors.send(event);
        if let Some(timeout) = delivery {
            errors.flush(timeout);
        }
        let _ = done.send(());
    });
    match spawned {
        Ok(_) => drop(handed_over.recv_timeout(HAND_OVER + delivery.unwrap_or_default())),
        Err(_) => counters.count_unsent(),
    }
}

/// Whether the process is about to end: in the main thread, but not in a task that the runtime runs
/// there, whose panic the runtime catches while requests wait for the thread.
fn ends_process() -> bool {
    thread::current().name() == Some("main") && tokio::task::try_id().is_none()
}
