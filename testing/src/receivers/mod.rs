//! Stands in for a tracing backend and an error tracker: takes what a service exports.

mod body;
mod envelope;
mod metrics;
mod otlp;
mod receiver;

use anyhow::Result;

pub use self::{
    envelope::Event,
    metrics::Point,
    otlp::Span,
    receiver::{Received, Receiver},
};

/// Both receivers; dropping them closes their ports.
pub struct Receivers {
    /// For `OTEL_EXPORTER_OTLP_ENDPOINT`, by HTTP.
    pub traces: Receiver<Span>,
    /// For `SENTRY_DSN`, with any key and any project.
    pub errors: Receiver<Event>,
}

impl Receivers {
    /// Both on free ports of 127.0.0.1.
    ///
    /// # Errors
    /// If there is no free port.
    pub async fn start() -> Result<Self> {
        Ok(Self {
            traces: Receiver::start(otlp::take).await?,
            errors: Receiver::start(envelope::take).await?,
        })
    }
}

/// For `OTEL_EXPORTER_OTLP_METRICS_ENDPOINT`, by HTTP, on a free port of 127.0.0.1.
///
/// # Errors
/// If there is no free port.
pub async fn metrics() -> Result<Receiver<Point>> {
    Receiver::start(metrics::take).await
}

/// For `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`, by HTTP, on a free port of 127.0.0.1.
///
/// # Errors
/// If there is no free port.
pub async fn traces() -> Result<Receiver<Span>> {
    Receiver::start(otlp::take).await
}
