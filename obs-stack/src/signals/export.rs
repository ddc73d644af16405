//! The export thread, which tracing, errors and metrics share.

use std::sync::Arc;
use std::time::Duration;

use obs_core::notice;
use obs_otlp::{Counts, EnvelopeTarget, Exporter, Flushed};

use super::signal::{self, Assembly};
use crate::settings::Settings;

pub(crate) type Signal = Exporter;

impl signal::Signal for Signal {
    fn join(assembly: &mut Assembly<'_>) -> Self {
        let settings = assembly.settings;
        let mut export = settings.export.clone();
        export.traces = export.traces.filter(|_| cfg!(feature = "tracing"));
        export.metrics = export.metrics.filter(|_| cfg!(feature = "metrics"));
        export.push = export.push.filter(|_| cfg!(feature = "metrics"));
        let exporter = Exporter::start(&export, &settings.service, error_tracker(settings));
        assembly.spans = exporter.spans();
        assembly.envelopes = exporter.envelopes();
        assembly.sources.push(Arc::new(exporter.clone()));
        exporter
    }

    async fn finish(&self, timeout: Duration) {
        let flushed = self.shutdown_async(timeout).await;
        for (signal, counts) in each(&flushed) {
            if counts.dropped > 0 {
                notice::warn(&format!(
                    "{} of {} {signal} were not delivered: see obs_export_dropped_total",
                    counts.dropped, counts.accepted,
                ));
            }
        }
    }

    async fn deliver(&self, timeout: Duration) -> bool {
        let flushed = self.flush_async(timeout).await;
        each(&flushed).iter().all(|(_, counts)| counts.pending() == 0)
    }

    fn deliver_blocking(&self, timeout: Duration) {
        Exporter::flush(self, timeout);
    }

    fn lost(&self) -> u64 {
        each(&self.counts()).iter().map(|(_, counts)| counts.dropped).sum()
    }
}

fn each(flushed: &Flushed) -> [(&'static str, Counts); 4] {
    [
        ("traces", flushed.traces),
        ("errors", flushed.errors),
        ("metrics", flushed.metrics),
        ("pushes", flushed.pushes),
    ]
}

#[cfg(feature = "errors")]
fn error_tracker(settings: &Settings) -> Option<EnvelopeTarget> {
    settings.errors.target().map(|(url, auth)| EnvelopeTarget::new(url, auth))
}

#[cfg(not(feature = "errors"))]
fn error_tracker(_: &Settings) -> Option<EnvelopeTarget> {
    None
}
