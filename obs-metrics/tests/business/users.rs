use std::time::Duration;

use obs_metrics::{
    FamilyNaming, Naming, active_users, session_ended, session_started, user_registered,
};

use crate::{all, metrics, named, value};

#[test]
fn active_users_of_a_type_and_a_window() {
    let metrics = metrics();
    active_users!(handle: metrics, "farmer", "24h", 340);
    active_users!(handle: metrics, "farmer", "24h", 338);
    active_users!(handle: metrics, 1200);
    let farmers = [("user_type", "farmer"), ("time_window", "24h")];
    assert_eq!(value(&metrics, "active_users", &farmers), 338.0);
    let everybody = [("user_type", "all"), ("time_window", "now")];
    assert_eq!(value(&metrics, "active_users", &everybody), 1200.0);
    assert_eq!(all(&metrics, "active_users").len(), 2);
}

/// PRIME-45: a preset without labels.
#[test]
fn active_users_without_labels() {
    let plain = FamilyNaming::new().without("user_type").without("time_window");
    let metrics = named(Naming::default().family("active_users", plain));
    active_users!(handle: metrics, 1200);
    assert_eq!(value(&metrics, "active_users", &[]), 1200.0);
}

#[test]
fn registrations_by_type() {
    let metrics = metrics();
    user_registered!(handle: metrics, "farmer");
    assert_eq!(value(&metrics, "users_registered_total", &[("user_type", "farmer")]), 1.0);
}

/// DAIRY-46, DAIRY-47.
#[test]
fn sessions() {
    let metrics = metrics();
    session_started!(handle: metrics);
    session_started!(handle: metrics);
    session_ended!(handle: metrics, Duration::from_secs(340));
    assert_eq!(value(&metrics, "sessions_started_total", &[]), 2.0);
    assert_eq!(value(&metrics, "session_duration_seconds_sum", &[]), 340.0);
    assert_eq!(value(&metrics, "session_duration_seconds_count", &[]), 1.0);
}
