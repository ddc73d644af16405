//! The end of all listeners of one handle: one SIGTERM drains each of them, and what was observed is
//! delivered when the last one has ended.

use std::io;
#[cfg(feature = "admin")]
use std::net::SocketAddr;
use std::sync::OnceLock;
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
    /// A second signal came: nothing is waited for any longer.
    hurry: watch::Sender<bool>,
    /// Whether everything was delivered.
    delivered: Mutex<bool>,
    /// One listener at a time runs it, for all.
    #[cfg(feature = "admin")]
    admin: Mutex<Option<AdminListener>>,
    #[cfg(feature = "admin")]
    admin_addr: OnceLock<SocketAddr>,
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
            delivered: Mutex::new(false),
            #[cfg(feature = "admin")]
            admin: Mutex::new(None),
            #[cfg(feature = "admin")]
            admin_addr: OnceLock::new(),
        }
    }

    pub(crate) fn join(&self) -> Listener {
        Listener { _serves: self.serving.subscribe() }
    }

    /// Whether others serve beside this one.
    pub(crate) fn others(&self, _: &Listener) -> bool {
        self.serving.receiver_count() > 1
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
                notice::warn("a second signal: nothing is waited for any longer");
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

    /// Waits until the last listener has ended, and delivers what was observed, once.
    pub(crate) async fn deliver(&self, listener: Listener) {
        drop(listener);
        let listeners = &self.0.listeners;
        // Each of them is cut off in time; one that is not polled any more cannot end.
        let patience = self.shutdown().remaining_for_requests() + CUT;
        let _ = tokio::time::timeout(patience, listeners.ended()).await;
        if self.shutdown().is_cut_off() {
            self.cut_requests_ended().await;
        }
        self.end_admin().await;
        let mut delivered = listeners.delivered.lock().await;
        if *delivered {
            return;
        }
        let hurried = *listeners.hurry.borrow();
        let done = !hurried
            && tokio::select! {
                () = self.finish_serving(self.shutdown().remaining()) => true,
                () = listeners.hurried() => false,
            };
        if !done {
            self.finish_serving(Duration::ZERO).await;
        }
        *delivered = true;
    }
}

#[cfg(feature = "admin")]
impl Obs {
    /// Where the admin listener listens, from the first `serve` on. `None` without one.
    #[must_use]
    pub fn admin_addr(&self) -> Option<SocketAddr> {
        self.0.listeners.admin_addr.get().copied()
    }

    /// Opens the admin listener, if there is to be one and another `drive` has not opened it.
    pub(crate) async fn open_admin(&self) -> io::Result<()> {
        let listeners = &self.0.listeners;
        // The one that runs it holds the lock for as long.
        if listeners.admin_addr.get().is_some() {
            return Ok(());
        }
        let mut admin = listeners.admin.lock().await;
        if listeners.admin_addr.get().is_none()
            && let Some(opened) = AdminListener::open(self).await?
        {
            let _ = listeners.admin_addr.set(opened.addr()?);
            *admin = Some(opened);
        }
        Ok(())
    }

    /// Runs the admin listener until the last listener of the application has ended, unless another
    /// `drive` does; then waits for ever.
    pub(crate) async fn run_admin(&self) {
        let listeners = &self.0.listeners;
        if listeners.admin_addr.get().is_some()
            && let Some(admin) = &mut *listeners.admin.lock().await
        {
            tokio::select! {
                () = admin.run(self) => {}
                () = listeners.ended() => {}
            }
        }
        std::future::pending().await
    }

    /// Ends the admin listener. Whoever runs it has let go of it, since no listener serves any more.
    async fn end_admin(&self) {
        let admin = tokio::time::timeout(CUT, self.0.listeners.admin.lock()).await;
        if let Some(admin) = admin.ok().and_then(|mut admin| admin.take()) {
            admin.end().await;
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
