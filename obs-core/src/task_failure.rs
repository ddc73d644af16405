//! What fails outside of every exchange, but with a request's context: a spawned task.

use std::sync::atomic::AtomicU64;
use std::time::Instant;

use crate::{Clock, ErrorRecord, Lifecycle, Observer, RequestContext, Work};

/// A failure in work that kept a request's context outside of the request: a panic in a task of
/// [`spawn`](crate::spawn), [`spawn_blocking`](crate::spawn_blocking) or
/// [`in_context`](crate::in_context), or an error that a task recorded after the request had ended.
///
/// It is no failure of the request, whose status and outcome do not change.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct TaskFailure<'a> {
    /// The context of the request or job: its ids and fields.
    pub context: &'a RequestContext,
    /// What went wrong.
    pub error: &'a ErrorRecord,
    /// The clock of the [`Lifecycle`].
    pub clock: &'a Clock,
    /// When it failed.
    pub at: Instant,
    /// Whose task it was, and the route or the job's name, if that request or job has ended. While it
    /// runs, the route may not be known yet: its own end has the panic in
    /// [`Finished::task_panics`](crate::Finished::task_panics).
    pub ended: Option<(Work, &'a str)>,
}

/// What a context knows of its lifecycle, whatever is observed there.
pub(crate) trait TaskObserver: Send + Sync {
    fn task_failed(
        &self,
        context: &RequestContext,
        error: &ErrorRecord,
        ended: Option<(Work, &str)>,
    );

    /// How many connections that left HTTP are open.
    fn upgraded_connections(&self) -> &AtomicU64;
}

impl<O: Observer> TaskObserver for Lifecycle<O> {
    fn task_failed(
        &self,
        context: &RequestContext,
        error: &ErrorRecord,
        ended: Option<(Work, &str)>,
    ) {
        let clock = self.clock();
        let failure = TaskFailure { context, error, clock, at: clock.now(), ended };
        self.observer().task_failed(&failure);
    }

    fn upgraded_connections(&self) -> &AtomicU64 {
        &self.upgraded_connections
    }
}
