//! The `tracing` subscriber of the process: the application's spans, for log lines and for export, beside
//! the layers that the application has already.

use std::sync::Arc;

use obs_core::spans::SpanLayer;
use tracing_core::{Dispatch, Subscriber, dispatcher};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::{Layer, Registry, registry};

use super::logging;
use super::signal::{self, Assembly};
use crate::obs::Obs;
use crate::setup::{InstallError, Setup};

pub(crate) type Signal = SpanLayer;

/// The layers that the application gave to [`Setup::with_layer`].
#[derive(Default)]
pub(crate) struct Foreign(Vec<Box<dyn Layer<Registry> + Send + Sync>>);

impl std::fmt::Debug for Foreign {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Foreign").field(&self.0.len()).finish()
    }
}

impl signal::Signal for Signal {
    fn join(assembly: &mut Assembly<'_>) -> Self {
        let spans = Self::new(assembly.clock.clone(), assembly.spans.take());
        assembly.sources.push(Arc::new(spans.clone()));
        spans
    }
}

impl Setup {
    /// Adds a layer of your own to the subscriber that [`install`](Self::install) sets: `ErrorLayer`,
    /// `sentry_tracing::layer()`, `tracing_opentelemetry::layer()`, a file, the tokio console. Call it
    /// once for each layer; they see spans and events in the order of the calls, and before our own.
    ///
    /// `RUST_LOG` does not apply to your layers: give one that should see less a filter of its own by
    /// `with_filter`. A layer that is itself a filter, such as a bare `EnvFilter`, filters for all layers,
    /// ours too. With a layer of yours every span costs more, since our filter then is for our layers
    /// alone and no longer for the whole subscriber.
    ///
    /// [`build`](Self::build) sets no subscriber and drops the layers. To keep the subscriber in your own
    /// hands, use [`install_without_subscriber`](Self::install_without_subscriber).
    ///
    /// ```no_run
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let my_layer = tracing_subscriber::layer::Identity::new();
    /// let obs = obs_stack::Obs::from_env()?
    ///     .with_layer(my_layer)          // such as tracing_error::ErrorLayer::default()
    ///     .install()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn with_layer(mut self, layer: impl Layer<Registry> + Send + Sync) -> Self {
        self.layers.0.push(Box::new(layer));
        self
    }

    /// Like [`install`](Self::install), but sets no `tracing` subscriber: add the layer that it returns to
    /// yours. It records spans and writes log lines, filtered by `RUST_LOG`; your layers see everything.
    ///
    /// What is logged between this call and the setting of your subscriber is not seen by anything.
    /// Records of the `log` crate become lines if your subscriber takes them: the `init` of
    /// tracing-subscriber does, with its default feature `tracing-log`; otherwise call
    /// `tracing_log::LogTracer::init()`.
    ///
    /// ```no_run
    /// use tracing_subscriber::layer::SubscriberExt;
    /// use tracing_subscriber::util::SubscriberInitExt;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let my_layer = tracing_subscriber::layer::Identity::new();
    /// let (obs, layer) = obs_stack::Obs::from_env()?.install_without_subscriber()?;
    /// tracing_subscriber::registry().with(layer).with(my_layer).init();
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`InstallError`] as for [`install`](Self::install), without the one for the subscriber, and
    /// [`InstallError::Layers`] if layers were given to [`with_layer`](Self::with_layer).
    pub fn install_without_subscriber<S>(
        self,
    ) -> Result<(Obs, impl Layer<S> + Send + Sync), InstallError>
    where
        S: Subscriber + for<'span> LookupSpan<'span>,
    {
        if !self.layers.0.is_empty() {
            return Err(InstallError::Layers);
        }
        let obs = self.start(|signals, _| signals.install_beside_subscriber())?;
        let layer = obs.0.signals.layer();
        Ok((obs, layer))
    }
}

/// Sets the subscriber of the process, and nothing else: other than `try_init` of tracing-subscriber, which
/// also sets a logger if any crate of the tree turned that on.
fn set(subscriber: impl Subscriber + Send + Sync) -> Result<(), InstallError> {
    dispatcher::set_global_default(Dispatch::new(subscriber)).map_err(|_| InstallError::Subscriber)
}

/// Our layers for a subscriber with others, which they leave alone.
#[cfg(feature = "logging")]
pub(super) fn layer<S>(
    spans: &SpanLayer,
    logging: &logging::Signal,
) -> impl Layer<S> + Send + Sync + use<S>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    spans.clone().and_then(logging.layer()).with_filter(logging.filter())
}

/// Without layers of the application our filter is that of the whole subscriber, which costs least.
#[cfg(feature = "logging")]
pub(super) fn install(
    spans: &SpanLayer,
    logging: &logging::Signal,
    Foreign(theirs): Foreign,
) -> Result<(), InstallError> {
    if theirs.is_empty() {
        set(registry().with(spans.clone()).with(logging.layer()).with(logging.filter()))?;
    } else {
        set(registry().with(theirs).with(layer(spans, logging)))?;
    }
    if let Err(taken) = logging.install_log_crate() {
        obs_core::notice::warn(&taken.to_string());
    }
    Ok(())
}

#[cfg(not(feature = "logging"))]
pub(super) fn layer<S>(
    spans: &SpanLayer,
    _: &logging::Signal,
) -> impl Layer<S> + Send + Sync + use<S>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    spans.clone().with_filter(super::notices::Notices)
}

/// An application without our log may well log in another way, with a subscriber of its own.
#[cfg(not(feature = "logging"))]
pub(super) fn install(
    spans: &SpanLayer,
    _: &logging::Signal,
    Foreign(theirs): Foreign,
) -> Result<(), InstallError> {
    use super::notices::Notices;

    if !theirs.is_empty() {
        let ours = spans.clone().and_then(Notices).with_filter(Notices);
        return set(registry().with(theirs).with(ours));
    }
    if set(registry().with(spans.clone()).with(Notices)).is_err() {
        obs_core::notice::warn(
            "a tracing subscriber is already set: only the spans of requests and jobs are exported, not \
             those of the application. Call `install_without_subscriber` and add its layer to yours",
        );
    }
    Ok(())
}
