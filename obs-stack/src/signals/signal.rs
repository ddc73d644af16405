use std::sync::Arc;
use std::time::Duration;

use obs_core::export::{EnvelopeSink, SpanSink};
use obs_core::{Clock, Shutdown, Source};

use crate::settings::Settings;
use crate::setup::InstallError;
use crate::stack::Stack;

/// A handle while its signals join it, one after the other.
#[allow(dead_code, reason = "without a signal nobody takes what is there for it")]
pub(super) struct Assembly<'a> {
    pub(super) settings: &'a Settings,
    pub(super) clock: &'a Clock,
    pub(super) shutdown: &'a Shutdown,
    pub(super) stack: Stack,
    /// What a scrape is to show.
    pub(super) sources: Vec<Arc<dyn Source>>,
    /// Where spans go.
    pub(super) spans: Option<Arc<dyn SpanSink>>,
    /// Where error events go.
    pub(super) envelopes: Option<Arc<dyn EnvelopeSink>>,
}

impl<'a> Assembly<'a> {
    pub(super) fn new(settings: &'a Settings, clock: &'a Clock, shutdown: &'a Shutdown) -> Self {
        Self {
            settings,
            clock,
            shutdown,
            stack: Stack::new(),
            sources: Vec::new(),
            spans: None,
            envelopes: None,
        }
    }
}

/// A signal, or what several share, as a part of a handle.
pub(super) trait Signal: Sized {
    /// Joins the handle, with what those before have left for it.
    fn join(assembly: &mut Assembly<'_>) -> Self;

    /// Looks at what code has set: every fault, one to a line.
    fn check(_: &Settings) -> Result<(), String> {
        Ok(())
    }

    /// Whether another part of the process has already set what [`install`](Self::install) sets.
    fn check_installed() -> Result<(), InstallError> {
        Ok(())
    }

    /// Installs what exists once per process.
    fn install(&self) -> Result<(), InstallError> {
        Ok(())
    }

    /// Delivers what is held, and ends.
    async fn finish(&self, _timeout: Duration) {}

    /// Delivers what is held, and goes on. `false` if some of it is still held.
    async fn deliver(&self, _timeout: Duration) -> bool {
        true
    }

    /// The same for a thread that may be blocked.
    fn deliver_blocking(&self, _timeout: Duration) {}

    /// How much was lost since the start: lines, spans, data points, events.
    fn lost(&self) -> u64 {
        0
    }
}
