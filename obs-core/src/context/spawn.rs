use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;
use tokio::task::JoinHandle;
use tracing::Span;

use super::{RequestContext, task};

pin_project! {
    /// A future that is polled with a request's context current. [`in_context`] makes it.
    #[derive(Debug)]
    pub struct InContext<F> {
        #[pin]
        inner: F,
        context: Option<RequestContext>,
        span: Span,
    }
}

impl<F> InContext<F> {
    fn new(inner: F) -> Self {
        Self::with(inner, RequestContext::current(), Span::current())
    }

    pub(super) fn with(inner: F, context: Option<RequestContext>, span: Span) -> Self {
        Self { inner, context, span }
    }
}

impl<F: Future> Future for InContext<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        task::run(this.context, || {
            let _span = this.span.enter();
            this.inner.poll(cx)
        })
    }
}

/// A future with the context that is current now: for what spawns by itself, such as
/// `tokio::task::spawn_local`, a `JoinSet` or the callback of an upgrade.
///
/// A panic in it is one error event with the request's ids, counts in `exceptions_total`, and is a
/// line of level ERROR, whether the request is still running or over; the request itself has not
/// failed. Awaited in the handler itself, the future is a part of the handler, and so is its panic.
pub fn in_context<F: Future>(future: F) -> InContext<F> {
    InContext::new(future)
}

impl RequestContext {
    /// Runs `work` with this context current: on a thread that tokio does not know, for one. A panic
    /// in it is reported as by [`in_context`], and passes through.
    pub fn scope<R>(&self, work: impl FnOnce() -> R) -> R {
        task::run(&mut Some(self.clone()), work)
    }
}

/// `tokio::spawn` that keeps the request's context and the current span.
///
/// The task may outlive the request; its log lines still carry the request's ids, and a panic in it is
/// reported with them, as by [`in_context`].
///
/// # Panics
/// Outside of a tokio runtime, like `tokio::spawn`.
pub fn spawn<F>(future: F) -> JoinHandle<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    tokio::spawn(InContext::new(future))
}

/// `tokio::task::spawn_blocking` that keeps the request's context and the current span. A panic in it is
/// reported as by [`in_context`].
///
/// # Panics
/// Outside of a tokio runtime, like `tokio::task::spawn_blocking`.
pub fn spawn_blocking<F, R>(work: F) -> JoinHandle<R>
where
    F: FnOnce() -> R + Send + 'static,
    R: Send + 'static,
{
    let (mut context, span) = (RequestContext::current(), Span::current());
    tokio::task::spawn_blocking(move || {
        task::run(&mut context, || {
            let _span = span.entered();
            work()
        })
    })
}
