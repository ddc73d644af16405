use std::fmt::{self, Debug, Formatter};
use std::sync::Arc;
use std::time::Duration;

use obs_core::{Clock, FakeClock, ServiceIdentity};

use super::{Histogram, Readings};
use crate::{Metrics, MetricsSettings};

/// Metrics for one test, on a clock that stands still.
pub struct Recorder {
    metrics: Arc<Metrics>,
    clock: FakeClock,
}

impl Recorder {
    /// Metrics with the default settings.
    #[must_use]
    pub fn new() -> Self {
        Self::with_settings(&MetricsSettings::default())
    }

    /// The same with settings of your own.
    #[must_use]
    pub fn with_settings(settings: &MetricsSettings) -> Self {
        let (clock, hand) = Clock::fake();
        let metrics = Metrics::with_clock(settings, &ServiceIdentity::default(), clock);
        Self { metrics: Arc::new(metrics), clock: hand }
    }

    /// The metrics, for what is tested.
    #[must_use]
    pub fn metrics(&self) -> &Arc<Metrics> {
        &self.metrics
    }

    /// Lets time pass.
    pub fn advance(&self, by: Duration) {
        self.clock.advance(by);
    }

    /// All series as they are now.
    #[must_use]
    pub fn read(&self) -> Readings {
        Readings::of(&self.metrics)
    }

    /// What was added since `before`: see [`Readings::since`].
    #[must_use]
    pub fn since(&self, before: &Readings) -> Readings {
        self.read().since(before)
    }

    /// See [`Readings::value`].
    ///
    /// # Panics
    /// If `selector` is not one.
    #[track_caller]
    #[must_use]
    pub fn value(&self, selector: &str) -> Option<f64> {
        self.read().value(selector)
    }

    /// See [`Readings::histogram`].
    ///
    /// # Panics
    /// If `selector` is not one.
    #[track_caller]
    #[must_use]
    pub fn histogram(&self, selector: &str) -> Option<Histogram> {
        self.read().histogram(selector)
    }

    /// See [`Readings::assert`].
    ///
    /// # Panics
    /// If there is another value or none, or `selector` is not one.
    #[track_caller]
    pub fn assert(&self, selector: &str, expected: impl Into<f64>) {
        self.read().assert(selector, expected);
    }
}

impl Default for Recorder {
    fn default() -> Self {
        Self::new()
    }
}

impl Debug for Recorder {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder").field("metrics", &self.metrics).finish_non_exhaustive()
    }
}
