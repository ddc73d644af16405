use crate::built_in::families;
use crate::naming::{Canonical, CanonicalLabel as Label};

const TYPE: Label = Label::open("user_type");

families! {
    Users {
        active: GaugeCell = Canonical::gauge(
            "active_users",
            "Users that were active in a window of time, by type.",
        )
        .labels(&[TYPE, Label::open("time_window")]);
        active_now: GaugeCell = Canonical::gauge(
            "active_users_now",
            "Users that are active now.",
        )
        .opt_in();
        registered: CounterCell = Canonical::counter(
            "users_registered_total",
            "Users that registered, by type.",
        )
        .labels(&[TYPE]);
    }
}
