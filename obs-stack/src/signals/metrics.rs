use std::sync::Arc;

use obs_core::{Headers, Source, set_call_observer};
use obs_metrics::{Metrics, Representation};

use super::signal::{self, Assembly};
use crate::obs::Obs;
use crate::setup::InstallError;
use crate::{Body, EndpointAnswer};

pub(crate) type Signal = Arc<Metrics>;
pub(crate) type Observer = obs_metrics::HttpMetrics;

impl signal::Signal for Signal {
    fn join(assembly: &mut Assembly<'_>) -> Self {
        let metrics = Metrics::new(&assembly.settings.metrics, &assembly.settings.service);
        assembly.stack.metrics = Some(Arc::clone(metrics.http()));
        assembly.sources.drain(..).for_each(|source| metrics.add_source(source));
        Arc::new(metrics)
    }

    /// Takes what drivers report.
    fn install(&self) -> Result<(), InstallError> {
        set_call_observer(Arc::clone(self) as _).map_err(|_| InstallError::Again)
    }
}

/// The exposition in the form that the request asks for.
pub(crate) fn answer(metrics: &Signal, headers: &impl Headers) -> EndpointAnswer {
    let list = |name| {
        let mut values = Vec::new();
        headers.each(name, &mut |value| values.push(String::from_utf8_lossy(value).into_owned()));
        values.join(",")
    };
    let chosen = Representation::negotiate(&list("accept"), &list("accept-encoding"));
    let body = Body::Chunks(Box::pin(metrics.stream(chosen)));
    let mut answer = EndpointAnswer::new(200, chosen.content_type(), body);
    answer.headers.push(("vary", "accept, accept-encoding"));
    let encoding = chosen.content_encoding().map(|encoding| ("content-encoding", encoding));
    answer.headers.extend(encoding);
    answer
}

impl Obs {
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
