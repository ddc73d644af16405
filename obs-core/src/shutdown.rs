use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::watch;

/// The end of a service: begun once, with one deadline for everything that has to finish.
///
/// Clones share the state. Readiness looks at [`is_draining`](Self::is_draining); everything that
/// waits, waits at most [`remaining`](Self::remaining).
#[derive(Clone, Debug)]
pub struct Shutdown(Arc<State>);

#[derive(Debug)]
struct State {
    budget: Duration,
    /// Read for every response, so without the lock of the channel.
    draining: AtomicBool,
    /// Whether requests and jobs are not waited for any longer. Also read without the lock of the channel.
    is_cut_off: AtomicBool,
    cut_off: watch::Sender<bool>,
    deadline: watch::Sender<Option<Instant>>,
    /// Each [`Hold`] is a receiver.
    holds: watch::Sender<()>,
}

/// Something that is not over yet, such as a connection or a job: [`Shutdown::hold`].
#[derive(Clone, Debug)]
pub struct Hold {
    _held: watch::Receiver<()>,
}

impl Shutdown {
    /// A shutdown that, once begun, has `budget` for draining and flushing together.
    #[must_use]
    pub fn new(budget: Duration) -> Self {
        Self(Arc::new(State {
            budget,
            draining: AtomicBool::new(false),
            is_cut_off: AtomicBool::new(false),
            cut_off: watch::Sender::new(false),
            deadline: watch::Sender::new(None),
            holds: watch::Sender::new(()),
        }))
    }

    /// Begins the shutdown. The first call sets the deadline; later ones change nothing.
    pub fn begin(&self) {
        self.0.draining.store(true, Ordering::Relaxed);
        self.0.deadline.send_if_modified(|deadline| {
            let first = deadline.is_none();
            if first {
                // Settings from code may be anything: a century is for ever.
                let budget = self.0.budget.min(Duration::from_secs(100 * 365 * 86_400));
                *deadline = Some(Instant::now() + budget);
            }
            first
        });
    }

    /// Whether the shutdown has begun.
    #[inline]
    #[must_use]
    pub fn is_draining(&self) -> bool {
        self.0.draining.load(Ordering::Relaxed)
    }

    /// Notes that requests and jobs are not waited for any longer. A request that is dropped from now on was
    /// cut off by the service, and is counted in `obs_requests_cut_total`; a [job](crate::Lifecycle::job) that
    /// still runs is recorded as cancelled, and is counted in `obs_jobs_cut_total`.
    pub fn cut_off(&self) {
        self.0.is_cut_off.store(true, Ordering::Relaxed);
        self.0.cut_off.send_replace(true);
    }

    /// Whether requests and jobs are not waited for any longer.
    #[must_use]
    pub fn is_cut_off(&self) -> bool {
        self.0.is_cut_off.load(Ordering::Relaxed)
    }

    /// Waits until requests and jobs are not waited for any longer.
    pub(crate) fn cut(&self) -> impl Future<Output = ()> + Send + use<> {
        let mut cut_off = self.0.cut_off.subscribe();
        // Without its sender the shutdown is gone, and never cuts anything off.
        async move {
            if cut_off.wait_for(|cut_off| *cut_off).await.is_err() {
                std::future::pending().await
            }
        }
    }

    /// Keeps [`released`](Self::released) waiting until the returned value, and every clone of it, is
    /// dropped. A server holds it for as long as one of its requests may be open.
    #[must_use]
    pub fn hold(&self) -> Hold {
        Hold { _held: self.0.holds.subscribe() }
    }

    /// Waits until there is no [`Hold`] any more.
    pub async fn released(&self) {
        self.0.holds.closed().await;
    }

    /// Time left until the deadline; the whole budget while the shutdown has not begun.
    #[must_use]
    pub fn remaining(&self) -> Duration {
        let deadline = *self.0.deadline.borrow();
        deadline.map_or(self.0.budget, |at| at.saturating_duration_since(Instant::now()))
    }

    /// The part of [`remaining`](Self::remaining) that open requests may use: all of it but the
    /// [reserve](Self::reserve).
    #[must_use]
    pub fn remaining_for_requests(&self) -> Duration {
        self.remaining().saturating_sub(self.reserve())
    }

    /// The part of the budget that is kept for delivering what was observed: a quarter, at most 2 s.
    #[must_use]
    pub fn reserve(&self) -> Duration {
        (self.0.budget / 4).min(Duration::from_secs(2))
    }

    /// Waits until the shutdown begins.
    pub async fn begun(&self) {
        // The sender lives in `self`: the only error cannot happen.
        let _ = self.0.deadline.subscribe().wait_for(Option::is_some).await;
    }
}

impl Default for Shutdown {
    /// With 25 seconds, so that a service ends within the 30 that Kubernetes gives it.
    fn default() -> Self {
        Self::new(Duration::from_secs(25))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn begins_once_and_wakes_everyone() {
        let shutdown = Shutdown::new(Duration::from_secs(60));
        assert!(!shutdown.is_draining());
        assert_eq!(shutdown.remaining(), Duration::from_secs(60));
        let waiting = tokio::spawn({
            let shutdown = shutdown.clone();
            async move { shutdown.begun().await }
        });
        shutdown.begin();
        let deadline = *shutdown.0.deadline.borrow();
        shutdown.begin();
        assert_eq!(*shutdown.0.deadline.borrow(), deadline, "a second call moves no deadline");
        waiting.await.unwrap();
        shutdown.begun().await;
        assert!(!shutdown.is_cut_off(), "requests have time until the deadline");
        assert!(shutdown.is_draining() && shutdown.remaining() <= Duration::from_secs(60));
    }

    #[tokio::test]
    async fn it_is_released_when_the_last_hold_is_dropped() {
        let shutdown = Shutdown::default();
        shutdown.released().await;
        let hold = shutdown.hold();
        let second = hold.clone();
        let released = tokio::spawn({
            let shutdown = shutdown.clone();
            async move { shutdown.released().await }
        });
        drop(hold);
        tokio::task::yield_now().await;
        assert!(!released.is_finished());
        drop(second);
        released.await.unwrap();
    }
}
