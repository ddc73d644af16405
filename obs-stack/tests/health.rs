//! Checks run whatever probes ask for, and a preset says what a degraded service answers.
#![allow(clippy::unwrap_used, reason = "helpers of tests, outside of #[test]")]

use std::future::pending;
use std::time::Duration;

use obs_core::config::Reader;
use obs_health::Check;
use obs_metrics::Format;
use obs_stack::{Obs, Setup};

fn setup(variables: &'static [(&'static str, &'static str)]) -> Obs {
    let lookup = |name: &str| {
        let found = variables.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| (*value).to_owned())
    };
    Setup::read(Reader::from_lookup(lookup)).unwrap().build()
}

#[tokio::test]
async fn optional_checks_run_without_a_probe() {
    let obs = setup(&[]);
    obs.add_check(Check::new("mail", || async { Err("down") }).optional());
    let served = tokio::spawn({
        let obs = obs.clone();
        async move { obs.drive(pending(), || {}).await }
    });
    let shown = "\nhealth_check_status{check=\"mail\"} 0\n";
    let seen = async {
        while !obs.metrics().render(Format::Text).contains(shown) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), seen).await.unwrap();
    served.abort();
}

#[tokio::test]
async fn a_degraded_service_answers_as_its_preset_wants() {
    for (variables, status) in [
        (&[][..], 200),
        (&[("OBS_METRICS_PRESET", "smart_dairy")], 503),
        (&[("OBS_METRICS_PRESET", "smart_dairy"), ("OBS_HEALTH_DEGRADED", "200")], 200),
        (&[("OBS_HEALTH_DEGRADED", "503")], 503),
    ] {
        let obs = setup(variables);
        obs.add_check(Check::new("mail", || async { Err("down") }).optional());
        assert_eq!(obs.health().health().await.status, status, "{variables:?}");
        assert_eq!(obs.health().ready().await.status, 200, "{variables:?}");
    }
}
