use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use obs_core::ServiceIdentity;
use obs_core::export::{EnvelopeSink, SpanSink};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;

use crate::counts::{Counts, Flushed};
use crate::queue::{Item, Limits, Queue};
use crate::reason::Reason;
use crate::settings::ExportSettings;
use crate::sinks::{Errors, Spans};
use crate::target::EnvelopeTarget;
use crate::thread::{self, Control, Plan, Positions, Queues, Ticket};

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
    pub(crate) queues: Queues,
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
        let traces = settings.traces.clone();
        if traces.is_none() && errors.is_none() {
            return Self(None);
        }
        let bytes = settings.queue_bytes;
        let interval = settings.interval.min(LONGEST);
        let spans = Limits { bytes, batch_bytes: SPAN_BATCH, interval };
        let envelopes = Limits { bytes, batch_bytes: ENVELOPE_BATCH, interval: Duration::ZERO };
        let queues = Queues {
            traces: traces.as_ref().map(|_| Arc::new(Queue::new(spans))),
            errors: errors.as_ref().map(|_| Arc::new(Queue::new(envelopes))),
        };
        let (control, orders) = unbounded_channel();
        let plan = Plan { queues: queues.clone(), service: service.clone(), traces, errors };
        thread::start(plan, orders);
        Self(Some(Arc::new(Shared { queues, control })))
    }

    /// Where finished spans go. `None` if they go nowhere.
    #[must_use]
    pub fn spans(&self) -> Option<Arc<dyn SpanSink>> {
        let shared = self.0.as_ref()?;
        let queue = shared.queues.traces.clone()?;
        Some(Arc::new(Spans { queue, _thread: shared.clone() }))
    }

    /// Where error envelopes go. `None` if they go nowhere.
    #[must_use]
    pub fn envelopes(&self) -> Option<Arc<dyn EnvelopeSink>> {
        let shared = self.0.as_ref()?;
        let queue = shared.queues.errors.clone()?;
        Some(Arc::new(Errors { queue, shared: shared.clone() }))
    }

    /// Sends at once what waits, and waits until that is written or lost, at most for `timeout` and
    /// 10 ms. Nothing is lost by the deadline: what is not delivered by then stays pending.
    ///
    /// Blocks the calling thread, but needs nothing of it, so that it works on any runtime and on
    /// none; [`flush_async`](Self::flush_async) does not block.
    #[allow(clippy::must_use_candidate, reason = "called for its effect")]
    pub fn flush(&self, timeout: Duration) -> Flushed {
        if let Some(shared) = &self.0 {
            shared.flush(shared.hurry(), timeout);
        }
        self.counts()
    }

    /// Like [`flush`](Self::flush), without blocking the thread. Needs no runtime of the caller's.
    pub async fn flush_async(&self, timeout: Duration) -> Flushed {
        if let Some(shared) = &self.0 {
            let (until, deadline) = (shared.hurry(), deadline(timeout));
            shared.wait_async(|ticket| Control::Flush { until, deadline, ticket }).await;
        }
        self.counts()
    }

    /// Lets nothing in any more, sends what waits, and ends the thread: all signals at the same time,
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
            shared.queues.abandon(Reason::Shutdown);
        }
        self.counts()
    }

    /// Like [`shutdown`](Self::shutdown), without blocking the thread. Needs no runtime of the
    /// caller's: the export thread keeps the time.
    pub async fn shutdown_async(&self, timeout: Duration) -> Flushed {
        if let Some(shared) = &self.0 {
            let deadline = deadline(timeout);
            shared.wait_async(|ticket| Control::Stop { deadline, ticket }).await;
            shared.queues.abandon(Reason::Shutdown);
        }
        self.counts()
    }

    /// What became of everything so far.
    #[must_use]
    pub fn counts(&self) -> Flushed {
        let Some(shared) = &self.0 else { return Flushed::default() };
        Flushed {
            traces: shared.queues.traces.as_deref().map(counts).unwrap_or_default(),
            errors: shared.queues.errors.as_deref().map(counts).unwrap_or_default(),
        }
    }

    pub(crate) fn queues(&self) -> Option<&Queues> {
        self.0.as_ref().map(|shared| &shared.queues)
    }
}

impl Shared {
    pub(crate) fn flush(&self, until: Positions, timeout: Duration) {
        let deadline = deadline(timeout);
        self.wait(timeout, |ticket| Control::Flush { until, deadline, ticket });
    }

    fn hurry(&self) -> Positions {
        Positions {
            traces: self.queues.traces.as_ref().map(|queue| queue.hurry()),
            errors: self.queues.errors.as_ref().map(|queue| queue.hurry()),
        }
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

fn counts<T: Item>(queue: &Queue<T>) -> Counts {
    let tally = queue.tally();
    let dropped = tally.dropped.iter().sum();
    Counts { accepted: tally.accepted, written: tally.written, dropped }
}

impl fmt::Debug for Exporter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Exporter").field(&self.counts()).finish()
    }
}
