use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// How often the wall clock is looked at, in seconds.
const INTERVAL: u64 = 10;
/// What the wall clock may differ before it is followed: two clocks are never read at once.
const TOLERANCE: Duration = Duration::from_millis(10);

/// The one clock that all signals of an installation share.
///
/// Durations come from a monotonic clock. Wall-clock times are that clock plus what the wall clock
/// was ahead of it, so that two stamps of one process keep their order. When the wall
/// clock is set, or the machine slept, this is corrected: a caller that asks for a wall time checks, once in 10
/// seconds, and a difference of 10 ms or more counts from then on.
#[derive(Clone, Debug)]
pub struct Clock {
    started: Instant,
    wall: Arc<Wall>,
    fake: Option<Arc<AtomicU64>>,
}

#[derive(Debug)]
struct Wall {
    /// The wall time at the start, packed, as far as is known today.
    started: AtomicU64,
    /// The uptime when it was looked at, in seconds.
    checked: AtomicU64,
    /// `None`: it is not set by hand.
    read: Option<fn() -> Duration>,
}

impl Clock {
    /// The clock of the operating system.
    #[must_use]
    pub fn system() -> Self {
        Self::new(None, Some(system_time))
    }

    fn new(fake: Option<Arc<AtomicU64>>, read: Option<fn() -> Duration>) -> Self {
        let started = AtomicU64::new(pack(read.unwrap_or(system_time)()));
        let wall = Arc::new(Wall { started, checked: AtomicU64::new(0), read });
        Self { started: Instant::now(), wall, fake }
    }

    /// A clock that stands still until [`FakeClock::advance`] moves it.
    #[must_use]
    pub fn fake() -> (Self, FakeClock) {
        let nanos = Arc::new(AtomicU64::new(0));
        (Self::new(Some(nanos.clone()), None), FakeClock(nanos))
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
        let uptime = at.saturating_duration_since(self.started);
        let checked = self.wall.checked.load(Ordering::Relaxed);
        if uptime.as_secs() >= checked + INTERVAL {
            self.check(checked);
        }
        unpack(self.wall.started.load(Ordering::Relaxed)) + uptime
    }

    /// Looks at the wall clock, unless another thread does.
    #[cold]
    fn check(&self, checked: u64) {
        let Wall { started, checked: last, read: Some(read) } = &*self.wall else { return };
        let before = self.uptime();
        let now = before.as_secs();
        if last.compare_exchange(checked, now, Ordering::Relaxed, Ordering::Relaxed).is_err() {
            return;
        }
        let new = read().saturating_sub(before);
        let known = unpack(started.load(Ordering::Relaxed));
        // The thread may have been taken off its core in between: then it says nothing.
        if self.uptime() - before < TOLERANCE && new.abs_diff(known) >= TOLERANCE {
            started.store(pack(new), Ordering::Relaxed);
        }
    }
}

fn system_time() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

/// Seconds and nanoseconds in one word, without the division that a number of nanoseconds costs.
const fn pack(time: Duration) -> u64 {
    time.as_secs() << 30 | time.subsec_nanos() as u64
}

#[inline]
const fn unpack(packed: u64) -> Duration {
    Duration::new(packed >> 30, (packed & ((1 << 30) - 1)) as u32)
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

    #[test]
    fn a_wall_clock_that_is_set_is_followed_within_ten_seconds() {
        const START: Duration = Duration::from_secs(1_000_000);
        /// What the wall clock says, in milliseconds.
        static WALL: AtomicU64 = AtomicU64::new(0);
        let wall = || START + Duration::from_millis(WALL.load(Ordering::Relaxed));
        let hand = FakeClock(Arc::default());
        let clock = Clock::new(Some(hand.0.clone()), Some(wall));
        let start = clock.now();
        // Seconds that pass, what the wall clock then says in ms, and what is said of it.
        for (seconds, wall, said) in [
            (9, 0, 9_000),
            // Two clocks that are read one after the other always differ.
            (1, 10_009, 10_000),
            (9, 3_600_000, 19_000),
            (1, 3_600_000, 3_600_000),
            (5, 3_605_000, 3_605_000),
            // Back, after a pause.
            (3600, 1_000, 1_000),
        ] {
            hand.advance(Duration::from_secs(seconds));
            WALL.store(wall, Ordering::Relaxed);
            assert_eq!(clock.unix(clock.now()), START + Duration::from_millis(said));
        }
        assert_eq!(clock.clone().unix(clock.now()), START + Duration::from_secs(1), "clones agree");
        assert_eq!(clock.unix(clock.now()) - clock.unix(start), clock.now() - start);
    }

    #[test]
    fn nobody_sets_a_fake_clock() {
        let (clock, hand) = Clock::fake();
        let start = clock.unix(clock.now());
        hand.advance(Duration::from_secs(3600));
        assert_eq!(clock.unix(clock.now()) - start, Duration::from_secs(3600));
    }
}
