//! Outgoing work: one record per call, as one record per request.

use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

/// A finished outgoing call: a query, a cache operation, an HTTP request.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Call<'a> {
    /// What was called.
    pub kind: CallKind,
    /// A bounded name: the query type (`select`), the target (`bkash`). Never a statement or URL.
    pub name: &'a str,
    /// How it ended.
    pub outcome: CallOutcome,
    /// From the first poll of [`observe_call`] to the end.
    pub duration: Duration,
}

/// What a [`Call`] went to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CallKind {
    /// A database; the name is the type of query.
    Database,
    /// Another service; the name is the target.
    External,
}

/// How a [`Call`] ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CallOutcome {
    /// It succeeded.
    Success,
    /// It failed.
    Error,
    /// The caller stopped waiting.
    Cancelled,
}

impl CallOutcome {
    /// The name used in labels.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Error => "error",
            Self::Cancelled => "cancelled",
        }
    }
}

/// Sees every outgoing call end. It must not block, fail or panic.
pub trait CallObserver: Send + Sync {
    /// A call ended.
    fn finish(&self, call: &Call<'_>);
}

static OBSERVER: OnceLock<Arc<dyn CallObserver>> = OnceLock::new();

/// Sets the process-wide observer of calls; `install()` does it.
///
/// # Errors
/// Gives the observer back if one is already set.
pub fn set_call_observer(observer: Arc<dyn CallObserver>) -> Result<(), Arc<dyn CallObserver>> {
    OBSERVER.set(observer)
}

/// Whether [`set_call_observer`] has set one.
#[must_use]
pub fn call_observer_is_set() -> bool {
    OBSERVER.get().is_some()
}

/// Observes a fallible future as one outgoing call. Without an installed observer it only awaits.
///
/// # Errors
/// The future's own, unchanged.
///
/// ```
/// use obs_core::{CallKind, observe_call};
///
/// # async fn select() -> Result<u32, std::io::Error> { Ok(7) }
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let rows = observe_call(CallKind::Database, "select", select()).await?;
/// # assert_eq!(rows, 7);
/// # std::io::Result::Ok(()) }).unwrap();
/// ```
pub async fn observe_call<T, E>(
    kind: CallKind,
    name: &str,
    future: impl Future<Output = Result<T, E>>,
) -> Result<T, E> {
    let mut timer = CallTimer::start(kind, name);
    let result = future.await;
    timer.outcome = if result.is_ok() { CallOutcome::Success } else { CallOutcome::Error };
    result
}

/// Reports when dropped; dropped before the end it was cancelled.
struct CallTimer<'a> {
    kind: CallKind,
    name: &'a str,
    outcome: CallOutcome,
    start: Instant,
}

impl<'a> CallTimer<'a> {
    fn start(kind: CallKind, name: &'a str) -> Self {
        Self { kind, name, outcome: CallOutcome::Cancelled, start: Instant::now() }
    }
}

impl Drop for CallTimer<'_> {
    fn drop(&mut self) {
        if let Some(observer) = OBSERVER.get() {
            observer.finish(&Call {
                kind: self.kind,
                name: self.name,
                outcome: self.outcome,
                duration: self.start.elapsed(),
            });
        }
    }
}
