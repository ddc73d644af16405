use std::io;
use std::time::Duration;

use obs_core::notice;

use crate::Obs;

/// How long at most requests that were cut off may take to end: their tasks are dropped by then, but
/// on other threads.
pub(crate) const CUT: Duration = Duration::from_millis(500);

impl Obs {
    /// Drives `server` until SIGTERM, Ctrl-C or [`shutdown().begin()`](obs_core::Shutdown::begin),
    /// then ends it and delivers what was observed. An adapter's `serve` is this.
    ///
    /// 1. `/ready` answers 503, and HTTP/1 responses say `Connection: close`;
    /// 2. after SIGTERM it goes on accepting for `OBS_SHUTDOWN_DELAY_MS`, so that load balancers
    ///    notice; after Ctrl-C it does not wait;
    /// 3. `stop_accepting` is called; `server` ends when its open requests have ended. They get all
    ///    of `OBS_SHUTDOWN_TIMEOUT_MS` but [a reserve](obs_core::Shutdown::remaining_for_requests);
    /// 4. then `server` is dropped, which cuts off the requests that are still open: they end as
    ///    `cancelled`, with their span, log line and count, and are counted in
    ///    `obs_requests_cut_total`;
    ///    [Jobs](Self::job) that run are waited for as long as requests are, and are then recorded as
    ///    `cancelled` and counted in `obs_jobs_cut_total`;
    /// 5. log lines, spans, metrics and error events are delivered, within the same deadline. The last
    ///    log line says how many requests were cut off and how much was lost.
    ///
    /// Several listeners of one handle, such as a public and an internal port, drain at the same time;
    /// step 5 comes when the last one has ended, and each `drive` returns after it. A second signal
    /// ends all waiting at once, whatever is being waited for.
    ///
    /// When the last server ends by itself, without a shutdown, what was observed is delivered too, and the
    /// handle goes on: it can serve again.
    ///
    /// Signals reach the [installed](crate::Setup::install) handle only. Any other handle is ended by
    /// `shutdown().begin()`.
    ///
    /// A server of your own must own its connections, so that dropping it ends them; a task that it has
    /// spawned goes on, and what happens in it after step 5 is lost. Let such a task hold
    /// [`shutdown().hold()`](obs_core::Shutdown::hold), and end it when the server is dropped: step 5
    /// then waits for it, as for a job.
    ///
    /// ```
    /// use std::io;
    ///
    /// use obs_stack::{Settings, Setup};
    /// use tokio::sync::oneshot;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> io::Result<()> {
    /// let obs = Setup::new(Settings::default()).build();          // in a service, the installed one
    /// # obs.shutdown().begin();
    /// # let obs = Setup::new(Settings::default())
    /// #     .with_settings(|s| s.shutdown.delay = std::time::Duration::ZERO).build();
    /// # obs.shutdown().begin();
    /// let (stop, stopped) = oneshot::channel::<()>();
    /// let server = async {                                        // any server that can be stopped
    ///     let _ = stopped.await;
    ///     Ok(())
    /// };
    /// obs.drive(server, || drop(stop)).await
    /// # }
    /// ```
    ///
    /// With an [admin listener](crate::AdminSettings), the first `drive` opens it. It answers until the
    /// last listener of the application has ended.
    ///
    /// # Errors
    /// Those of `server`; and if the signal handlers cannot be set up, or the admin listener cannot be
    /// opened.
    pub async fn drive(
        &self,
        server: impl Future<Output = io::Result<()>>,
        stop_accepting: impl FnOnce(),
    ) -> io::Result<()> {
        #[cfg(feature = "metrics")]
        self.0.signals.metrics.watch_runtime();
        #[cfg(feature = "health")]
        self.0.signals.health.start();
        let listener = self.0.listeners.join();
        self.open_admin().await?;
        let served = tokio::select! {
            served = server => served,
            () = self.drain(stop_accepting) => Ok(()),
            error = self.receive_signals() => return Err(error),
            () = self.run_admin() => Ok(()),
        };
        let was_last = self.0.listeners.leave(listener);
        // A listener that ends by itself leaves the others alone.
        if !was_last && !self.shutdown().is_draining() {
            return served;
        }
        tokio::select! {
            () = self.deliver() => served,
            error = self.receive_signals() => Err(error),
            () = self.run_admin() => served,
        }
    }

    /// Waits until the requests that were cut off have ended.
    pub(crate) async fn cut_requests_ended(&self) {
        let patience = CUT.min(self.shutdown().remaining() / 2).max(Duration::from_millis(50));
        let released = tokio::time::timeout(patience, self.shutdown().released()).await;
        if released.is_err() {
            notice::warn(
                "some requests or jobs that were cut off did not end, and are lost: code that blocks \
                 its thread cannot be ended",
            );
        }
    }
}
