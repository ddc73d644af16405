//! The export thread, which tracing, errors and metrics share.

use std::sync::Arc;
use std::time::Duration;

use obs_core::notice;
use obs_otlp::{EnvelopeTarget, Exporter};

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
        for (signal, counts) in [
            ("traces", flushed.traces),
            ("errors", flushed.errors),
            ("metrics", flushed.metrics),
            ("pushes", flushed.pushes),
        ] {
            if counts.dropped > 0 {
                notice::warn(&format!(
                    "{} of {} {signal} were not delivered: see obs_export_dropped_total",
                    counts.dropped, counts.accepted,
                ));
            }
        }
    }
}

#[cfg(feature = "errors")]
fn error_tracker(settings: &Settings) -> Option<EnvelopeTarget> {
    settings.errors.target().map(|(url, auth)| EnvelopeTarget::new(url, auth))
}

#[cfg(not(feature = "errors"))]
fn error_tracker(_: &Settings) -> Option<EnvelopeTarget> {
    None
}
