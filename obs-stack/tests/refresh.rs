//! Gauges that are looked up on a schedule, on a clock that stands still until everybody waits.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests, outside of #[test]")]

use std::fmt;
use std::io;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use obs_metrics::{Format, active_users};
use obs_stack::{Obs, Settings, Setup};
use tokio::time::{Instant, sleep};
use tracing::field::Field;
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;

const EACH: Duration = Duration::from_secs(60);

fn obs() -> Obs {
    Setup::new(Settings::default()).build()
}

/// The value of a series, if it is shown.
fn value(obs: &Obs, series: &str) -> Option<f64> {
    let text = obs.metrics().render(Format::Text);
    let line = text.lines().find(|line| line.starts_with(&format!("{series} ")))?;
    Some(line.rsplit_once(' ').unwrap().1.parse().unwrap())
}

fn errors(obs: &Obs, name: &str) -> Option<f64> {
    value(obs, &format!("refresh_errors_total{{refresh=\"{name}\"}}"))
}

fn last_success(obs: &Obs, name: &str) -> Option<f64> {
    value(obs, &format!("refresh_last_success_timestamp_seconds{{refresh=\"{name}\"}}"))
}

/// What is told on a thread.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    fn lines(&self, with: &str) -> Vec<String> {
        let lines = self.0.lock().unwrap();
        lines.iter().filter(|line| line.contains(with)).cloned().collect()
    }
}

impl<S: Subscriber> Layer<S> for Log {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut text = String::new();
        event.record(&mut |_: &Field, value: &dyn fmt::Debug| text = format!("{value:?}"));
        self.0.lock().unwrap().push(text);
    }
}

#[tokio::test(start_paused = true)]
async fn gauge_refresher_updates() {
    let obs = obs();
    let users = Arc::new(AtomicU32::new(10));
    let (seen, handle) = (Arc::clone(&users), obs.clone());
    obs.every(EACH, "users", move || {
        let (users, obs) = (seen.load(SeqCst), handle.clone());
        async move {
            active_users!(handle: obs.metrics(), "all", "24h", users);
            Ok::<(), io::Error>(())
        }
    });
    let gauge = "active_users{user_type=\"all\",time_window=\"24h\"}";
    sleep(Duration::from_secs(1)).await;
    assert_eq!(value(&obs, gauge), Some(10.0), "at once");
    let first = last_success(&obs, "users").unwrap();
    assert!(first > 1.6e9, "{first}: seconds since 1970");

    users.store(12, SeqCst);
    sleep(Duration::from_secs(58)).await;
    assert_eq!(value(&obs, gauge), Some(10.0), "not before the interval is over");
    sleep(Duration::from_secs(2)).await;
    assert_eq!(value(&obs, gauge), Some(12.0));
    assert_eq!(errors(&obs, "users"), Some(0.0), "shown before the first error");
}

#[tokio::test(start_paused = true)]
async fn an_error_is_told_once_until_it_is_over() {
    let log = Log::default();
    let _log = tracing_subscriber::registry().with(log.clone()).set_default();
    let obs = obs();
    let runs = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&runs);
    obs.every(EACH, "stock", move || {
        let run = count.fetch_add(1, SeqCst);
        async move {
            match run {
                0 | 4 => Ok(()),
                1 => panic!("in a run"),
                2 => Err("postgres://app:hunter2@db/shop is gone"),
                3 => Err("still"),
                _ => Err("again"),
            }
        }
    });
    sleep(EACH * 6 + EACH / 2).await;
    assert_eq!(runs.load(SeqCst), 7);
    assert_eq!(errors(&obs, "stock"), Some(5.0), "a panic is an error, and not the end");
    assert_eq!(log.lines("stock is refreshed every 60s").len(), 1);
    assert_eq!(log.lines("stock was refreshed").len(), 2, "at first, and after the errors");
    let warnings = log.lines("stock is not refreshed");
    assert_eq!(warnings.len(), 2, "{warnings:#?}");
    assert!(warnings[0].contains("it panicked") && warnings[1].contains("again"));
}

#[tokio::test(start_paused = true)]
async fn secrets_of_an_error_are_not_told() {
    let log = Log::default();
    let _log = tracing_subscriber::registry().with(log.clone()).set_default();
    let obs = obs();
    obs.every(EACH, "stock", || async { Err::<(), _>("postgres://app:hunter2@db/shop is gone") });
    sleep(Duration::from_secs(1)).await;
    assert_eq!(log.lines("is gone").len(), 1);
    assert!(log.lines("hunter2").is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_run_that_hangs_is_ended_and_the_next_one_comes() {
    for (interval, limit) in [(Duration::from_secs(5), 5), (Duration::from_secs(300), 30)] {
        let obs = obs();
        let start = Instant::now();
        let (began, ended) = (Arc::new(AtomicU32::new(0)), Arc::new(Mutex::new(Vec::new())));
        let (count, ends) = (Arc::clone(&began), Arc::clone(&ended));
        obs.every(interval, "hanging", move || {
            count.fetch_add(1, SeqCst);
            let end = End(start, Arc::clone(&ends));
            async move {
                let _end = end;
                std::future::pending::<Result<(), fmt::Error>>().await
            }
        });
        sleep(interval * 2 + Duration::from_millis(limit * 1000 + 500)).await;
        let ended = ended.lock().unwrap().clone();
        assert!(ended.len() >= 3, "{ended:?}");
        assert_eq!(ended[0], limit, "of an interval of {interval:?}");
        // One after the other: never two at once.
        let began = began.load(SeqCst) as usize;
        assert!((ended.len()..=ended.len() + 1).contains(&began), "{began} {ended:?}");
        assert!(errors(&obs, "hanging").unwrap() >= 3.0);
        assert_eq!(last_success(&obs, "hanging"), None);
    }
}

/// Notes when a run was dropped.
struct End(Instant, Arc<Mutex<Vec<u64>>>);

impl Drop for End {
    fn drop(&mut self) {
        self.1.lock().unwrap().push(self.0.elapsed().as_secs());
    }
}

/// After a suspended machine there is one run, not one for each that was missed.
#[tokio::test(start_paused = true)]
async fn missed_runs_are_not_made_up_for() {
    let obs = obs();
    let runs = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&runs);
    obs.every(EACH, "users", move || {
        count.fetch_add(1, SeqCst);
        async { Ok::<(), fmt::Error>(()) }
    });
    sleep(Duration::from_secs(1)).await;
    tokio::time::advance(EACH * 10).await;
    sleep(Duration::from_secs(1)).await;
    assert_eq!(runs.load(SeqCst), 2);
}

#[tokio::test(start_paused = true)]
async fn the_shutdown_ends_it_also_in_the_middle_of_a_run() {
    let obs = obs();
    let runs = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&runs);
    let ended = Arc::new(Mutex::new(Vec::new()));
    let end = Arc::clone(&ended);
    let start = Instant::now();
    obs.every(EACH, "users", move || {
        count.fetch_add(1, SeqCst);
        let end = End(start, Arc::clone(&end));
        async move {
            let _end = end;
            sleep(Duration::from_secs(10)).await;
            Ok::<(), fmt::Error>(())
        }
    });
    sleep(Duration::from_secs(3)).await;
    obs.shutdown().begin();
    sleep(EACH * 3).await;
    assert_eq!(runs.load(SeqCst), 1);
    assert_eq!(*ended.lock().unwrap(), [3], "the run was dropped");
}

#[test]
fn without_a_runtime_nothing_happens() {
    let obs = obs();
    obs.every(EACH, "users", || async { Ok::<(), fmt::Error>(()) });
    assert_eq!(errors(&obs, "users"), None);
}

#[tokio::test(start_paused = true)]
async fn an_interval_of_nothing_is_a_millisecond() {
    let obs = obs();
    let runs = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&runs);
    obs.every(Duration::ZERO, "often", move || {
        count.fetch_add(1, SeqCst);
        async { Ok::<(), fmt::Error>(()) }
    });
    sleep(Duration::from_millis(100)).await;
    let runs = runs.load(SeqCst);
    assert!((50..=102).contains(&runs), "{runs}");
}
