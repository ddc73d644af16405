#![allow(dead_code, reason = "each test file uses some of it")]
#![allow(clippy::unwrap_used, reason = "helpers of tests, outside of #[test]")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use obs_core::{Clock, FakeClock, Shutdown};
use obs_health::{Answer, Check, Health, HealthSettings};
use serde_json::Value;

pub(crate) fn health(settings: HealthSettings) -> Health {
    Health::new(settings, Clock::system(), shutdown())
}

pub(crate) fn with_fake_clock(settings: HealthSettings) -> (Health, FakeClock) {
    let (clock, hand) = Clock::fake();
    (Health::new(settings, clock, shutdown()), hand)
}

pub(crate) fn uncached() -> HealthSettings {
    HealthSettings { cache: Duration::ZERO, ..HealthSettings::default() }
}

pub(crate) fn shutdown() -> Shutdown {
    Shutdown::new(Duration::from_secs(30))
}

pub(crate) fn passing(name: &str) -> Check {
    Check::new(name, || async { Ok::<_, String>(()) })
}

pub(crate) fn failing(name: &str) -> Check {
    Check::new(name, || async { Err("host db-7: password hunter2 refused") })
}

/// A check that takes `time` of tokio's clock, with the number of its runs.
pub(crate) fn slow(name: &str, time: Duration) -> (Check, Arc<AtomicUsize>) {
    let runs = Arc::new(AtomicUsize::new(0));
    let counter = runs.clone();
    let check = Check::new(name, move || {
        counter.fetch_add(1, Ordering::Relaxed);
        async move {
            tokio::time::sleep(time).await;
            Ok::<_, String>(())
        }
    });
    (check, runs)
}

pub(crate) fn json(answer: &Answer) -> Value {
    assert_eq!(answer.content_type, "application/json");
    serde_json::from_slice(&answer.body).unwrap()
}
