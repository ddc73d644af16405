//! The environment's part of the settings.

use std::time::Duration;

use obs_core::config::Reader;
use obs_health::{Detail, HealthSettings};

#[test]
fn nothing_set_is_the_default() {
    let mut reader = Reader::from_lookup(|_| None);
    assert_eq!(HealthSettings::read(&mut reader), HealthSettings::default());
    assert!(reader.finish().is_ok());
}

#[test]
fn every_variable_is_read() {
    let mut reader = Reader::from_lookup(|name| match name {
        "OBS_HEALTH_CHECK_TIMEOUT_MS" => Some("800".to_owned()),
        "OBS_HEALTH_CACHE_MS" => Some("0".to_owned()),
        "OBS_HEALTH_DETAIL" => Some("words".to_owned()),
        "OBS_HEALTH_INTERVAL_MS" => Some("30000".to_owned()),
        "OBS_HEALTH_DEGRADED" => Some("503".to_owned()),
        _ => None,
    });
    let expected = HealthSettings {
        check_timeout: Duration::from_millis(800),
        cache: Duration::ZERO,
        detail: Detail::Words,
        interval: Duration::from_secs(30),
        fail_when_degraded: Some(true),
    };
    assert_eq!(HealthSettings::read(&mut reader), expected);
    assert!(reader.finish().is_ok());
}

#[test]
fn faults_leave_the_default_and_are_all_named() {
    let mut reader = Reader::from_lookup(|name| match name {
        "OBS_HEALTH_CHECK_TIMEOUT_MS" => Some("0".to_owned()),
        "OBS_HEALTH_CACHE_MS" => Some("600001".to_owned()),
        "OBS_HEALTH_DETAIL" => Some("some".to_owned()),
        "OBS_HEALTH_INTERVAL_MS" => Some("99".to_owned()),
        "OBS_HEALTH_DEGRADED" => Some("500".to_owned()),
        _ => None,
    });
    assert_eq!(HealthSettings::read(&mut reader), HealthSettings::default());
    assert_eq!(reader.finish().unwrap_err().faults.len(), 5);
}
