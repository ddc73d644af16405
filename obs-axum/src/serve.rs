use std::io;
use std::time::Duration;

use axum::serve::Listener;
use obs_core::notice;
use obs_stack::Obs;
use tokio::sync::oneshot;

use crate::Observed;

/// Serves until told to stop, then drains.
pub trait Serve {
    /// Serves `app` on `listener`. SIGTERM or Ctrl-C, or
    /// [`shutdown().begin()`](obs_core::Shutdown::begin), ends it:
    ///
    /// 1. `/ready` answers 503, and HTTP/1 responses say `Connection: close`;
    /// 2. after SIGTERM it goes on accepting for `OBS_SHUTDOWN_DELAY_MS`, so that load balancers
    ///    notice; after Ctrl-C it does not wait;
    /// 3. it stops accepting and waits for the requests under way, all within
    ///    `OBS_SHUTDOWN_TIMEOUT_MS`; then log lines, spans and error events are delivered. A second signal ends all waiting at once.
    ///
    /// # Errors
    /// If the signal handlers cannot be set up.
    fn serve<L>(&self, listener: L, app: Observed) -> impl Future<Output = io::Result<()>> + Send
    where
        L: Listener,
        L::Addr: std::fmt::Debug;
}

impl Serve for Obs {
    async fn serve<L>(&self, listener: L, app: Observed) -> io::Result<()>
    where
        L: Listener,
        L::Addr: std::fmt::Debug,
    {
        let mut signals = Signals::new()?;
        let (stop_accepting, stopped) = oneshot::channel::<()>();
        let server = axum::serve(listener, app).with_graceful_shutdown(async {
            let _ = stopped.await;
        });
        let drain = async {
            let delay = end(self, &mut signals).await;
            let patience = async {
                tokio::time::sleep(delay.min(self.shutdown().remaining())).await;
                drop(stop_accepting);
                tokio::time::sleep(self.shutdown().remaining()).await;
            };
            tokio::select! {
                () = patience => {
                    notice::warn("the deadline of the shutdown passed with requests under way \
                                  (OBS_SHUTDOWN_TIMEOUT_MS)");
                }
                _ = signals.next() => notice::warn("a second signal: not waiting for requests under way"),
            }
        };
        let served = tokio::select! {
            served = server => served,
            () = drain => Ok(()),
        };
        self.finish().await;
        served
    }
}

/// Waits for a signal or for [`Shutdown::begin`](obs_core::Shutdown::begin), and begins the
/// shutdown. Gives the time to go on accepting.
async fn end(obs: &Obs, signals: &mut Signals) -> Duration {
    let delay = obs.settings().shutdown.delay;
    let delay = tokio::select! {
        signal = signals.next() => match signal {
            Signal::Terminate => delay,
            Signal::Interrupt => Duration::ZERO,
        },
        () = obs.shutdown().begun() => delay,
    };
    obs.shutdown().begin();
    notice::info(&format!("shutting down: not ready any more, accepting for {delay:?} more"));
    delay
}

enum Signal {
    Terminate,
    Interrupt,
}

/// The signals that end a service.
struct Signals {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn next(&mut self) -> Signal {
        tokio::select! {
            _ = self.terminate.recv() => Signal::Terminate,
            _ = self.interrupt.recv() => Signal::Interrupt,
        }
    }
}

#[cfg(not(unix))]
impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self {})
    }

    async fn next(&mut self) -> Signal {
        // Without the handler there is no signal to wait for.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        Signal::Interrupt
    }
}
