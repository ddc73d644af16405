use crate::built_in::families;
use crate::event::event;
use crate::naming::Canonical;
use crate::{Metrics, Seconds};

families! {
    Sessions {
        started: CounterCell = Canonical::counter(
            "sessions_started_total",
            "Started sessions.",
        );
        duration: HistogramCell = Canonical::histogram(
            "session_duration_seconds",
            "Duration of sessions.",
        )
        .buckets(&[10.0, 30.0, 60.0, 300.0, 600.0, 1800.0, 3600.0, 7200.0, 14_400.0, 28_800.0]);
    }
}

/// A session began.
#[track_caller]
pub fn session_started(metrics: Option<&Metrics>) {
    let Some(metrics) = metrics else { return };
    metrics.built_in().sessions.started.inc(());
}

/// A session ended.
#[track_caller]
pub fn session_ended(metrics: Option<&Metrics>, duration: impl Seconds) {
    let Some(metrics) = metrics else { return };
    metrics.built_in().sessions.duration.observe((), duration.seconds());
}

event! {
    ($)
    /// A session began: adds 1 to `sessions_started_total`.
    ///
    /// ```
    /// obs_metrics::session_started!();
    /// ```
    session_started { () => session_started; }
}

event! {
    ($)
    /// A session ended: its duration is observed in `session_duration_seconds`.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// obs_metrics::session_ended!(Duration::from_secs(340));
    /// ```
    session_ended { (duration) => session_ended; }
}
