use crate::built_in::families;
use crate::event::event;
use crate::naming::{Canonical, CanonicalLabel};
use crate::{Label, Metrics, label_enum};

families! {
    Logins {
        attempts: CounterCell = Canonical::counter(
            "auth_login_attempts_total",
            "Login attempts, by status.",
        )
        .labels(&[CanonicalLabel::open("status").known(&["success", "failed", "blocked"])]);
        failures: CounterCell = Canonical::counter(
            "auth_login_failures_total",
            "Failed login attempts, by reason.",
        )
        .labels(&[CanonicalLabel::open("reason")
            .known(&["invalid_credentials", "account_locked", "rate_limited"])]);
        password_resets: CounterCell = Canonical::counter(
            "auth_password_resets_total",
            "Password reset requests, by status.",
        )
        .labels(&[CanonicalLabel::open("status")]);
        lockouts: CounterCell = Canonical::counter(
            "auth_account_lockouts_total",
            "Locked accounts.",
        );
    }
}

label_enum! {
    /// How an attempt to log in ended.
    pub enum LoginStatus {
        Success = "success",
        Failed = "failed",
        Blocked = "blocked",
    }
}

label_enum! {
    /// Why an attempt to log in failed.
    pub enum LoginFailure {
        InvalidCredentials = "invalid_credentials",
        AccountLocked = "account_locked",
        RateLimited = "rate_limited",
    }
}

/// Somebody tried to log in.
#[track_caller]
pub fn login_attempt(metrics: Option<&Metrics>, status: impl Label) {
    let Some(metrics) = metrics else { return };
    let Logins { attempts, failures, lockouts, .. } = &metrics.built_in().logins;
    attempts.inc(status);
    failures.show();
    lockouts.show();
}

/// Somebody could not log in.
#[track_caller]
pub fn login_failed(metrics: Option<&Metrics>, reason: impl Label) {
    let Some(metrics) = metrics else { return };
    metrics.built_in().logins.failures.inc(reason);
}

/// Somebody asked for a new password.
#[track_caller]
pub fn password_reset(metrics: Option<&Metrics>, status: impl Label) {
    let Some(metrics) = metrics else { return };
    metrics.built_in().logins.password_resets.inc(status);
}

/// An account was locked.
#[track_caller]
pub fn account_locked(metrics: Option<&Metrics>) {
    let Some(metrics) = metrics else { return };
    metrics.built_in().logins.lockouts.inc(());
}

event! {
    ($)
    /// Somebody tried to log in: status. Adds 1 to `auth_login_attempts_total`.
    ///
    /// ```
    /// use obs_metrics::business::LoginStatus;
    /// use obs_metrics::login_attempt;
    ///
    /// login_attempt!(LoginStatus::Success);
    /// ```
    login_attempt { (status) => login_attempt; }
}

event! {
    ($)
    /// Somebody could not log in: reason. Adds 1 to `auth_login_failures_total`; the attempt itself
    /// is reported by [`login_attempt!`](crate::login_attempt).
    ///
    /// ```
    /// use obs_metrics::business::LoginFailure;
    /// use obs_metrics::login_failed;
    ///
    /// login_failed!(LoginFailure::InvalidCredentials);
    /// ```
    login_failed { (reason) => login_failed; }
}

event! {
    ($)
    /// Somebody asked for a new password: status. Adds 1 to `auth_password_resets_total`.
    ///
    /// ```
    /// obs_metrics::password_reset!("requested");
    /// ```
    password_reset { (status) => password_reset; }
}

event! {
    ($)
    /// An account was locked: adds 1 to `auth_account_lockouts_total`.
    ///
    /// ```
    /// obs_metrics::account_locked!();
    /// ```
    account_locked { () => account_locked; }
}
