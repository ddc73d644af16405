use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// A token bucket in one number: the time at which it will be full again, in nanoseconds.
///
/// Known as the [generic cell rate algorithm](https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm).
#[derive(Debug)]
pub(crate) struct Budget {
    per_token: u64,
    per_bucket: u64,
    full_at: AtomicU64,
}

impl Budget {
    /// `rate` tokens per second, two and a half times as many at once.
    pub(crate) fn new(rate: u32) -> Self {
        let rate = u64::from(rate.max(1));
        let per_token = 1_000_000_000 / rate;
        Self { per_token, per_bucket: per_token * (rate * 5 / 2), full_at: AtomicU64::new(0) }
    }

    /// Takes a token, if there is one. `now` is any time that does not run backwards.
    pub(crate) fn take(&self, now: Duration) -> bool {
        let now = u64::try_from(now.as_nanos()).unwrap_or(u64::MAX / 2);
        let take = |full_at: u64| {
            let next = full_at.max(now) + self.per_token;
            (next <= now + self.per_bucket).then_some(next)
        };
        self.full_at.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(budget: &Budget, now: Duration) -> usize {
        (0..1000).take_while(|_| budget.take(now)).count()
    }

    #[test]
    fn a_burst_then_the_rate_and_never_more_than_a_burst() {
        let budget = Budget::new(20);
        let second = Duration::from_secs(1);
        assert_eq!(taken(&budget, Duration::ZERO), 50);
        assert_eq!(taken(&budget, second), 20);
        assert_eq!(taken(&budget, second * 3600), 50);
        let slow = Budget::new(1);
        assert_eq!((taken(&slow, second), taken(&slow, second * 2)), (2, 1));
    }
}
