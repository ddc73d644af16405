use std::sync::Arc;

use obs_core::{Answer, Source, set_call_observer};
use obs_metrics::{Format, Metrics};

use super::signal::{self, Assembly};
use crate::obs::Obs;
use crate::setup::InstallError;

pub(crate) type Signal = Arc<Metrics>;
pub(crate) type Observer = obs_metrics::HttpMetrics;

impl signal::Signal for Signal {
    fn join(assembly: &mut Assembly<'_>) -> Self {
        let Assembly { settings, clock, .. } = *assembly;
        let metrics = Metrics::with_clock(&settings.metrics, &settings.service, clock.clone());
        assembly.stack.metrics = Some(Arc::clone(metrics.http()));
        assembly.sources.drain(..).for_each(|source| metrics.add_source(source));
        Arc::new(metrics)
    }

    /// Takes what drivers and the macros of events report.
    fn install(&self) -> Result<(), InstallError> {
        if obs_metrics::installed().is_some() {
            return Err(InstallError::Again);
        }
        set_call_observer(Arc::clone(self) as _).map_err(|_| InstallError::Again)?;
        obs_metrics::install(Arc::clone(self)).map_err(|_| InstallError::Again)
    }
}

/// The exposition in the form that the `Accept` header asks for.
pub(crate) fn answer(metrics: &Metrics, accept: &str) -> Answer {
    let format = Format::negotiate(accept);
    let body = metrics.render(format).into_bytes();
    Answer { status: 200, content_type: format.content_type(), body }
}

/// What the RED metrics come to, as JSON.
pub(crate) fn summary(metrics: &Metrics) -> Answer {
    // Nothing in it can fail to be written.
    let body = serde_json::to_vec(&metrics.http().report()).unwrap_or_default();
    Answer { status: 200, content_type: "application/json", body }
}

impl Obs {
    /// Shows a route before its first request, so that the first one is an increase: see
    /// [`HttpMetrics::declare`](obs_metrics::HttpMetrics::declare).
    pub fn declare_route(&self, method: &str, route: &str) {
        self.metrics().http().declare(method, route);
    }

    /// Shows the numbers of `source` with every scrape.
    pub fn add_source(&self, source: Arc<dyn Source>) {
        self.metrics().add_source(source);
    }

    /// The metrics of the service.
    #[must_use]
    pub fn metrics(&self) -> &Arc<Metrics> {
        &self.0.signals.metrics
    }
}
