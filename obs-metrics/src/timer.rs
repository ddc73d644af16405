use std::time::{Duration, Instant};

use crate::Metrics;

/// Measures the time until it is dropped, however that comes about.
#[must_use = "it measures until it is dropped"]
pub struct Timer<'m, T> {
    /// `None` without a handle: the clock is not read.
    running: Option<(&'m Metrics, Instant)>,
    pub(crate) what: T,
    record: fn(&Metrics, &T, Duration),
}

impl<'m, T> Timer<'m, T> {
    pub(crate) fn start(
        metrics: Option<&'m Metrics>,
        what: T,
        record: fn(&Metrics, &T, Duration),
    ) -> Self {
        let running = metrics.map(|metrics| (metrics, metrics.now()));
        Self { running, what, record }
    }

    /// Ends the measurement; the same as dropping it.
    pub fn stop(self) {}
}

impl<T> Drop for Timer<'_, T> {
    fn drop(&mut self) {
        if let Some((metrics, start)) = self.running {
            let time = metrics.now().saturating_duration_since(start);
            (self.record)(metrics, &self.what, time);
        }
    }
}

impl<T> std::fmt::Debug for Timer<'_, T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Timer").finish_non_exhaustive()
    }
}
