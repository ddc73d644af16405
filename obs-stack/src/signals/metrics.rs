use std::sync::Arc;

use obs_core::{Headers, Source};
use obs_metrics::{Metrics, Part, ProcessMetrics, Representation, TokioMetrics};
#[cfg(feature = "export")]
use obs_otlp::Exporter;
use serde::Serialize;
use tokio::runtime::Handle;

use super::signal::{self, Assembly};
use crate::obs::Obs;
use crate::settings::Settings;
use crate::setup::InstallError;
use crate::{Body, EndpointAnswer};

#[derive(Debug)]
pub(crate) struct Signal {
    pub(crate) store: Arc<Metrics>,
    /// What `/metrics` shows.
    pub(crate) part: Part,
    runtime: Arc<TokioMetrics>,
}

pub(crate) type Observer = obs_metrics::HttpMetrics;

impl signal::Signal for Signal {
    fn join(assembly: &mut Assembly<'_>) -> Self {
        let Assembly { settings, clock, .. } = *assembly;
        let store = Metrics::with_clock(&settings.metrics, &settings.service, clock.clone());
        assembly.stack.metrics = Some(Arc::clone(store.http()));
        let part = if settings.metrics.split_business { Part::Rest } else { Part::All };
        let signal = Self { store: Arc::new(store), part, runtime: Arc::default() };
        assembly.sources.push(Arc::new(ProcessMetrics::new()));
        assembly.sources.push(Arc::clone(&signal.runtime) as _);
        assembly.sources.drain(..).for_each(|source| signal.store.add_source(source));
        signal.watch_runtime();
        signal
    }

    fn check(settings: &Settings) -> Result<(), String> {
        settings.metrics.check().map_err(|errors| errors.to_string())
    }

    fn check_installed() -> Result<(), InstallError> {
        if obs_metrics::installed().is_some() { Err(InstallError::Again) } else { Ok(()) }
    }

    /// Takes what the macros of events report.
    fn install(&self) -> Result<(), InstallError> {
        obs_metrics::install(Arc::clone(&self.store)).map_err(|_| InstallError::Again)
    }
}

impl Signal {
    /// Shows the runtime that this runs on, if it runs on one and none is shown yet.
    pub(crate) fn watch_runtime(&self) {
        if let Ok(handle) = Handle::try_current() {
            self.runtime.watch(handle);
        }
    }

    /// The exporter's own numbers are among those it reads, so neither keeps the other alive.
    #[cfg(feature = "export")]
    pub(super) fn exported_by(&self, exporter: &Exporter) {
        let store = Arc::downgrade(&self.store);
        exporter.read_metrics(store.clone());
        exporter.push_exposition(move || Some(store.upgrade()?.render_pushed()));
    }
}

/// A part of the exposition in the form that the request asks for.
pub(crate) fn answer(metrics: &Arc<Metrics>, part: Part, headers: &impl Headers) -> EndpointAnswer {
    let list = |name| {
        let mut values = Vec::new();
        headers.each(name, &mut |value| values.push(String::from_utf8_lossy(value).into_owned()));
        values.join(",")
    };
    let chosen = Representation::negotiate(&list("accept"), &list("accept-encoding"));
    let body = Body::Chunks(Box::pin(metrics.stream_part(part, chosen)));
    let mut answer = EndpointAnswer::new(200, chosen.content_type(), body);
    answer.headers.push(("vary", "accept, accept-encoding"));
    let encoding = chosen.content_encoding().map(|encoding| ("content-encoding", encoding));
    answer.headers.extend(encoding);
    answer
}

/// A report as JSON, made where no request waits for it.
pub(crate) async fn json<R: Serialize + 'static>(
    metrics: &Arc<Metrics>,
    report: fn(&Metrics) -> R,
) -> EndpointAnswer {
    let metrics = Arc::clone(metrics);
    // Nothing in them can fail to be written.
    let write = move || serde_json::to_vec(&report(&metrics)).unwrap_or_default();
    match Handle::try_current() {
        Ok(runtime) => match runtime.spawn_blocking(write).await {
            Ok(body) => EndpointAnswer::new(200, "application/json", Body::Whole(body)),
            // The runtime ends.
            Err(_) => EndpointAnswer::new(503, "application/json", Body::Whole(b"{}".to_vec())),
        },
        Err(_) => EndpointAnswer::new(200, "application/json", Body::Whole(write())),
    }
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
        &self.0.signals.metrics.store
    }
}
