use obs_metrics::business::{LoginFailure, LoginStatus};
use obs_metrics::{
    access_denied, account_locked, login_attempt, login_failed, password_reset,
    privilege_escalation,
};

use crate::{metrics, value};

#[test]
fn logins() {
    let metrics = metrics();
    login_attempt!(handle: metrics, LoginStatus::Success);
    // What alerts compare is there from the first attempt on.
    for (family, label, values) in [
        ("auth_login_attempts_total", "status", ["failed", "blocked", "success"]),
        (
            "auth_login_failures_total",
            "reason",
            ["invalid_credentials", "account_locked", "rate_limited"],
        ),
    ] {
        for text in values {
            let expected = f64::from(text == "success");
            assert_eq!(value(&metrics, family, &[(label, text)]), expected, "{text}");
        }
    }
    assert_eq!(value(&metrics, "auth_account_lockouts_total", &[]), 0.0);

    login_failed!(handle: metrics, LoginFailure::InvalidCredentials);
    account_locked!(handle: metrics);
    password_reset!(handle: metrics, "requested");
    let reason = [("reason", "invalid_credentials")];
    assert_eq!(value(&metrics, "auth_login_failures_total", &reason), 1.0);
    assert_eq!(value(&metrics, "auth_account_lockouts_total", &[]), 1.0);
    assert_eq!(value(&metrics, "auth_password_resets_total", &[("status", "requested")]), 1.0);
}

#[test]
fn denials_and_escalations() {
    let metrics = metrics();
    access_denied!(handle: metrics, "invoice", "delete", "not_owner");
    privilege_escalation!(handle: metrics, "clerk", "admin");
    let invoice = [("resource", "invoice"), ("action", "delete"), ("reason", "not_owner")];
    assert_eq!(value(&metrics, "authz_access_denied_total", &invoice), 1.0);
    let roles = [("from_role", "clerk"), ("to_role", "admin")];
    assert_eq!(value(&metrics, "authz_privilege_escalation_total", &roles), 1.0);
}
