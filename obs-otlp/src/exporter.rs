use std::convert::Infallible;
use std::fmt;
use std::sync::mpsc::channel;
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use obs_core::export::{EnvelopeSink, SpanSink};
use obs_core::{ServiceIdentity, Source};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;

use crate::counts::{Counts, Flushed};
use crate::inputs::Inputs;
use crate::outlets::{Outlet, Outlets, Positions};
use crate::queue::{Limits, Queue};
use crate::reason::Reason;
use crate::rounds::Rounds;
use crate::settings::ExportSettings;
use crate::signal::Signal;
use crate::sinks::{Errors, Spans};
use crate::target::EnvelopeTarget;
use crate::thread::{self, Control, Plan, Ticket};

/// So many bytes of spans are sent at once. Collectors take 4 MiB, and encoding changes the size.
const SPAN_BATCH: usize = 1 << 20;
/// Every envelope is a request of its own.
const ENVELOPE_BATCH: usize = 1;
/// How much later than its deadline a caller gives up on the thread.
const GRACE: Duration = Duration::from_millis(10);
/// Longer timeouts and intervals make no difference.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// The export thread, and the queues in front of it. Clones share them.
///
/// Without a call of [`shutdown`](Self::shutdown) what waits is lost with the process. When the
/// exporter and all its sinks are dropped, the thread ends by itself, within a second.
#[derive(Clone)]
pub struct Exporter(Option<Arc<Shared>>);

pub(crate) struct Shared {
    pub(crate) outlets: Outlets,
    inputs: Arc<Inputs>,
    control: UnboundedSender<Control>,
}

impl Exporter {
    /// Starts the thread, if there is something to export; otherwise this does nothing, and so does
    /// everything else here.
    ///
    /// Never fails: a target that cannot be used, or a thread that cannot be started, is said in the
    /// log, and what would have been exported is dropped and counted as `unreachable`.
    #[must_use]
    pub fn start(
        settings: &ExportSettings,
        service: &ServiceIdentity,
        errors: Option<EnvelopeTarget>,
    ) -> Self {
        let bytes = settings.queue_bytes;
        let interval = settings.interval.min(LONGEST);
        let spans = Limits { bytes, batch_bytes: SPAN_BATCH, interval };
        let envelopes = Limits { bytes, batch_bytes: ENVELOPE_BATCH, interval: Duration::ZERO };
        let outlets = Outlets {
            traces: settings.traces.as_ref().map(|_| Arc::new(Queue::new(spans))),
            errors: errors.as_ref().map(|_| Arc::new(Queue::new(envelopes))),
            metrics: settings.metrics.as_ref().map(|_| Arc::new(Rounds::new(bytes))),
            pushes: settings.push.as_ref().map(|_| Arc::new(Rounds::new(bytes))),
        };
        if outlets.all().next().is_none() {
            return Self(None);
        }
        let inputs = Arc::new(Inputs::default());
        let (control, orders) = unbounded_channel();
        let plan = Plan {
            outlets: outlets.clone(),
            inputs: inputs.clone(),
            settings: settings.clone(),
            service: service.clone(),
            errors,
        };
        thread::start(plan, orders);
        Self(Some(Arc::new(Shared { outlets, inputs, control })))
    }

    /// Exports the numbers of `source` as [`ExportSettings::metrics`] says, from now on. Only the
    /// first call counts; before it nothing is exported.
    ///
    /// Read on the export thread, which must not keep alive what may hold the exporter itself: once
    /// the source is dropped there is nothing more to read. If it panics, what it has shown until
    /// then is exported.
    pub fn read_metrics(&self, source: Weak<dyn Source>) {
        if let Some(shared) = &self.0 {
            let _ = shared.inputs.source.set(source);
        }
    }

    /// Pushes what `write` returns as [`ExportSettings::push`] says, from now on: the text exposition
    /// format 0.0.4, or `None` if there is nothing to push any more. Only the first call counts;
    /// before it nothing is pushed.
    ///
    /// Called on the export thread. It must not hold the exporter, or the thread ends only by
    /// [`shutdown`](Self::shutdown).
    pub fn push_exposition(&self, write: impl Fn() -> Option<String> + Send + Sync + 'static) {
        if let Some(shared) = &self.0 {
            let _ = shared.inputs.exposition.set(Box::new(write));
        }
    }

    /// Where finished spans go. `None` if they go nowhere.
    #[must_use]
    pub fn spans(&self) -> Option<Arc<dyn SpanSink>> {
        let shared = self.0.as_ref()?;
        let queue = shared.outlets.traces.clone()?;
        Some(Arc::new(Spans { queue, _thread: shared.clone() }))
    }

    /// Where error envelopes go. `None` if they go nowhere.
    #[must_use]
    pub fn envelopes(&self) -> Option<Arc<dyn EnvelopeSink>> {
        let shared = self.0.as_ref()?;
        let queue = shared.outlets.errors.clone()?;
        Some(Arc::new(Errors { queue, shared: shared.clone() }))
    }

    /// Reads metrics and sends at once what waits, and waits until that is written or lost, at most for `timeout` and
    /// 10 ms. Nothing is lost by the deadline: what is not delivered by then stays pending.
    ///
    /// Blocks the calling thread, but needs nothing of it, so that it works on any runtime and on
    /// none; [`flush_async`](Self::flush_async) does not block.
    #[allow(clippy::must_use_candidate, reason = "called for its effect")]
    pub fn flush(&self, timeout: Duration) -> Flushed {
        if let Some(shared) = &self.0 {
            shared.flush(shared.outlets.hurry(), timeout);
        }
        self.counts()
    }

    /// Like [`flush`](Self::flush), without blocking the thread. Needs no runtime of the caller's.
    pub async fn flush_async(&self, timeout: Duration) -> Flushed {
        if let Some(shared) = &self.0 {
            let (until, deadline) = (shared.outlets.hurry(), deadline(timeout));
            shared.wait_async(|ticket| Control::Flush { until, deadline, ticket }).await;
        }
        self.counts()
    }

    /// Lets nothing in any more, reads metrics a last time, sends what waits, and ends the thread: all signals at the same time,
    /// within `timeout` and 10 ms, whatever the backends do. What is not delivered by then is lost.
    ///
    /// Ends earlier if everything is delivered, or if a backend fails three times in a row or asks to
    /// be left alone. Afterwards `accepted = written + dropped` for each signal. A second call has
    /// nothing to do; the shorter one of two deadlines counts.
    ///
    /// Blocks the calling thread, but needs nothing of it, so that it works on any runtime and on
    /// none; [`shutdown_async`](Self::shutdown_async) does not block.
    #[allow(clippy::must_use_candidate, reason = "called for its effect")]
    pub fn shutdown(&self, timeout: Duration) -> Flushed {
        if let Some(shared) = &self.0 {
            let deadline = deadline(timeout);
            shared.wait(timeout, |ticket| Control::Stop { deadline, ticket });
            // Only if the thread was starved, or is gone, is anything left.
            shared.outlets.abandon(Reason::Shutdown);
        }
        self.counts()
    }

    /// Like [`shutdown`](Self::shutdown), without blocking the thread. Needs no runtime of the
    /// caller's: the export thread keeps the time.
    pub async fn shutdown_async(&self, timeout: Duration) -> Flushed {
        if let Some(shared) = &self.0 {
            let deadline = deadline(timeout);
            shared.wait_async(|ticket| Control::Stop { deadline, ticket }).await;
            shared.outlets.abandon(Reason::Shutdown);
        }
        self.counts()
    }

    /// What became of everything so far.
    #[must_use]
    pub fn counts(&self) -> Flushed {
        let Some(shared) = &self.0 else { return Flushed::default() };
        let mut flushed = Flushed::default();
        for (signal, outlet) in shared.outlets.all() {
            *match signal {
                Signal::Traces => &mut flushed.traces,
                Signal::Errors => &mut flushed.errors,
                Signal::Metrics => &mut flushed.metrics,
                Signal::Pushes => &mut flushed.pushes,
            } = counts(outlet);
        }
        flushed
    }

    pub(crate) fn outlets(&self) -> Option<&Outlets> {
        self.0.as_ref().map(|shared| &shared.outlets)
    }
}

impl Shared {
    pub(crate) fn flush(&self, until: Positions, timeout: Duration) {
        let deadline = deadline(timeout);
        self.wait(timeout, |ticket| Control::Flush { until, deadline, ticket });
    }

    fn wait(&self, timeout: Duration, order: impl FnOnce(Ticket) -> Control) {
        let (ticket, done) = channel::<Infallible>();
        // If the thread has ended, the ticket comes back and is dropped: nothing to wait for.
        let _ = self.control.send(order(Box::new(ticket)));
        let _ = done.recv_timeout(timeout.min(LONGEST) + GRACE);
    }

    async fn wait_async(&self, order: impl FnOnce(Ticket) -> Control) {
        let (ticket, done) = oneshot::channel::<Infallible>();
        let _ = self.control.send(order(Box::new(ticket)));
        let _ = done.await;
    }
}

fn deadline(timeout: Duration) -> Instant {
    Instant::now() + timeout.min(LONGEST)
}

fn counts(outlet: &dyn Outlet) -> Counts {
    let tally = outlet.tally();
    let dropped = tally.dropped.iter().sum();
    Counts { accepted: tally.accepted, written: tally.written, dropped }
}

impl fmt::Debug for Exporter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Exporter").field(&self.counts()).finish()
    }
}
