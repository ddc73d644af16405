use std::time::Duration;

const FIRST: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_secs(30);
/// What a backend may ask for.
const LONGEST_ASKED: Duration = Duration::from_secs(600);

/// The breaker of a pipeline: after every failure the next attempt is further away, whichever batch
/// it is for.
#[derive(Debug, Default)]
pub(crate) struct Backoff {
    failures: u32,
}

impl Backoff {
    pub(crate) fn succeeded(&mut self) {
        self.failures = 0;
    }

    /// How long to wait after one more failure: doubled each time, with a quarter of jitter in both
    /// directions, and not less than the backend `asked` for.
    pub(crate) fn failed(&mut self, asked: Option<Duration>) -> Duration {
        let delay = FIRST.saturating_mul(1 << self.failures.min(16)).min(LONGEST);
        self.failures = self.failures.saturating_add(1);
        let delay = delay.mul_f64(0.75 + fastrand::f64() / 2.0);
        delay.max(asked.unwrap_or_default().min(LONGEST_ASKED))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grows_stays_bounded_and_starts_again() {
        let mut backoff = Backoff::default();
        for expected in [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000] {
            let delay = backoff.failed(None).as_secs_f64() * 1000.0 / f64::from(expected);
            assert!((0.75..=1.25).contains(&delay), "{delay} of {expected}");
        }
        backoff.failures = u32::MAX;
        assert!(backoff.failed(None) <= LONGEST.mul_f64(1.25));
        backoff.succeeded();
        assert!(backoff.failed(None) < Duration::from_secs(1));
        assert_eq!(backoff.failed(Some(Duration::from_secs(77))), Duration::from_secs(77));
        assert_eq!(backoff.failed(Some(Duration::MAX)), LONGEST_ASKED);
    }
}
