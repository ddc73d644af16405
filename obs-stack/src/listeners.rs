//! The end of all listeners of one handle: one SIGTERM drains each of them, and what was observed is
//! delivered when the last one has ended.

use std::io;
#[cfg(feature = "admin")]
use std::net::SocketAddr;
use std::sync::OnceLock;
#[cfg(feature = "admin")]
use std::sync::PoisonError;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use obs_core::notice;
use tokio::sync::{Mutex, watch};

use crate::Obs;
#[cfg(feature = "admin")]
use crate::admin::AdminListener;
use crate::drive::CUT;
use crate::terminate::{Signal, Signals};

/// What the listeners of one handle share.
#[derive(Debug)]
pub(crate) struct Listeners {
    /// Each [`Listener`] is a receiver.
    serving: watch::Sender<()>,
    /// The process's signals. One listener at a time receives them, for all.
    signals: Mutex<Option<Signals>>,
    /// How long accepting goes on. Set when the shutdown begins.
    delay: OnceLock<Duration>,
    /// A second signal came: no more waiting.
    hurry: watch::Sender<bool>,
    /// How many have begun to serve so far.
    begun: AtomicU64,
    /// How many had begun when everything was delivered last.
    delivered: Mutex<u64>,
    #[cfg(feature = "admin")]
    admin: Admin,
}

/// The admin listener, which the listeners of the application share.
#[cfg(feature = "admin")]
#[derive(Debug, Default)]
struct Admin {
    /// Held while it is opened or ended.
    changing: Mutex<()>,
    addr: std::sync::Mutex<Option<SocketAddr>>,
    /// One listener at a time runs it, for all, and holds the lock for as long.
    running: Mutex<Option<AdminListener>>,
}

/// One that serves.
#[derive(Debug)]
pub(crate) struct Listener {
    _serves: watch::Receiver<()>,
}

impl Listeners {
    pub(crate) fn new() -> Self {
        Self {
            serving: watch::Sender::new(()),
            signals: Mutex::new(None),
            delay: OnceLock::new(),
            hurry: watch::Sender::new(false),
            begun: AtomicU64::new(0),
            delivered: Mutex::new(0),
            #[cfg(feature = "admin")]
            admin: Admin::default(),
        }
    }

    pub(crate) fn join(&self) -> Listener {
        let serves = self.serving.subscribe();
        self.begun.fetch_add(1, Ordering::Relaxed);
        Listener { _serves: serves }
    }

    /// Ends a listener. Whether none serves any more.
    pub(crate) fn leave(&self, listener: Listener) -> bool {
        drop(listener);
        self.is_unused()
    }

    fn is_unused(&self) -> bool {
        self.serving.receiver_count() == 0
    }

    /// Waits until no listener serves any more.
    async fn ended(&self) {
        self.serving.closed().await;
    }

    /// Waits for a second signal.
    async fn hurried(&self) {
        // The sender lives in `self`: the only error cannot happen.
        let _ = self.hurry.subscribe().wait_for(|hurry| *hurry).await;
    }

    /// Does `work`, unless a second signal comes: then it is left.
    async fn unless_hurried<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            biased;
            () = self.hurried() => None,
            done = work => Some(done),
        }
    }
}

impl Obs {
    /// Receives the signals of the process, if this is the handle of the process, until they cannot be
    /// received. The first one begins the shutdown, the second one ends all waiting.
    pub(crate) async fn receive_signals(&self) -> io::Error {
        if !self.0.installed {
            return std::future::pending().await;
        }
        let mut signals = self.0.listeners.signals.lock().await;
        let signals = match &mut *signals {
            Some(signals) => signals,
            none => match Signals::new() {
                Ok(new) => none.insert(new),
                Err(error) => return error,
            },
        };
        loop {
            let delay = match signals.next().await {
                Signal::Terminate => self.settings().shutdown.delay,
                Signal::Interrupt => Duration::ZERO,
            };
            if self.shutdown().is_draining() {
                notice::warn("a second signal: not waiting any longer");
                self.0.listeners.hurry.send_replace(true);
            } else {
                self.begin_shutdown(delay);
            }
        }
    }

    /// Begins the shutdown, unless it has begun. Returns how long accepting goes on.
    fn begin_shutdown(&self, delay: Duration) -> Duration {
        let mut first = false;
        let delay = *self.0.listeners.delay.get_or_init(|| {
            first = true;
            delay
        });
        self.shutdown().begin();
        if first {
            notice::info(&format!(
                "shutting down: not ready any more, accepting for {delay:?} more"
            ));
        }
        delay
    }

    /// Returns when a listener is to be cut off: when the time for requests is over after the shutdown
    /// began, or at a second signal.
    pub(crate) async fn drain(&self, stop_accepting: impl FnOnce()) {
        let patience = async {
            self.shutdown().begun().await;
            let delay = self.begin_shutdown(self.settings().shutdown.delay);
            tokio::time::sleep(delay.min(self.shutdown().remaining_for_requests())).await;
            stop_accepting();
            tokio::time::sleep(self.shutdown().remaining_for_requests()).await;
        };
        tokio::select! {
            () = patience => {}
            () = self.0.listeners.hurried() => {}
        }
        // From here on, what is dropped was cut off.
        self.shutdown().cut_off();
    }

    /// Waits until the last listener has ended, and delivers what was observed, once. For a listener that has
    /// ended itself.
    pub(crate) async fn deliver(&self) {
        let listeners = &self.0.listeners;
        let begun = listeners.begun.load(Ordering::Relaxed);
        if self.shutdown().is_draining() {
            // Each of them is cut off in time; one that is not polled any more cannot end.
            let patience = self.shutdown().remaining_for_requests() + CUT;
            let ended = tokio::time::timeout(patience, listeners.ended());
            let _ = listeners.unless_hurried(ended).await;
            // Jobs that still run.
            let patience = self.shutdown().remaining_for_requests();
            let released = tokio::time::timeout(patience, self.shutdown().released());
            if !matches!(listeners.unless_hurried(released).await, Some(Ok(()))) {
                self.shutdown().cut_off();
            }
        }
        if self.shutdown().is_cut_off() {
            listeners.unless_hurried(self.cut_requests_ended()).await;
        }
        self.end_admin().await;
        let mut delivered = listeners.delivered.lock().await;
        if *delivered >= begun {
            return;
        }
        let patience = self.shutdown().remaining();
        if listeners.unless_hurried(self.finish_serving(patience)).await.is_none() {
            self.finish_serving(Duration::ZERO).await;
        }
        *delivered = begun;
    }
}

#[cfg(feature = "admin")]
impl Obs {
    /// Where the admin listener listens, from the first `serve` on until the last one has ended. `None` without
    /// one.
    #[must_use]
    pub fn admin_addr(&self) -> Option<SocketAddr> {
        *self.0.listeners.admin.addr.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set_admin_addr(&self, addr: Option<SocketAddr>) {
        *self.0.listeners.admin.addr.lock().unwrap_or_else(PoisonError::into_inner) = addr;
    }

    /// Opens the admin listener, if there is to be one and another `drive` has not opened it.
    pub(crate) async fn open_admin(&self) -> io::Result<()> {
        let admin = &self.0.listeners.admin;
        let _changing = admin.changing.lock().await;
        if self.admin_addr().is_none()
            && let Some(opened) = AdminListener::open(self).await?
        {
            let addr = opened.addr()?;
            *admin.running.lock().await = Some(opened);
            self.set_admin_addr(Some(addr));
        }
        Ok(())
    }

    /// Runs the admin listener until the last listener of the application has ended, unless another
    /// `drive` does; then waits for ever.
    pub(crate) async fn run_admin(&self) {
        let listeners = &self.0.listeners;
        if self.admin_addr().is_some()
            && let Some(admin) = &mut *listeners.admin.running.lock().await
        {
            tokio::select! {
                () = admin.run(self) => {}
                () = listeners.ended() => {}
            }
        }
        std::future::pending().await
    }

    /// Ends the admin listener, unless a new listener of the application serves already.
    async fn end_admin(&self) {
        let listeners = &self.0.listeners;
        let _changing = listeners.admin.changing.lock().await;
        if !listeners.is_unused() && !self.shutdown().is_draining() {
            return;
        }
        // The one that runs it lets go of it, since no listener serves any more.
        let running = tokio::time::timeout(CUT, listeners.admin.running.lock());
        let running = listeners.unless_hurried(running).await;
        if let Some(admin) = running.and_then(Result::ok).and_then(|mut admin| admin.take()) {
            self.set_admin_addr(None);
            listeners.unless_hurried(admin.end()).await;
        }
    }
}

#[cfg(not(feature = "admin"))]
impl Obs {
    pub(crate) async fn open_admin(&self) -> io::Result<()> {
        Ok(())
    }

    pub(crate) async fn run_admin(&self) {
        std::future::pending().await
    }

    async fn end_admin(&self) {}
}
