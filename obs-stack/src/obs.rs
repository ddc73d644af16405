use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use obs_core::config::{ConfigError, Reader};
use obs_core::{CallObserver, Clock, Headers, Lifecycle, Shutdown, notice};

use crate::EndpointAnswer;
use crate::endpoints::{Endpoint, answer};
use crate::listeners::Listeners;
use crate::settings::Settings;
use crate::setup::Setup;
use crate::signals::Signals;
use crate::stack::Stack;

/// The handle on everything that observes this service. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Obs(pub(crate) Arc<Parts>);

#[derive(Debug)]
pub(crate) struct Parts {
    settings: Settings,
    lifecycle: Arc<Lifecycle<Stack>>,
    pub(crate) signals: Signals,
    pub(crate) installed: bool,
    pub(crate) listeners: Listeners,
    announced: Mutex<Vec<String>>,
}

/// What observes calls outside of requests: see [`CallSite::with`](obs_core::CallSite::with).
impl From<&Obs> for Arc<dyn CallObserver> {
    fn from(obs: &Obs) -> Self {
        Arc::clone(obs.lifecycle()) as Self
    }
}

impl Obs {
    /// Reads the environment; nothing runs yet.
    ///
    /// # Errors
    /// [`ConfigError`] with every variable that cannot be used, its value and what is allowed.
    pub fn from_env() -> Result<Setup, ConfigError> {
        Setup::read(Reader::process())
    }

    pub(crate) fn new(
        settings: Settings,
        clock: Clock,
        shutdown: Shutdown,
        signals: Signals,
        installed: bool,
    ) -> Self {
        let lifecycle = Lifecycle::new(signals.stack.clone())
            .with_clock(clock)
            .with_request_ids(settings.request_ids.clone())
            .with_panics(settings.panics)
            .with_shutdown(shutdown);
        let lifecycle = Arc::new(lifecycle);
        #[cfg(feature = "metrics")]
        signals.metrics.store.add_source(Arc::clone(&lifecycle) as _);
        Self(Arc::new(Parts {
            settings,
            lifecycle,
            signals,
            installed,
            listeners: Listeners::new(),
            announced: Mutex::default(),
        }))
    }

    /// The settings in force.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// The end of the service: begin it to drain.
    #[must_use]
    pub fn shutdown(&self) -> &Shutdown {
        self.0.lifecycle.shutdown()
    }

    /// What an adapter drives its exchanges with.
    #[must_use]
    pub fn lifecycle(&self) -> &Arc<Lifecycle<Stack>> {
        &self.0.lifecycle
    }

    /// Observes work without a request, such as a scheduled task: its own ids, span, line and
    /// duration, and its error if it fails.
    ///
    /// # Errors
    /// The future's own, unchanged.
    pub fn job<F, T, E>(
        &self,
        name: &'static str,
        future: F,
    ) -> impl Future<Output = Result<T, E>> + use<F, T, E>
    where
        F: Future<Output = Result<T, E>>,
        E: std::fmt::Display,
    {
        self.0.lifecycle.job(name, future)
    }

    /// Delivers what is still held, log lines, spans, metrics and error events alike, and ends the
    /// export: the last call before the process ends, where no adapter's `serve` has ended it. It waits
    /// until the deadline of the shutdown, at most `OBS_SHUTDOWN_TIMEOUT_MS`.
    ///
    /// It needs no tokio runtime; outside of one it blocks its thread while log lines are written. What
    /// `std::process::exit` loses without it is on the page of [`Setup::install`](crate::Setup::install).
    ///
    /// ```no_run
    /// # let obs = obs_stack::Setup::new(Default::default()).build();
    /// # fn block_on<F: Future>(future: F) -> F::Output {
    /// #     tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
    /// # }
    /// block_on(obs.finish());
    /// std::process::exit(2);
    /// ```
    pub async fn finish(&self) {
        self.0.signals.finish(self.shutdown().remaining(), |_| {}).await;
    }

    /// Delivers what is held now, log lines, spans, metrics and error events alike, and goes on: for a
    /// function that is frozen between two calls, and for tests. `true` if everything was delivered or
    /// is counted as lost within `timeout`; what was not stays held.
    ///
    /// It needs no tokio runtime; outside of one it blocks its thread while log lines are written.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// # let obs = obs_stack::Setup::new(Default::default()).build();
    /// obs.job("invoke", async { Ok::<(), std::io::Error>(()) }).await.ok();
    /// assert!(obs.flush(Duration::from_secs(2)).await);
    /// # }
    /// ```
    #[must_use = "something may still be held"]
    pub async fn flush(&self, timeout: Duration) -> bool {
        self.0.signals.flush(timeout).await
    }

    /// The end of serving: the last line says what became of it. Without a shutdown the handle goes on.
    pub(crate) async fn finish_serving(&self, timeout: Duration) {
        let (requests, jobs) = (self.0.lifecycle.requests_cut(), self.0.lifecycle.jobs_cut());
        let last_line = |lost| match (requests + jobs, lost) {
            (0, 0) => notice::info("stopped: no request was cut off, nothing was lost"),
            _ => notice::warn(&format!(
                "stopped: {requests} requests (obs_requests_cut_total) and {jobs} jobs \
                 (obs_jobs_cut_total) were cut off, {lost} log lines, spans, metrics and events were \
                 lost since the start"
            )),
        };
        if self.shutdown().is_draining() {
            self.0.signals.finish(timeout, last_line).await;
        } else {
            self.0.signals.flush_with(timeout, last_line).await;
        }
    }

    /// The answer of an endpoint to a request with `headers`, for an adapter to send.
    pub async fn answer(&self, endpoint: Endpoint, headers: &impl Headers) -> EndpointAnswer {
        answer(endpoint, headers, &self.0.signals).await
    }

    /// Says once, at start, what is exposed where, however many workers say it. A handle that is not
    /// installed is silent.
    pub fn announce(&self, paths: &[(Endpoint, String)]) {
        if !self.0.installed || paths.is_empty() {
            return;
        }
        let paths: Vec<&str> = paths.iter().map(|(_, path)| path.as_str()).collect();
        let paths = paths.join(" ");
        let mut announced = self.0.announced.lock().unwrap_or_else(PoisonError::into_inner);
        if announced.contains(&paths) {
            return;
        }
        notice::info(&format!(
            "{} exposes {paths} to every client of the application ({})",
            self.0.settings.service.name,
            self.elsewhere(),
        ));
        announced.push(paths);
    }

    /// How to expose less on the application's port.
    fn elsewhere(&self) -> &'static str {
        #[cfg(feature = "admin")]
        if self.0.settings.admin.addr.is_none() {
            return "OBS_ADMIN_ADDR moves all but the probes to a port of their own, \
                    OBS_ENDPOINTS_PREFIX to other paths; Endpoints leaves some out";
        }
        "OBS_ENDPOINTS_PREFIX moves them, Endpoints leaves some out"
    }
}

/// The last handle: what it still holds is delivered, also if `main` returns an error.
impl Drop for Parts {
    fn drop(&mut self) {
        self.signals.flush_blocking(self.lifecycle.shutdown().reserve());
    }
}
