use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// The one clock that all signals of an installation share.
///
/// Durations come from a monotonic clock. Wall-clock times are that clock plus the wall time at
/// creation, so that two stamps of one process never run backwards.
#[derive(Clone, Debug)]
pub struct Clock {
    started: Instant,
    started_unix: Duration,
    fake: Option<Arc<AtomicU64>>,
}

impl Clock {
    /// The clock of the operating system.
    #[must_use]
    pub fn system() -> Self {
        Self {
            started: Instant::now(),
            started_unix: SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default(),
            fake: None,
        }
    }

    /// A clock that stands still until [`FakeClock::advance`] moves it.
    #[must_use]
    pub fn fake() -> (Self, FakeClock) {
        let nanos = Arc::new(AtomicU64::new(0));
        (Self { fake: Some(nanos.clone()), ..Self::system() }, FakeClock(nanos))
    }

    /// The present.
    #[inline]
    #[must_use]
    pub fn now(&self) -> Instant {
        match &self.fake {
            None => Instant::now(),
            Some(nanos) => self.started + Duration::from_nanos(nanos.load(Ordering::Relaxed)),
        }
    }

    /// Time since this clock was made.
    #[must_use]
    pub fn uptime(&self) -> Duration {
        self.now().saturating_duration_since(self.started)
    }

    /// The wall time of a stamp of this clock, as time since the Unix epoch.
    #[inline]
    #[must_use]
    pub fn unix(&self, at: Instant) -> Duration {
        self.started_unix + at.saturating_duration_since(self.started)
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::system()
    }
}

/// Moves the [`Clock`] it was made with.
#[derive(Clone, Debug)]
pub struct FakeClock(Arc<AtomicU64>);

impl FakeClock {
    /// Moves the clock forward.
    pub fn advance(&self, by: Duration) {
        let nanos = u64::try_from(by.as_nanos()).unwrap_or(u64::MAX);
        self.0.fetch_add(nanos, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fake_time_moves_only_when_told() {
        let (clock, hand) = Clock::fake();
        let start = clock.now();
        assert_eq!(clock.now(), start);
        hand.advance(Duration::from_millis(1500));
        assert_eq!(clock.now() - start, Duration::from_millis(1500));
        assert_eq!(clock.uptime(), Duration::from_millis(1500));
        assert_eq!(clock.unix(clock.now()) - clock.unix(start), Duration::from_millis(1500));
    }
}
