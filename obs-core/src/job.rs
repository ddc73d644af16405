use std::fmt::Display;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;

use crate::{ErrorRecord, Exchange, Facts, Head, Lifecycle, Observer, Route, Work};

impl<O: Observer> Lifecycle<O> {
    /// Observes work without a request, such as a scheduled task or a message from a queue: its own
    /// ids, span, line and duration, and its error if it fails. Dropped before its end, it was
    /// cancelled.
    ///
    /// `name` is a bounded name such as `nightly-report`.
    ///
    /// # Errors
    /// The future's own, unchanged.
    pub fn job<F, T, E>(
        self: &Arc<Self>,
        name: &'static str,
        future: F,
    ) -> impl Future<Output = Result<T, E>> + use<F, O, T, E>
    where
        F: Future<Output = Result<T, E>>,
        E: Display,
    {
        JobFuture {
            exchange: None,
            start: Some((Arc::clone(self), Job(name))),
            inner: Some(future),
        }
    }
}

/// The facts of a job.
struct Job(&'static str);

impl Facts for Job {
    fn method(&self) -> &str {
        ""
    }

    fn path(&self) -> &str {
        ""
    }

    fn route(&self) -> Option<Route<'_>> {
        Some(Route { pattern: self.0, owner: &self.0 })
    }

    fn work(&self) -> Work {
        Work::Job
    }
}

pin_project! {
    struct JobFuture<F, O: Observer> {
        exchange: Option<Exchange<O, Job>>,
        // Taken at the first poll: a job begins when it runs.
        start: Option<(Arc<Lifecycle<O>>, Job)>,
        #[pin]
        inner: Option<F>,
    }

    impl<F, O: Observer> PinnedDrop for JobFuture<F, O> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            if let Some(exchange) = this.exchange {
                // What a cancelled job does in its destructors still belongs to it.
                exchange.in_scope(|| this.inner.set(None));
            }
        }
    }
}

impl<F, O, T, E> Future for JobFuture<F, O>
where
    F: Future<Output = Result<T, E>>,
    O: Observer,
    E: Display,
{
    type Output = Result<T, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<T, E>> {
        let mut this = self.project();
        if let Some((lifecycle, job)) = this.start.take() {
            *this.exchange = Some(Exchange::begin_nested(lifecycle, job));
        }
        let (Some(exchange), Some(inner)) = (this.exchange, this.inner.as_mut().as_pin_mut())
        else {
            return Poll::Pending;
        };
        let result = ready!(exchange.in_scope(|| inner.poll(cx)));
        if let (Err(error), Some(context)) = (&result, exchange.context()) {
            context.record_error(ErrorRecord::of_text("job", &format!("{error:#}")));
        }
        let status = if result.is_ok() { 200 } else { 500 };
        exchange.headers(Head { status, bodyless: true, length: None, streaming: false });
        Poll::Ready(result)
    }
}
