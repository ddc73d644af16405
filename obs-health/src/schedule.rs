//! The schedule: checks run on their own, so that the metrics are fresh however rarely a probe asks.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::task::Poll;

use tokio::runtime::Handle;
use tokio::sync::Notify;
use tokio::time::timeout;

use crate::health::{Health, Inner};

/// Whether the schedule runs, and how it is woken before its time.
#[derive(Debug, Default)]
pub(crate) struct Schedule {
    running: AtomicBool,
    woken: Arc<Notify>,
}

impl Schedule {
    /// If it runs: runs the checks now instead of at the next tick.
    pub(crate) fn wake(&self) {
        if self.running.load(Ordering::Relaxed) {
            self.woken.notify_one();
        }
    }
}

impl Health {
    /// Runs every check on a schedule, at once and then every
    /// [`HealthSettings::interval`](crate::HealthSettings::interval), in a task on the current tokio
    /// runtime, until the shutdown begins or the last clone of this `Health` is dropped. A check that
    /// is added later runs at once. Probes share these runs and these results: a check never runs
    /// twice at the same time.
    ///
    /// Does nothing outside of a runtime, if the interval is zero, or if the schedule runs already. If
    /// its runtime has ended, another call starts it again. obs-stack calls it for you.
    pub fn start(&self) {
        let schedule = &self.0.schedule;
        if self.0.settings.interval.is_zero() || self.0.shutdown.is_draining() {
            return;
        }
        let Ok(runtime) = Handle::try_current() else { return };
        if !schedule.running.swap(true, Ordering::Relaxed) {
            let running = Running(Arc::downgrade(&self.0));
            runtime.spawn(running.run());
        }
    }
}

/// The task of the schedule. Holds no [`Health`] while it waits.
struct Running(Weak<Inner>);

impl Running {
    async fn run(self) {
        while let Some(health) = self.0.upgrade().map(Health) {
            health.run_all().await;
            let (shutdown, interval) = (health.0.shutdown.clone(), health.0.settings.interval);
            let notify = Arc::clone(&health.0.schedule.woken);
            drop(health);
            let (mut begun, mut woken) = (pin!(shutdown.begun()), pin!(notify.notified()));
            let early = poll_fn(|context| {
                let begun = begun.as_mut().poll(context).is_ready();
                if begun || woken.as_mut().poll(context).is_ready() {
                    return Poll::Ready(());
                }
                Poll::Pending
            });
            // At the end of the interval, or early.
            let _ = timeout(interval, early).await;
            if shutdown.is_draining() {
                return;
            }
        }
    }
}

impl Drop for Running {
    /// The runtime may have ended before the service. A runtime without timers makes the task panic:
    /// it is not tried again.
    fn drop(&mut self) {
        if let (Some(health), false) = (self.0.upgrade(), std::thread::panicking()) {
            health.schedule.running.store(false, Ordering::Relaxed);
        }
    }
}
