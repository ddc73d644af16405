use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use std::{io, thread};

use obs_core::{Clock, ServiceIdentity};
use obs_metrics::{Definition, FamilyNaming, Metrics, MetricsSettings, Naming, db_error, db_query};

use crate::harness::Traffic;
use crate::{all, metrics, named, value};

const SELECT: &[(&str, &str)] = &[("query_type", "select")];

fn fails() -> io::Result<u32> {
    Err(io::Error::other("gone"))
}

#[tokio::test]
async fn db_query_timer() {
    let metrics = metrics();
    let rows: io::Result<u32> = db_query!(handle: metrics, "select", Ok(7));
    assert_eq!(rows.unwrap(), 7);
    assert_eq!(value(&metrics, "db_errors_total", &[]), 0.0, "shown before the first error");
    assert_eq!(value(&metrics, "db_slow_queries_total", SELECT), 0.0);

    let rows = db_query!(handle: metrics, "select", {
        tokio::time::sleep(Duration::from_millis(20)).await;
        fails()
    });
    assert_eq!(rows.unwrap_err().to_string(), "gone");
    assert_eq!(value(&metrics, "db_query_duration_seconds_count", SELECT), 2.0);
    let seconds = value(&metrics, "db_query_duration_seconds_sum", SELECT);
    assert!((0.02..10.0).contains(&seconds), "{seconds}");
    assert_eq!(value(&metrics, "db_errors_total", &[]), 1.0);
}

#[tokio::test]
async fn a_query_that_nobody_waits_for_is_timed_and_is_no_error() {
    let metrics = metrics();
    let query = async {
        db_query!(handle: metrics, "select", std::future::pending::<io::Result<()>>().await)
    };
    assert!(tokio::time::timeout(Duration::from_millis(5), query).await.is_err());
    assert_eq!(value(&metrics, "db_query_duration_seconds_count", SELECT), 1.0);
    assert_eq!(value(&metrics, "db_errors_total", &[]), 0.0);
}

/// DAIRY-57: the threshold is a setting.
#[test]
fn slow_queries_are_those_beyond_the_threshold() {
    let mut settings = MetricsSettings::default();
    assert_eq!(settings.slow_query, Duration::from_secs(1));
    for (threshold_ms, slow) in [(1000, 1.0), (1500, 0.0), (999, 1.0)] {
        settings.slow_query = Duration::from_millis(threshold_ms);
        let (clock, hand) = Clock::fake();
        let metrics = Metrics::with_clock(&settings, &ServiceIdentity::default(), clock);
        for millis in [1000, 1001] {
            let result: io::Result<()> = db_query!(handle: metrics, "select", {
                hand.advance(Duration::from_millis(millis));
                Ok(())
            });
            result.unwrap();
        }
        let slow = if threshold_ms == 999 { slow + 1.0 } else { slow };
        assert_eq!(value(&metrics, "db_slow_queries_total", SELECT), slow, "{threshold_ms}");
        assert_eq!(value(&metrics, "db_query_duration_seconds_sum", SELECT), 2.001);
    }
}

/// INV-09.
#[test]
fn errors_of_other_drivers() {
    let metrics = metrics();
    db_error!(handle: metrics);
    db_error!(handle: metrics, "insert");
    assert_eq!(all(&metrics, "db_errors_total"), [(vec![], 2.0)]);

    let with = FamilyNaming::new().with("query_type");
    let metrics = named(Naming::default().family("db_errors_total", with));
    db_error!(handle: metrics, "insert");
    assert_eq!(value(&metrics, "db_errors_total", &[("query_type", "insert")]), 1.0);
}

/// AHSP-62: its buckets.
#[test]
fn queries_per_request() {
    let metrics = metrics();
    let traffic = Traffic::new(metrics.http());
    let (orders, plain) = (Arc::from("/orders/{id}"), Arc::from("/plain"));
    traffic.get(&orders);
    traffic.get(&plain);
    assert_eq!(all(&metrics, "db_queries_per_request_count"), [], "nobody asked so far");
    for (queries, status) in [(3, 200), (3, 500), (101, 200), (0, 200)] {
        traffic.asking(&metrics, &orders, queries, status);
    }
    // On another thread, in a row of its own.
    thread::scope(|scope| {
        scope.spawn(|| traffic.asking(&metrics, &orders, 1, 200));
    });
    let bucket = |route, le| {
        let labels = [("route", route), ("le", le)];
        value(&metrics, "db_queries_per_request_bucket", &labels)
    };
    let bounds = ["0.0", "1.0", "2.0", "5.0", "10.0", "20.0", "50.0", "100.0", "+Inf"];
    let shown = bounds.map(|le| bucket("/orders/{id}", le));
    assert_eq!(shown, [2.0, 3.0, 3.0, 5.0, 5.0, 5.0, 5.0, 5.0, 6.0]);
    assert_eq!(bounds.map(|le| bucket("/plain", le)), [1.0; 9]);
    let sum = |route| value(&metrics, "db_queries_per_request_sum", &[("route", route)]);
    assert_eq!((sum("/orders/{id}"), sum("/plain")), (108.0, 0.0));
}

/// Of each bucket a scrape sees what was, or more.
#[test]
fn no_bucket_of_queries_goes_back() {
    let metrics = metrics();
    let traffic = Traffic::new(metrics.http());
    let running = AtomicBool::new(true);
    thread::scope(|scope| {
        scope.spawn(|| {
            let route = Arc::from("/orders");
            for queries in (0..3).cycle().take(20_000) {
                traffic.asking(&metrics, &route, queries, 200);
            }
            running.store(false, Ordering::Relaxed);
        });
        let mut before = Vec::new();
        while running.load(Ordering::Relaxed) {
            let now = all(&metrics, "db_queries_per_request_bucket");
            for ((labels, now), (_, before)) in now.iter().zip(&before) {
                assert!(now >= before, "{labels:?}: {now} after {before}");
            }
            before = now;
        }
    });
}

#[test]
fn the_family_of_queries_per_request_is_taken_before_it_is_shown() {
    let metrics = metrics();
    let own = Definition::new("db_queries_per_request", "Mine.");
    assert!(metrics.families().counter::<()>(own).is_err());
    let off = Naming::default().family("db_queries_per_request", FamilyNaming::new().off());
    let metrics = named(off);
    Traffic::new(metrics.http()).asking(&metrics, &Arc::from("/orders"), 3, 200);
    assert_eq!(all(&metrics, "db_queries_per_request_count"), []);
    assert_eq!(metrics.http().metrics_summary().requests_total, 1);
}

/// APEX-24: what one pool has, under either name.
#[test]
fn connections_of_the_pool() {
    let on = || FamilyNaming::new().on();
    let naming = Naming::default()
        .family("pg_pool_used", on().name("apex_pg_pool_used"))
        .family("pg_pool_total", on().name("apex_pg_pool_total"));
    for (metrics, compat) in [(metrics(), false), (named(naming), true)] {
        metrics.db_pool(7, 3, 20);
        for (state, connections) in [("used", 7.0), ("idle", 3.0), ("max", 20.0)] {
            let state = [("state", state)];
            assert_eq!(value(&metrics, "db_pool_connections", &state), connections);
        }
        let used: &[(Vec<String>, f64)] = if compat { &[(vec![], 7.0)] } else { &[] };
        assert_eq!(all(&metrics, "apex_pg_pool_used"), used);
        let total: &[(Vec<String>, f64)] = if compat { &[(vec![], 20.0)] } else { &[] };
        assert_eq!(all(&metrics, "apex_pg_pool_total"), total);
    }
}
