//! How checks run: concurrent, bounded, cached, once for all probers.

mod common;

use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use common::{failing, health, json, passing, slow, uncached, with_fake_clock};
use obs_health::{Check, HealthSettings};
use tokio::time::Instant;

const HUNDRED: Duration = Duration::from_millis(100);

#[tokio::test(start_paused = true)]
async fn checks_run_concurrently() {
    let health = health(HealthSettings::default());
    health.add(slow("database", HUNDRED).0);
    health.add(slow("cache", HUNDRED).0);
    let began = Instant::now();
    assert_eq!(health.ready().await.status, 200);
    assert!(began.elapsed() < Duration::from_millis(110), "{:?}", began.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_check_that_hangs_fails_at_its_timeout_and_leaves_no_task() {
    let health = health(uncached());
    let alive = Arc::new(());
    let held = alive.clone();
    health.add(
        Check::new("database", move || {
            let held = held.clone();
            async move {
                let _held = held;
                pending::<Result<(), String>>().await
            }
        })
        .with_timeout(HUNDRED),
    );
    for _ in 0..20 {
        let began = Instant::now();
        let ready = health.ready().await;
        assert_eq!(json(&ready)["database"]["error_kind"], "timeout");
        assert!(began.elapsed() < Duration::from_millis(110), "{:?}", began.elapsed());
    }
    tokio::task::yield_now().await;
    assert_eq!(Arc::strong_count(&alive), 2, "the test's and the closure's");
}

#[tokio::test(start_paused = true)]
async fn the_timeout_of_the_settings_holds_for_checks_without_their_own() {
    let health = health(HealthSettings { check_timeout: HUNDRED, ..HealthSettings::default() });
    health.add(Check::new("database", pending::<Result<(), String>>));
    health.add(Check::new("zero", pending::<Result<(), String>>).with_timeout(Duration::ZERO));
    let began = Instant::now();
    assert_eq!(health.ready().await.status, 503);
    assert!(began.elapsed() < Duration::from_millis(110), "{:?}", began.elapsed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn a_check_that_blocks_its_thread_is_a_timeout_and_is_not_started_twice() {
    let health = health(uncached());
    let runs = Arc::new(AtomicUsize::new(0));
    let (let_go, wait) = std::sync::mpsc::channel::<()>();
    let (counter, wait) = (runs.clone(), std::sync::Mutex::new(wait));
    health.add(
        Check::new("disk", move || {
            counter.fetch_add(1, Ordering::Relaxed);
            // Bounded: a second run would otherwise block every worker and hang the test.
            let _ = wait.lock().unwrap().recv_timeout(Duration::from_secs(5));
            async { Ok::<_, String>(()) }
        })
        .with_timeout(Duration::from_millis(20)),
    );
    for _ in 0..3 {
        assert_eq!(json(&health.ready().await)["disk"]["error_kind"], "timeout");
    }
    assert_eq!(runs.load(Ordering::Relaxed), 1);
    drop(let_go);
    while health.ready().await.status != 200 {}
}

#[tokio::test]
async fn a_panic_in_the_call_or_in_the_future_is_a_failed_check() {
    let health = health(uncached());
    health.add(Check::new("call", || -> std::future::Ready<Result<(), String>> {
        panic!("in the call")
    }));
    health.add(Check::new("future", || async {
        if true {
            panic!("in the future");
        }
        Ok::<_, String>(())
    }));
    health.add(passing("database"));
    for _ in 0..2 {
        let ready = health.ready().await;
        assert_eq!(ready.status, 503);
        let body = json(&ready);
        assert_eq!(body["call"]["error_kind"], "panic");
        assert_eq!(body["future"]["error_kind"], "panic");
        assert_eq!(body["database"]["status"], "healthy");
    }
}

#[tokio::test]
async fn a_result_is_served_until_it_is_too_old() {
    let (health, hand) = with_fake_clock(HealthSettings::default());
    let (check, runs) = slow("database", Duration::ZERO);
    health.add(check);
    for _ in 0..3 {
        health.ready().await;
        health.health().await;
    }
    hand.advance(Duration::from_millis(999));
    health.ready().await;
    assert_eq!(runs.load(Ordering::Relaxed), 1);
    hand.advance(Duration::from_millis(1));
    health.ready().await;
    assert_eq!(runs.load(Ordering::Relaxed), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_probers_at_once_cause_one_run() {
    let health = health(uncached());
    let (check, runs) = slow("database", Duration::from_millis(300));
    health.add(check);
    let probers: Vec<_> = (0..100)
        .map(|number| {
            let health = health.clone();
            tokio::spawn(async move {
                match number % 2 {
                    0 => health.ready().await.status,
                    _ => health.health().await.status,
                }
            })
        })
        .collect();
    for prober in probers {
        assert_eq!(prober.await.unwrap(), 200);
    }
    assert_eq!(runs.load(Ordering::Relaxed), 1);
}

#[tokio::test(start_paused = true)]
async fn a_prober_that_leaves_changes_nothing() {
    let (health, _hand) = with_fake_clock(HealthSettings::default());
    let (check, runs) = slow("database", HUNDRED);
    health.add(check);
    let left = tokio::time::timeout(Duration::from_millis(10), health.ready()).await;
    assert!(left.is_err());
    let ready = health.ready().await;
    assert_eq!(json(&ready)["database"]["status"], "healthy");
    assert_eq!(runs.load(Ordering::Relaxed), 1, "the run went on");
}

#[tokio::test]
async fn a_check_may_be_added_and_replaced_while_running() {
    let (health, _hand) = with_fake_clock(HealthSettings::default());
    health.add(failing("database"));
    assert_eq!(health.ready().await.status, 503);
    health.add(passing("database"));
    assert_eq!(health.ready().await.status, 200, "the old result went with the check");
    health.add(failing("cache"));
    let ready = health.ready().await;
    assert_eq!(ready.status, 503, "a new check is not hidden by the cache");
    assert_eq!(json(&ready).as_object().unwrap().len(), 2);
}

#[test]
fn a_run_lost_with_its_runtime_is_run_again_on_another() {
    let (health, _hand) = with_fake_clock(HealthSettings::default());
    let (check, runs) = slow("database", HUNDRED);
    health.add(check);
    let runtime = || {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        runtime.enable_time().build().unwrap()
    };
    runtime().block_on(async {
        let left = tokio::time::timeout(Duration::from_millis(10), health.ready()).await;
        assert!(left.is_err());
    });
    assert_eq!(runtime().block_on(health.ready()).status, 200);
    assert_eq!(runs.load(Ordering::Relaxed), 2);
}

#[test]
fn without_a_runtime_a_check_fails_and_nothing_panics() {
    let health = health(HealthSettings::default());
    health.add(passing("database"));
    let mut probe = std::pin::pin!(health.ready());
    let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
    let std::task::Poll::Ready(ready) = probe.as_mut().poll(&mut cx) else {
        panic!("waits for a run that cannot be");
    };
    assert_eq!(
        (ready.status, json(&ready)["database"]["error_kind"].as_str()),
        (503, Some("error"))
    );
}
