use std::sync::Arc;

use tracing_core::metadata::LevelFilter;
use tracing_core::subscriber::Interest;
use tracing_core::{Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;

use crate::Levels;

/// What the whole subscriber sees: events by their [`Levels`], spans from INFO up in any case.
///
/// Exported spans then do not depend on `RUST_LOG`; more verbose spans are on where the levels say
/// so. As a layer it filters for all layers. A callsite is judged once, at its first use: what is
/// off costs a few instructions from then on.
#[derive(Clone, Debug)]
pub struct LogFilter(Arc<Levels>);

impl LogFilter {
    pub(crate) fn new(levels: Arc<Levels>) -> Self {
        Self(levels)
    }

    fn sees(&self, metadata: &Metadata<'_>) -> bool {
        let span = metadata.is_span() && *metadata.level() <= LevelFilter::INFO;
        span || self.0.enables(metadata)
    }
}

impl<S: Subscriber> Layer<S> for LogFilter {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        if self.sees(metadata) { Interest::always() } else { Interest::never() }
    }

    fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
        self.sees(metadata)
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(self.0.most().max(LevelFilter::INFO))
    }
}
