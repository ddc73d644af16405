use std::sync::Arc;
use std::time::Duration;

use obs_core::ServiceIdentity;
use obs_core::export::{EnvelopeSink, SpanSink};
use obs_core::source::{Collector, Source};

use crate::counts::Flushed;
use crate::settings::ExportSettings;
use crate::target::EnvelopeTarget;

/// The export thread.
#[derive(Clone, Debug)]
pub struct Exporter(());

impl Exporter {
    /// Starts the thread if there is something to export.
    #[must_use]
    pub fn start(_: &ExportSettings, _: &ServiceIdentity, _: Option<EnvelopeTarget>) -> Self {
        Self(())
    }

    /// Where finished spans go. `None` if they go nowhere.
    #[must_use]
    pub fn spans(&self) -> Option<Arc<dyn SpanSink>> {
        None
    }

    /// Where error envelopes go. `None` if they go nowhere.
    #[must_use]
    pub fn envelopes(&self) -> Option<Arc<dyn EnvelopeSink>> {
        None
    }

    /// Sends what waits.
    #[must_use]
    pub fn flush(&self, _timeout: Duration) -> Flushed {
        Flushed::default()
    }

    /// Like [`flush`](Self::flush), without blocking the thread.
    pub async fn flush_async(&self, _timeout: Duration) -> Flushed {
        Flushed::default()
    }

    /// Sends what waits and ends the thread.
    pub fn shutdown(&self, _timeout: Duration) -> Flushed {
        Flushed::default()
    }

    /// Like [`shutdown`](Self::shutdown), without blocking the thread.
    pub async fn shutdown_async(&self, _timeout: Duration) -> Flushed {
        Flushed::default()
    }
}

impl Source for Exporter {
    fn collect(&self, _: &mut dyn Collector) {}
}
