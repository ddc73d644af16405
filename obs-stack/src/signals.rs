use std::sync::Arc;
use std::time::{Duration, Instant};

use obs_core::spans::SpanLayer;
use obs_core::{Clock, Source, notice};
use obs_errors::Errors;
use obs_health::Health;
use obs_logging::Logging;
use obs_metrics::Metrics;
use obs_otlp::{EnvelopeTarget, Exporter};
use obs_tracing::ServerSpans;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::registry;

use crate::settings::Settings;
use crate::setup::InstallError;
use crate::stack::Stack;

/// How long the last lines may take when the deadline is over: they tell of what was lost by it.
const LAST_LINES: Duration = Duration::from_millis(100);

/// The signals of one handle. Those that speak to the outside run only when they are installed.
#[derive(Debug)]
pub(crate) struct Signals {
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) health: Health,
    tracing: Arc<ServerSpans>,
    outward: Option<Outward>,
}

/// What writes, sends, or sets something global.
#[derive(Debug)]
struct Outward {
    logging: Logging,
    exporter: Exporter,
    errors: Option<Errors>,
    spans: SpanLayer,
}

impl Signals {
    /// Metrics, health and trace ids: nothing leaves the process.
    pub(crate) fn inward(settings: &Settings, health: Health) -> Self {
        let tracing = Arc::new(ServerSpans::new(&settings.tracing, None));
        let metrics = Self::metrics(settings, &tracing, &health);
        Self { metrics, health, tracing, outward: None }
    }

    fn metrics(settings: &Settings, tracing: &Arc<ServerSpans>, health: &Health) -> Arc<Metrics> {
        let metrics = Arc::new(Metrics::new(&settings.metrics, &settings.service));
        metrics.add_source(Arc::clone(tracing) as _);
        metrics.add_source(Arc::new(health.clone()));
        metrics
    }

    /// All of them, with the export thread if there is something to export.
    pub(crate) fn all(settings: &Settings, health: Health, clock: &Clock) -> Self {
        let target = settings.errors.target().map(|(url, auth)| EnvelopeTarget::new(url, auth));
        let exporter = Exporter::start(&settings.export, &settings.service, target);
        let logging = Logging::new(settings.logging.clone(), &settings.service, clock.clone());
        let tracing = Arc::new(ServerSpans::new(&settings.tracing, exporter.spans()));
        let spans = SpanLayer::new(clock.clone(), tracing.sink());
        let errors = exporter.envelopes().map(|sink| {
            Errors::new(settings.errors.clone(), &settings.service, sink).with_clock(clock.clone())
        });

        let metrics = Self::metrics(settings, &tracing, &health);
        let sources: [Arc<dyn Source>; 3] =
            [Arc::new(logging.clone()), Arc::new(exporter.clone()), Arc::new(spans.clone())];
        for source in sources {
            metrics.add_source(source);
        }
        if let Some(errors) = &errors {
            metrics.add_source(Arc::new(errors.clone()));
        }
        let outward = Outward { logging, exporter, errors, spans };
        Self { metrics, health, tracing, outward: Some(outward) }
    }

    pub(crate) fn stack(&self) -> Stack {
        let stack = Stack::new()
            .with_metrics(Arc::clone(self.metrics.http()))
            .with_tracing(Arc::clone(&self.tracing));
        let Some(outward) = &self.outward else { return stack };
        let stack = stack.with_logging(outward.logging.access_log());
        match &outward.errors {
            Some(errors) => stack.with_errors(errors.clone()),
            None => stack,
        }
    }

    /// Sets the subscriber and the panic hook of the process.
    pub(crate) fn install(&self) -> Result<(), InstallError> {
        let Some(outward) = &self.outward else { return Ok(()) };
        let subscriber = registry()
            .with(outward.spans.clone())
            .with(outward.logging.layer())
            .with(outward.logging.filter());
        tracing::subscriber::set_global_default(subscriber)
            .map_err(|_| InstallError::Subscriber)?;
        match &outward.errors {
            Some(errors) => errors.install_panic_hook(),
            None => obs_errors::capture_panics(),
        }
        Ok(())
    }

    /// Hands out what is still held, log lines and exports alike, within one `timeout`; the lines
    /// get [`LAST_LINES`] in any case.
    pub(crate) async fn flush(&self, timeout: Duration) {
        let Some(outward) = &self.outward else { return };
        let began = Instant::now();
        let flushed = outward.exporter.shutdown_async(timeout).await;
        for (signal, counts) in [("traces", flushed.traces), ("errors", flushed.errors)] {
            if counts.dropped > 0 {
                notice::warn(&format!(
                    "{} of {} {signal} were not delivered: see obs_export_dropped_total",
                    counts.dropped, counts.accepted,
                ));
            }
        }
        let logging = outward.logging.clone();
        let left = timeout.saturating_sub(began.elapsed()).max(LAST_LINES);
        let lines = tokio::task::spawn_blocking(move || logging.flush(left));
        // Bounded by `flush` itself; a runtime that is ending has nobody left to tell.
        let _ = lines.await;
    }
}
