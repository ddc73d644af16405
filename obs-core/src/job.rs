use std::fmt::Display;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;

use crate::{ErrorRecord, Exchange, Facts, Head, Hold, Lifecycle, Observer, Outcome, Route, Work};

impl<O: Observer> Lifecycle<O> {
    /// Observes work without a request, such as a scheduled task or a message from a queue: its own
    /// ids, span, line and duration, and its error if it fails. Dropped before its end, it was
    /// cancelled.
    ///
    /// A [shutdown](crate::Shutdown) waits for it as for an open request. If it still runs when the time of
    /// the shutdown is over, it is recorded as cancelled and counted in `obs_jobs_cut_total`; its future is
    /// polled on, but what happens in it is not observed any more.
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
            running: None,
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

/// What a job has to do with the shutdown while it runs.
struct Running<O> {
    lifecycle: Arc<Lifecycle<O>>,
    /// Ends when it is not waited for any longer.
    cut: Pin<Box<dyn Future<Output = ()> + Send>>,
    _hold: Hold,
}

impl<O: Observer> Running<O> {
    /// `None` if nothing waits for jobs any more.
    fn new(lifecycle: &Arc<Lifecycle<O>>) -> Option<Self> {
        let shutdown = lifecycle.shutdown();
        (!shutdown.is_cut_off()).then(|| Self {
            cut: Box::pin(shutdown.cut()),
            _hold: shutdown.hold(),
            lifecycle: Arc::clone(lifecycle),
        })
    }
}

pin_project! {
    struct JobFuture<F, O: Observer> {
        exchange: Option<Exchange<O, Job>>,
        // Taken at the first poll: a job begins when it runs.
        start: Option<(Arc<Lifecycle<O>>, Job)>,
        running: Option<Running<O>>,
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
            *this.running = Running::new(&lifecycle);
            *this.exchange = Some(Exchange::begin_nested(lifecycle, job));
        }
        let (Some(exchange), Some(inner)) = (this.exchange, this.inner.as_mut().as_pin_mut())
        else {
            return Poll::Pending;
        };
        let result = exchange.in_scope(|| inner.poll(cx));
        if let (Poll::Pending, Some(running)) = (&result, &mut *this.running)
            && running.cut.as_mut().poll(cx).is_ready()
        {
            running.lifecycle.count_cut_job();
            exchange.finish(Outcome::Cancelled);
            *this.running = None;
        }
        let result = ready!(result);
        if let (Err(error), Some(context)) = (&result, exchange.context()) {
            context.record_error(ErrorRecord::of_written("job", format_args!("{error:#}")));
        }
        let status = if result.is_ok() { 200 } else { 500 };
        exchange.headers(Head { status, bodyless: true, length: None, streaming: false });
        *this.running = None;
        Poll::Ready(result)
    }
}
