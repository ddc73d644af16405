use crate::built_in::families;
use crate::naming::{Canonical, CanonicalLabel as Label};

families! {
    Logins {
        attempts: CounterCell = Canonical::counter(
            "auth_login_attempts_total",
            "Attempts to log in, by status.",
        )
        .labels(&[Label::open("status").known(&["success", "failed", "blocked"])]);
        failures: CounterCell = Canonical::counter(
            "auth_login_failures_total",
            "Attempts to log in that failed, by reason.",
        )
        .labels(&[Label::open("reason")
            .known(&["invalid_credentials", "account_locked", "rate_limited"])]);
        password_resets: CounterCell = Canonical::counter(
            "auth_password_resets_total",
            "Requests for a new password, by status.",
        )
        .labels(&[Label::open("status")]);
        lockouts: CounterCell = Canonical::counter(
            "auth_account_lockouts_total",
            "Accounts that were locked.",
        );
    }
}
