use std::io;
use std::time::Duration;

use obs_core::notice;

use crate::Obs;
use crate::terminate::{Signal, Signals};

impl Obs {
    /// Drives `server` until SIGTERM, Ctrl-C or [`shutdown().begin()`](obs_core::Shutdown::begin),
    /// then ends it and delivers what is held. An adapter's `serve` is this.
    ///
    /// 1. `/ready` answers 503, and HTTP/1 responses say `Connection: close`;
    /// 2. after SIGTERM it goes on accepting for `OBS_SHUTDOWN_DELAY_MS`, so that load balancers
    ///    notice; after Ctrl-C it does not wait;
    /// 3. `stop_accepting` is called; `server` ends when the requests under way have. They get all
    ///    of `OBS_SHUTDOWN_TIMEOUT_MS` but [a reserve](obs_core::Shutdown::remaining_for_requests);
    /// 4. log lines, spans and error events are delivered, within the same deadline.
    ///
    /// A second signal ends all waiting at once, whatever is being waited for.
    ///
    /// # Errors
    /// Those of `server`, and if the signal handlers cannot be set up.
    pub async fn drive(
        &self,
        server: impl Future<Output = io::Result<()>>,
        stop_accepting: impl FnOnce(),
    ) -> io::Result<()> {
        #[cfg(feature = "metrics")]
        self.0.signals.metrics.watch_runtime();
        let mut signals = Signals::new()?;
        let drain = async {
            let delay = self.told(&mut signals).await;
            let patience = async {
                tokio::time::sleep(delay.min(self.shutdown().remaining_for_requests())).await;
                stop_accepting();
                tokio::time::sleep(self.shutdown().remaining_for_requests()).await;
            };
            tokio::select! {
                () = patience => {
                    notice::warn("requests are still under way after their share of \
                                  OBS_SHUTDOWN_TIMEOUT_MS: not waiting for them");
                    false
                }
                _ = signals.next() => {
                    notice::warn("a second signal: not waiting for requests under way");
                    true
                }
            }
        };
        let (served, hurry) = tokio::select! {
            served = server => (served, false),
            hurry = drain => (Ok(()), hurry),
        };
        if !hurry {
            tokio::select! {
                () = self.finish() => return served,
                _ = signals.next() => {
                    notice::warn("a second signal: not waiting for what is not delivered yet");
                }
            }
        }
        self.finish_within(Duration::ZERO).await;
        served
    }

    /// Waits for a signal or for the shutdown to begin, and begins it. Gives the time to go on
    /// accepting.
    async fn told(&self, signals: &mut Signals) -> Duration {
        let delay = self.settings().shutdown.delay;
        let delay = tokio::select! {
            signal = signals.next() => match signal {
                Signal::Terminate => delay,
                Signal::Interrupt => Duration::ZERO,
            },
            () = self.shutdown().begun() => delay,
        };
        self.shutdown().begin();
        notice::info(&format!("shutting down: not ready any more, accepting for {delay:?} more"));
        delay
    }
}
