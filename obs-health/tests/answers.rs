//! What the three probes answer.

mod common;

use std::time::Duration;

use common::{failing, health, json, passing, shutdown, uncached, with_fake_clock};
use obs_core::Clock;
use obs_health::{Check, Detail, Health, HealthSettings};
use serde_json::json;

#[tokio::test]
async fn without_checks_everything_is_well() {
    let health = health(HealthSettings::default());
    assert_eq!(health.live().await.status, 200);
    let ready = health.ready().await;
    assert_eq!((ready.status, json(&ready)), (200, json!({})));
    let answer = health.health().await;
    assert_eq!(answer.status, 200);
    assert_eq!(json(&answer)["status"], "healthy");
    assert_eq!(json(&answer)["checks"], json!({}));
}

#[tokio::test]
async fn latency_uptime_and_timestamp_are_measured() {
    let (health, hand) = with_fake_clock(HealthSettings::default());
    hand.advance(Duration::from_millis(86_400_250));
    health.add(Check::new("database", move || {
        hand.advance(Duration::from_micros(3_125));
        async { Ok::<_, String>(()) }
    }));
    let ready = json(&health.ready().await);
    assert_eq!(
        ready,
        json!({"database": {"status": "healthy", "latency": "3ms", "latency_ms": 3.125}})
    );
    let report = json(&health.health().await);
    assert_eq!(report["uptime"], 86_400.253);
    assert_eq!(report["checks"], ready);
    let timestamp = report["timestamp"].as_str().unwrap();
    assert_eq!(timestamp.len(), "2026-01-31T08:15:30.042Z".len());
    assert!(timestamp.ends_with('Z') && timestamp.as_bytes()[19] == b'.');
    assert!(timestamp.parse::<jiff::Timestamp>().is_ok(), "{timestamp}");
}

#[tokio::test]
async fn a_critical_failure_is_503_on_ready_and_health_but_not_on_live() {
    let health = health(HealthSettings::default());
    health.add(failing("database"));
    health.add(passing("cache"));
    health.add(failing("payments").optional());
    let (ready, answer) = (health.ready().await, health.health().await);
    assert_eq!((ready.status, answer.status), (503, 503));
    assert_eq!(json(&ready)["database"]["status"], "unhealthy");
    assert_eq!(json(&ready)["database"]["error_kind"], "error");
    assert_eq!(json(&ready)["cache"]["status"], "healthy");
    assert_eq!(json(&answer)["status"], "unhealthy");
    assert_eq!(health.live().await.status, 200);
}

#[tokio::test]
async fn an_optional_failure_is_degraded_and_ready() {
    let health = health(HealthSettings::default());
    health.add(passing("database"));
    health.add(failing("payments").optional());
    let (ready, answer) = (health.ready().await, health.health().await);
    assert_eq!((ready.status, answer.status), (200, 200));
    assert_eq!(json(&ready).as_object().unwrap().len(), 1);
    assert_eq!(json(&answer)["status"], "degraded");
    assert_eq!(json(&answer)["checks"]["payments"]["status"], "unhealthy");
}

#[tokio::test(start_paused = true)]
async fn an_optional_check_that_hangs_does_not_hold_up_ready() {
    let health = health(HealthSettings::default());
    health.add(passing("database"));
    health.add(Check::new("payments", std::future::pending::<Result<(), String>>).optional());
    let began = tokio::time::Instant::now();
    assert_eq!(health.ready().await.status, 200);
    assert_eq!(began.elapsed(), Duration::ZERO);
}

#[tokio::test]
async fn draining_is_not_ready_and_runs_nothing() {
    let shutdown = shutdown();
    let health = Health::new(uncached(), Clock::system(), shutdown.clone());
    let (check, runs) = common::slow("database", Duration::ZERO);
    health.add(check);
    shutdown.begin();
    let ready = health.ready().await;
    assert_eq!((ready.status, json(&ready)), (503, json!({"status": "draining"})));
    assert_eq!(runs.load(std::sync::atomic::Ordering::Relaxed), 0);
    assert_eq!(health.live().await.status, 200, "a restart would cut the drain short");
    assert_eq!(health.health().await.status, 200);
}

#[tokio::test(start_paused = true)]
async fn a_probe_under_way_when_the_drain_begins_is_not_ready() {
    let shutdown = shutdown();
    let health = Health::new(uncached(), Clock::system(), shutdown.clone());
    health.add(common::slow("database", Duration::from_millis(100)).0);
    let (ready, ()) = tokio::join!(health.ready(), async { shutdown.begin() });
    assert_eq!((ready.status, json(&ready)), (503, json!({"status": "draining"})));
}

#[tokio::test]
async fn signals_that_are_off_are_information_only() {
    let health = health(HealthSettings::default());
    health.add(passing("database"));
    assert_eq!(json(&health.health().await)["signals"], json!(null));
    health.show_off(["traces", "errors"]);
    let answer = health.health().await;
    let report = json(&answer);
    assert_eq!((answer.status, &report["status"]), (200, &json!("healthy")));
    assert_eq!(report["signals"], json!({"traces": "off: invalid", "errors": "off: invalid"}));
}

#[tokio::test]
async fn words_hide_everything_else() {
    let health = health(HealthSettings { detail: Detail::Words, ..HealthSettings::default() });
    health.add(passing("database"));
    assert_eq!(health.ready().await.body, br#"{"status":"healthy"}"#);
    health.add(failing("payments").optional());
    assert_eq!(health.health().await.body, br#"{"status":"degraded"}"#);
    health.add(failing("database"));
    assert_eq!(health.ready().await.body, br#"{"status":"unhealthy"}"#);
    assert_eq!(health.health().await.body, br#"{"status":"unhealthy"}"#);
    assert_eq!(health.live().await.body, br#"{"status":"alive"}"#);
}

#[tokio::test]
async fn no_answer_tells_what_an_error_says() {
    let health = health(HealthSettings::default());
    health.add(failing("database"));
    health.add(Check::new("queue", || async {
        if true {
            panic!("hunter2 in a panic");
        }
        Ok::<_, String>(())
    }));
    for answer in [health.ready().await, health.health().await] {
        let text = String::from_utf8(answer.body).unwrap();
        assert!(text.contains("\"error\"") && text.contains("\"panic\""), "{text}");
        assert!(!text.contains("hunter2") && !text.contains("db-7"), "{text}");
    }
}

#[tokio::test]
async fn a_degraded_service_answers_503_if_so_set() {
    for (fail_when_degraded, status) in [(None, 200), (Some(false), 200), (Some(true), 503)] {
        for detail in [Detail::Full, Detail::Words] {
            let health =
                health(HealthSettings { detail, fail_when_degraded, ..HealthSettings::default() });
            health.add(passing("database"));
            health.add(failing("payments").optional());
            let answer = health.health().await;
            assert_eq!((answer.status, &json(&answer)["status"]), (status, &json!("degraded")));
            assert_eq!(health.ready().await.status, 200, "it is ready all the same");
        }
    }
}
