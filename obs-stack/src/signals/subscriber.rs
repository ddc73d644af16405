//! The `tracing` subscriber of the process: the application's spans, for lines and for export.

use std::sync::Arc;

use obs_core::spans::SpanLayer;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::registry;
use tracing_subscriber::util::SubscriberInitExt as _;

use super::logging;
use super::signal::{self, Assembly};
use crate::setup::InstallError;

pub(crate) type Signal = SpanLayer;

impl signal::Signal for Signal {
    fn join(assembly: &mut Assembly<'_>) -> Self {
        let spans = Self::new(assembly.clock.clone(), assembly.spans.take());
        assembly.sources.push(Arc::new(spans.clone()));
        spans
    }
}

#[cfg(feature = "logging")]
pub(super) fn install(spans: &SpanLayer, logging: &logging::Signal) -> Result<(), InstallError> {
    let subscriber = registry().with(spans.clone()).with(logging.layer()).with(logging.filter());
    subscriber.try_init().map_err(|_| InstallError::Subscriber)
}

/// Who has left logging out may well log in another way, with a subscriber of their own.
#[cfg(not(feature = "logging"))]
pub(super) fn install(spans: &SpanLayer, _: &logging::Signal) -> Result<(), InstallError> {
    let subscriber = registry().with(spans.clone()).with(super::notices::Notices);
    if subscriber.try_init().is_err() {
        obs_core::notice::warn(
            "a tracing subscriber is already set: only the spans of requests and jobs are \
             exported, not those of the application",
        );
    }
    Ok(())
}
