//! What a scrape sees.
#![allow(clippy::panic, reason = "helpers of tests, outside of #[test]")]

mod common;

use std::sync::atomic::Ordering;
use std::time::Duration;

use common::{failing, passing, slow, with_fake_clock};
use obs_core::source::{Collector, Family, Kind, Source, Value};
use obs_health::{Check, Health, HealthSettings};

#[derive(Default)]
struct Text(Vec<String>);

impl Collector for Text {
    fn family(&mut self, family: &Family<'_>) {
        assert_eq!(family.kind, Kind::Gauge);
        self.0.push(family.name.to_owned());
    }
    fn sample(&mut self, labels: &[(&str, &str)], value: Value<'_>) {
        let [("check", name)] = labels else { panic!("{labels:?}") };
        self.0.push(match value {
            Value::Integer(number) => format!("  {name} {number}"),
            Value::Float(number) => format!("  {name} {number}"),
            other => panic!("{other:?}"),
        });
    }
}

fn scrape(health: &Health) -> String {
    let mut text = Text::default();
    health.collect(&mut text);
    text.0.join("\n")
}

const EMPTY: &str = "health_check_status\nhealth_check_duration_seconds";

#[tokio::test]
async fn the_last_results_are_shown() {
    let (health, hand) = with_fake_clock(HealthSettings::default());
    health.add(Check::new("database", move || {
        hand.advance(Duration::from_millis(250));
        async { Ok::<_, String>(()) }
    }));
    health.add(failing("payments").optional());
    assert_eq!(scrape(&health), EMPTY);
    health.ready().await;
    assert_eq!(
        scrape(&health),
        "health_check_status\n  database 1\nhealth_check_duration_seconds\n  database 0.25"
    );
    health.health().await;
    assert_eq!(
        scrape(&health),
        "health_check_status\n  database 1\n  payments 0\n\
         health_check_duration_seconds\n  database 0.25\n  payments 0"
    );
    health.add(passing("database"));
    assert!(!scrape(&health).contains("database"), "the new one never ran");
}

#[tokio::test]
async fn a_scrape_runs_nothing() {
    let (health, hand) = with_fake_clock(HealthSettings::default());
    let (check, runs) = slow("database", Duration::ZERO);
    health.add(check);
    assert_eq!(scrape(&health), EMPTY);
    health.ready().await;
    hand.advance(Duration::from_secs(3600));
    scrape(&health);
    tokio::task::yield_now().await;
    assert_eq!(runs.load(Ordering::Relaxed), 1);
}
