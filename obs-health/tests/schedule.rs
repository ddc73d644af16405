//! Checks that run by themselves, whatever probes ask for.

mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use common::{health, json, passing, shutdown, slow, uncached};
use obs_core::Clock;
use obs_core::source::{Collector, Family, Source, Value};
use obs_health::{Check, Health, HealthSettings};
use tokio::time::sleep;

const INTERVAL: Duration = Duration::from_secs(10);

/// `health_check_status` by check.
#[derive(Default)]
struct Statuses(bool, Vec<(String, u64)>);

impl Collector for Statuses {
    fn family(&mut self, family: &Family<'_>) {
        self.0 = family.name == "health_check_status";
    }

    fn sample(&mut self, labels: &[(&str, &str)], value: Value<'_>) {
        if let (true, Value::Integer(passed)) = (self.0, value) {
            self.1.push((labels[0].1.to_owned(), passed));
        }
    }
}

fn statuses(health: &Health) -> Vec<(String, u64)> {
    let mut statuses = Statuses::default();
    health.collect(&mut statuses);
    statuses.1
}

#[tokio::test(start_paused = true)]
async fn without_a_probe_every_check_runs_at_once_and_then_every_interval() {
    let health = health(uncached());
    let (critical, runs) = slow("database", Duration::ZERO);
    health.add(critical);
    health.start();
    health.start();
    sleep(Duration::from_millis(1)).await;
    assert_eq!(statuses(&health), [("database".to_owned(), 1)]);

    // Added later: it does not wait for the next tick.
    health.add(Check::new("payments", || async { Err("down") }).optional());
    sleep(Duration::from_millis(1)).await;
    assert_eq!(statuses(&health), [("database".to_owned(), 1), ("payments".to_owned(), 0)]);
    assert_eq!(runs.load(Ordering::Relaxed), 2, "at the start, and beside the new one");

    sleep(INTERVAL * 3).await;
    assert_eq!(runs.load(Ordering::Relaxed), 5);
}

// In real time: the age of a reading is not that of tokio's clock.
#[tokio::test]
async fn a_cache_that_is_longer_than_the_interval_does_not_slow_the_schedule() {
    let (cache, interval) = (Duration::from_secs(600), Duration::from_millis(20));
    let health = health(HealthSettings { cache, interval, ..uncached() });
    let (critical, runs) = slow("database", Duration::ZERO);
    health.add(critical);
    health.start();
    let four_runs = async {
        while runs.load(Ordering::Relaxed) < 4 {
            sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), four_runs).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_check_never_runs_twice_at_the_same_time() {
    let health = health(uncached());
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (inside, highest) = (Arc::clone(&now), Arc::clone(&most));
    let check = move || {
        let (inside, highest) = (Arc::clone(&inside), Arc::clone(&highest));
        async move {
            highest.fetch_max(inside.fetch_add(1, Ordering::Relaxed) + 1, Ordering::Relaxed);
            sleep(INTERVAL * 2).await;
            inside.fetch_sub(1, Ordering::Relaxed);
            Ok::<_, String>(())
        }
    };
    health.add(Check::new("slow", check).with_timeout(INTERVAL * 4));
    health.start();
    for _ in 0..5 {
        sleep(INTERVAL).await;
        assert_eq!(health.ready().await.status, 200);
    }
    assert_eq!(most.load(Ordering::Relaxed), 1);
}

#[tokio::test(start_paused = true)]
async fn it_ends_when_the_shutdown_begins_and_when_nobody_holds_the_health() {
    let shutdown = shutdown();
    let first = Health::new(uncached(), Clock::system(), shutdown.clone());
    let (check, runs) = slow("database", Duration::ZERO);
    first.add(check);
    first.start();
    sleep(INTERVAL).await;
    shutdown.begin();
    let before = runs.load(Ordering::Relaxed);
    sleep(INTERVAL * 10).await;
    first.start();
    sleep(INTERVAL * 10).await;
    assert_eq!((before > 0, runs.load(Ordering::Relaxed)), (true, before));

    let second = health(uncached());
    let (check, runs) = slow("database", Duration::ZERO);
    second.add(check);
    second.start();
    drop(second);
    sleep(INTERVAL * 10).await;
    assert_eq!(Arc::strong_count(&runs), 1, "the check is gone");
}

#[test]
fn it_needs_a_runtime_and_takes_the_next_one() {
    let health = health(uncached());
    health.add(passing("database"));
    health.start();
    assert_eq!(statuses(&health), []);
    for _ in 0..2 {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        health.add(passing("database"));
        assert_eq!(statuses(&health), [], "a new check has no result");
        runtime.block_on(async {
            health.start();
            while statuses(&health).is_empty() {
                sleep(Duration::from_millis(1)).await;
            }
        });
    }
    // Without timers: nothing that a caller would notice.
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        health.start();
        tokio::task::yield_now().await;
        health.start();
    });
}

#[tokio::test(start_paused = true)]
async fn a_check_that_panics_is_a_failed_one_and_the_others_go_on() {
    let health = health(uncached());
    health.add(Check::new("bad", || async {
        if true {
            panic!("inside of a check");
        }
        Ok::<_, String>(())
    }));
    let (check, runs) = slow("good", Duration::ZERO);
    health.add(check);
    health.start();
    sleep(INTERVAL * 3).await;
    assert_eq!(statuses(&health), [("bad".to_owned(), 0), ("good".to_owned(), 1)]);
    assert!(runs.load(Ordering::Relaxed) >= 3);
    assert_eq!(json(&health.ready().await)["bad"]["error_kind"], "panic");
}

#[tokio::test(start_paused = true)]
async fn an_interval_of_zero_is_no_schedule() {
    let health = health(HealthSettings { interval: Duration::ZERO, ..uncached() });
    health.add(passing("database"));
    health.start();
    sleep(INTERVAL * 10).await;
    assert_eq!(statuses(&health), []);
}
