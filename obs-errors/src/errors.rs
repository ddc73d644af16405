use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use obs_core::export::EnvelopeSink;
use obs_core::source::{Collector, Family, Kind, Source, Value};
use obs_core::{
    Clock, ErrorRecord, Finished, Observer, RequestContext, RequestInfo, ServiceIdentity,
    TaskFailure,
};

use crate::budget::Budget;
use crate::envelope::envelope;
use crate::event::Event;
use crate::{ErrorSettings, describe, panics};

/// Captures failed exchanges, jobs and panics. Cheap to clone: clones share everything.
///
/// An exchange is captured, once, if its status is 500 or more, wherever the answer was made; if it
/// panicked, even after the headers; or if its response body returned an error, because the client
/// then has half an answer whatever the status said. A client that left before the headers (499)
/// is never captured, nor is an answer below 500.
///
/// A failure that passes through several exchanges, such as that of a job that a request awaits, is
/// captured once, by the innermost one, with the trace of all: see
/// [`Finished::is_reported`](obs_core::Finished::is_reported). A failure of a task that kept its
/// request's context is an event of its own, with the request's ids.
#[derive(Clone)]
pub struct Errors {
    shared: Arc<Shared>,
    clock: Clock,
}

/// What the panic hook holds: the hook is for ever, the sink is not.
pub(crate) struct WeakErrors(Weak<Shared>, Clock);

struct Shared {
    sink: Arc<dyn EnvelopeSink>,
    on: bool,
    sample_rate: f64,
    budget: Budget,
    environment: Option<String>,
    release: Option<String>,
    captured: AtomicU64,
    repeated: AtomicU64,
    sampled_out: AtomicU64,
    over_budget: AtomicU64,
    no_thread: AtomicU64,
}

impl Errors {
    /// Captures into `sink`, as `service`. With settings that are off nothing is captured.
    #[must_use]
    pub fn new(
        settings: ErrorSettings,
        service: &ServiceIdentity,
        sink: Arc<dyn EnvelopeSink>,
    ) -> Self {
        let shared = Shared {
            sink,
            on: settings.is_on(),
            sample_rate: settings.sample_rate,
            budget: Budget::new(settings.max_per_second),
            environment: settings.environment(service),
            release: settings.release(service),
            captured: AtomicU64::new(0),
            repeated: AtomicU64::new(0),
            sampled_out: AtomicU64::new(0),
            over_budget: AtomicU64::new(0),
            no_thread: AtomicU64::new(0),
        };
        Self { shared: Arc::new(shared), clock: Clock::system() }
    }

    /// Uses this clock for the budget, and for panics outside of requests. Default: the system's.
    #[must_use]
    pub fn with_clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Does what [`capture_panics`](crate::capture_panics) does; besides, a panic outside of any
    /// request becomes an event of its own here. The first instance of a process counts, as long
    /// as it or a clone lives.
    ///
    /// Such a panic waits up to 100 ms until its event is handed over to the sink. In the main
    /// thread, outside of spawned tasks, it waits up to 2 s more until the sink has delivered it,
    /// because the process then ends.
    pub fn install_panic_hook(&self) {
        panics::install(WeakErrors(Arc::downgrade(&self.shared), self.clock.clone()));
    }

    #[cold]
    #[inline(never)]
    fn failed(&self, end: &Finished<'_>) {
        if !self.shared.on {
            return;
        }
        if end.is_reported() {
            self.shared.repeated.fetch_add(1, Ordering::Relaxed);
        } else if self.admits() {
            self.send(describe::exchange(end));
        }
        end.mark_reported();
    }

    pub(crate) fn panic_event(&self, record: &ErrorRecord) -> Option<Event> {
        let at = self.clock.unix(self.clock.now());
        self.admits().then(|| describe::panic(record, at))
    }

    fn admits(&self) -> bool {
        let shared = &*self.shared;
        if !shared.on {
            false
        } else if fastrand::f64() >= shared.sample_rate {
            shared.sampled_out.fetch_add(1, Ordering::Relaxed);
            false
        } else if !shared.budget.take(self.clock.uptime()) {
            shared.over_budget.fetch_add(1, Ordering::Relaxed);
            false
        } else {
            true
        }
    }

    pub(crate) fn send(&self, mut event: Event) {
        event.environment.clone_from(&self.shared.environment);
        event.release.clone_from(&self.shared.release);
        self.shared.captured.fetch_add(1, Ordering::Relaxed);
        self.shared.sink.push(envelope(&event));
    }

    pub(crate) fn flush(&self, timeout: Duration) {
        // What is not delivered in time the sink has counted; the counter is not read any more.
        let _ = self.shared.sink.flush(timeout);
    }

    pub(crate) fn count_unsent(&self) {
        self.shared.no_thread.fetch_add(1, Ordering::Relaxed);
    }
}

impl WeakErrors {
    pub(crate) fn upgrade(&self) -> Option<Errors> {
        Some(Errors { shared: self.0.upgrade()?, clock: self.1.clone() })
    }
}

impl Observer for Errors {
    type State = ();

    #[inline]
    fn begin(&self, _: &RequestInfo<'_>, _: &RequestContext) {}

    #[inline]
    fn finish(&self, (): (), end: &Finished<'_>) {
        if end.failed() {
            self.failed(end);
        }
    }

    fn task_failed(&self, failure: &TaskFailure<'_>) {
        if self.admits() {
            self.send(describe::task(failure));
        }
    }
}

impl Source for Errors {
    fn collect(&self, out: &mut dyn Collector) {
        let value = |count: &AtomicU64| Value::Integer(count.load(Ordering::Relaxed));
        out.family(&Family::new(
            "obs_errors_captured_total",
            Kind::Counter,
            "Error events that were handed over for delivery.",
        ));
        out.sample(&[], value(&self.shared.captured));
        out.family(&Family::new(
            "obs_errors_dropped_total",
            Kind::Counter,
            "Error events that were not handed over, by reason.",
        ));
        for (reason, count) in [
            ("budget", &self.shared.over_budget),
            ("no_thread", &self.shared.no_thread),
            ("repeated", &self.shared.repeated),
            ("sampled_out", &self.shared.sampled_out),
        ] {
            out.sample(&[("reason", reason)], value(count));
        }
    }
}

impl fmt::Debug for Errors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Errors")
            .field("on", &self.shared.on)
            .field("captured", &self.shared.captured)
            .finish_non_exhaustive()
    }
}
