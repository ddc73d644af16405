use crate::built_in::families;
use crate::event::event;
use crate::naming::{Canonical, CanonicalLabel};
use crate::{Label, Metrics, Number};

const TYPE: CanonicalLabel = CanonicalLabel::open("user_type");

families! {
    Users {
        active: GaugeCell = Canonical::gauge(
            "active_users",
            "Users active within a time window, by type.",
        )
        .labels(&[TYPE, CanonicalLabel::open("time_window")]);
        active_now: GaugeCell = Canonical::gauge(
            "active_users_now",
            "Users active now.",
        )
        .opt_in();
        registered: CounterCell = Canonical::counter(
            "users_registered_total",
            "Registered users, by type.",
        )
        .labels(&[TYPE]);
    }
}

/// So many users are active now.
#[track_caller]
pub fn active_users_now(metrics: Option<&Metrics>, users: impl Number) {
    let Some(metrics) = metrics else { return };
    let Users { active, active_now, .. } = &metrics.built_in().users;
    if active_now.is_there() {
        active_now.set((), users.number());
    } else {
        active.set(("all", "now"), users.number());
    }
}

/// So many users of a type were active in a window of time.
#[track_caller]
pub fn active_users(
    metrics: Option<&Metrics>,
    user_type: impl Label,
    time_window: impl Label,
    users: impl Number,
) {
    let Some(metrics) = metrics else { return };
    metrics.built_in().users.active.set((user_type, time_window), users.number());
}

/// A user registered.
#[track_caller]
pub fn user_registered(metrics: Option<&Metrics>, user_type: impl Label) {
    let Some(metrics) = metrics else { return };
    metrics.built_in().users.registered.inc(user_type);
}

event! {
    ($)
    /// How many users are active: sets `active_users` for a type of users and a window of time.
    ///
    /// With nothing but a number that is the type `all` and the window `now`, or, where a preset
    /// turns it on, a family without labels.
    ///
    /// ```
    /// use obs_metrics::active_users;
    ///
    /// active_users!(1200);
    /// active_users!("farmer", "24h", 340);
    /// ```
    active_users {
        (users) => active_users_now;
        (user_type, time_window, users) => active_users;
    }
}

event! {
    ($)
    /// A user registered: type. Adds 1 to `users_registered_total`.
    ///
    /// ```
    /// obs_metrics::user_registered!("farmer");
    /// ```
    user_registered { (user_type) => user_registered; }
}
