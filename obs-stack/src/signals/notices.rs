//! What stands in for the log where the feature `logging` is off.

use tracing_core::field::Field;
use tracing_core::metadata::LevelFilter;
use tracing_core::subscriber::Interest;
use tracing_core::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, Filter};

/// What is seen without a log: spans from INFO up, as with one, and what the library itself has to
/// say, on standard error.
#[derive(Clone, Copy, Debug)]
pub(super) struct Notices;

impl Notices {
    fn sees(metadata: &Metadata<'_>) -> bool {
        let wanted = metadata.is_span() || metadata.target() == "obs";
        wanted && *metadata.level() <= LevelFilter::INFO
    }

    fn interest(metadata: &Metadata<'_>) -> Interest {
        if Self::sees(metadata) { Interest::always() } else { Interest::never() }
    }
}

/// Beside layers of the application, which see everything.
impl<S> Filter<S> for Notices {
    fn callsite_enabled(&self, metadata: &'static Metadata<'static>) -> Interest {
        Self::interest(metadata)
    }

    fn enabled(&self, metadata: &Metadata<'_>, _: &Context<'_, S>) -> bool {
        Self::sees(metadata)
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(LevelFilter::INFO)
    }
}

impl<S: Subscriber> Layer<S> for Notices {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        Self::interest(metadata)
    }

    fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
        Self::sees(metadata)
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(LevelFilter::INFO)
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let urgent = if *event.metadata().level() <= Level::WARN { "warning: " } else { "" };
        event.record(&mut |field: &Field, value: &dyn std::fmt::Debug| {
            if field.name() == "message" {
                obs_core::notice::on_stderr(&format!("{urgent}{value:?}"));
            }
        });
    }
}
