//! Which events and spans are seen: by the whole subscriber, or by the layers of this crate alone.

use std::sync::Arc;

use tracing_core::metadata::LevelFilter;
use tracing_core::subscriber::Interest;
use tracing_core::{Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, Filter};

use crate::Levels;

/// Sees events by their [`Levels`], and spans from INFO up in any case.
///
/// Exported spans then do not depend on `RUST_LOG`; more verbose spans are on where the levels say
/// so. A callsite is judged once, at its first use: what is off costs a few instructions from then on.
///
/// As a [`Layer`] it filters for all layers of a subscriber. That is the cheapest form, for a subscriber
/// with layers of this workspace only. As a [`Filter`] it is given to `with_filter` of the layers that it
/// is to filter, and all others see everything.
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

    fn interest(&self, metadata: &Metadata<'_>) -> Interest {
        if self.sees(metadata) { Interest::always() } else { Interest::never() }
    }

    fn most(&self) -> LevelFilter {
        self.0.most().max(LevelFilter::INFO)
    }
}

impl<S: Subscriber> Layer<S> for LogFilter {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        self.interest(metadata)
    }

    fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
        self.sees(metadata)
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(self.most())
    }
}

impl<S> Filter<S> for LogFilter {
    fn callsite_enabled(&self, metadata: &'static Metadata<'static>) -> Interest {
        self.interest(metadata)
    }

    fn enabled(&self, metadata: &Metadata<'_>, _: &Context<'_, S>) -> bool {
        self.sees(metadata)
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(self.most())
    }
}
