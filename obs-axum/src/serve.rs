use std::io;

use axum::serve::Listener;
use obs_stack::Obs;
use tokio::sync::oneshot;

use crate::Observed;

/// Serves until told to stop, then drains.
pub trait Serve {
    /// Serves `app` on `listener`. SIGTERM or Ctrl-C, or
    /// [`shutdown().begin()`](obs_core::Shutdown::begin), ends it: not ready, no new connections, the
    /// requests under way, then log lines, spans and error events, all within
    /// `OBS_SHUTDOWN_TIMEOUT_MS`. A second signal ends all waiting at once. [`Obs::drive`] has the
    /// details.
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
        let (stop_accepting, stopped) = oneshot::channel::<()>();
        let server = axum::serve(listener, app).with_graceful_shutdown(async {
            let _ = stopped.await;
        });
        self.drive(server.into_future(), || drop(stop_accepting)).await
    }
}
