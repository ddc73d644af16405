//! The signals of one handle. Everything about one of them that is not its own logic is in its
//! module here; [`off`] stands in for those that are compiled out.

#[cfg(feature = "errors")]
pub(crate) mod errors;
#[cfg(feature = "export")]
mod export;
#[cfg(feature = "health")]
mod health;
#[cfg(feature = "logging")]
pub(crate) mod logging;
#[cfg(feature = "metrics")]
pub(crate) mod metrics;
#[cfg(all(feature = "tracing", not(feature = "logging")))]
mod notices;
pub(crate) mod off;
mod signal;
#[cfg(any(feature = "logging", feature = "tracing"))]
pub(crate) mod subscriber;
#[cfg(feature = "tracing")]
pub(crate) mod tracing;

#[cfg(not(feature = "errors"))]
pub(crate) use self::off as errors;
#[cfg(not(feature = "export"))]
use self::off as export;
#[cfg(not(feature = "health"))]
use self::off as health;
#[cfg(not(feature = "logging"))]
pub(crate) use self::off as logging;
#[cfg(not(feature = "metrics"))]
pub(crate) use self::off as metrics;
#[cfg(not(any(feature = "logging", feature = "tracing")))]
pub(crate) use self::off as subscriber;
#[cfg(not(feature = "tracing"))]
pub(crate) use self::off as tracing;

use std::time::{Duration, Instant};

use obs_core::{Clock, Shutdown};

use self::signal::{Assembly, Signal as _};
use crate::settings::Settings;
use crate::setup::InstallError;
use crate::stack::Stack;

/// How long the last lines may take when the deadline is over: they report what was lost by it.
const LAST_LINES: Duration = Duration::from_millis(100);

/// The signals of one handle. Those that speak to the outside run only when they are installed.
#[derive(Debug)]
pub(crate) struct Signals {
    pub(crate) stack: Stack,
    pub(crate) metrics: metrics::Signal,
    pub(crate) health: health::Signal,
    outward: Option<Outward>,
}

/// What writes, sends, or sets something global.
#[derive(Debug)]
struct Outward {
    export: export::Signal,
    logging: logging::Signal,
    spans: subscriber::Signal,
    errors: errors::Signal,
}

impl Outward {
    /// Lets `last_line` say how much was lost, and writes all lines: last, since the other signals may have
    /// something to say.
    async fn last_lines(&self, timeout: Duration, last_line: impl FnOnce(u64)) {
        last_line(self.export.lost() + self.logging.lost());
        self.logging.finish(timeout.max(LAST_LINES)).await;
    }
}

impl Signals {
    /// Metrics, health and trace ids: nothing leaves the process.
    pub(crate) fn inward(settings: &Settings, clock: &Clock, shutdown: &Shutdown) -> Self {
        let mut assembly = Assembly::new(settings, clock, shutdown);
        tracing::Signal::join(&mut assembly);
        Self::join(assembly, None)
    }

    /// All of them, with the export thread if there is something to export.
    pub(crate) fn all(settings: &Settings, clock: &Clock, shutdown: &Shutdown) -> Self {
        let mut assembly = Assembly::new(settings, clock, shutdown);
        let export = export::Signal::join(&mut assembly);
        tracing::Signal::join(&mut assembly);
        let outward = Outward {
            export,
            logging: logging::Signal::join(&mut assembly),
            spans: subscriber::Signal::join(&mut assembly),
            errors: errors::Signal::join(&mut assembly),
        };
        Self::join(assembly, Some(outward))
    }

    fn join(mut assembly: Assembly<'_>, outward: Option<Outward>) -> Self {
        let health = health::Signal::join(&mut assembly);
        // Last, since it shows the numbers of all others.
        let metrics = metrics::Signal::join(&mut assembly);
        #[cfg(all(feature = "export", feature = "metrics"))]
        if let Some(outward) = &outward {
            metrics.exported_by(&outward.export);
        }
        Self { stack: assembly.stack, metrics, health, outward }
    }

    /// What cannot be as code has set it.
    pub(crate) fn check(settings: &Settings) -> Result<(), String> {
        metrics::Signal::check(settings)
    }

    /// Installs what exists once per process, with layers of the application in the subscriber.
    pub(crate) fn install(&self, layers: subscriber::Foreign) -> Result<(), InstallError> {
        let Some(outward) = &self.outward else { return Ok(()) };
        // First what may be refused, so that nothing is half installed.
        metrics::Signal::check_installed()?;
        subscriber::install(&outward.spans, &outward.logging, layers)?;
        self.metrics.install()?;
        outward.errors.install()?;
        self.health.install()
    }

    /// The same for an application that sets the subscriber itself, with [`layer`](Self::layer) in it.
    #[cfg(any(feature = "logging", feature = "tracing"))]
    pub(crate) fn install_beside_subscriber(&self) -> Result<(), InstallError> {
        let Some(outward) = &self.outward else { return Ok(()) };
        metrics::Signal::check_installed()?;
        self.metrics.install()?;
        outward.errors.install()?;
        self.health.install()
    }

    /// The layer for a subscriber of the application's. Inward there are no spans and lines to take.
    #[cfg(any(feature = "logging", feature = "tracing"))]
    pub(crate) fn layer<S>(&self) -> impl tracing_subscriber::Layer<S> + Send + Sync + use<S>
    where
        S: tracing_core::Subscriber + for<'span> tracing_subscriber::registry::LookupSpan<'span>,
    {
        self.outward.as_ref().map(|outward| subscriber::layer(&outward.spans, &outward.logging))
    }

    /// Delivers what is still held and ends the export, all within one `timeout`. Then `last_line` is
    /// called with how much was lost since the start; the lines get [`LAST_LINES`] in any case.
    pub(crate) async fn finish(&self, timeout: Duration, last_line: impl FnOnce(u64)) {
        let Some(outward) = &self.outward else { return };
        let began = Instant::now();
        outward.export.finish(timeout).await;
        outward.last_lines(timeout.saturating_sub(began.elapsed()), last_line).await;
    }

    /// The same, but the export goes on.
    pub(crate) async fn flush_with(&self, timeout: Duration, last_line: impl FnOnce(u64)) {
        let Some(outward) = &self.outward else { return };
        let began = Instant::now();
        outward.export.deliver(timeout).await;
        outward.last_lines(timeout.saturating_sub(began.elapsed()), last_line).await;
    }

    /// Delivers what is held, within one `timeout`. `false` if some of it is still held.
    pub(crate) async fn flush(&self, timeout: Duration) -> bool {
        let Some(outward) = &self.outward else { return true };
        let began = Instant::now();
        let exported = outward.export.deliver(timeout).await;
        let left = timeout.saturating_sub(began.elapsed());
        outward.logging.deliver(left).await && exported
    }

    /// The same, blocking the thread.
    pub(crate) fn flush_blocking(&self, timeout: Duration) {
        let Some(outward) = &self.outward else { return };
        outward.export.deliver_blocking(timeout);
        outward.logging.deliver_blocking(timeout);
    }
}
