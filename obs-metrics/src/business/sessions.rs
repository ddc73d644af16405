use crate::built_in::families;
use crate::naming::Canonical;

families! {
    Sessions {
        started: CounterCell = Canonical::counter(
            "sessions_started_total",
            "Sessions that began.",
        );
        duration: HistogramCell = Canonical::histogram(
            "session_duration_seconds",
            "Time from the begin of a session to its end.",
        )
        .buckets(&[10.0, 30.0, 60.0, 300.0, 600.0, 1800.0, 3600.0, 7200.0, 14_400.0, 28_800.0]);
    }
}
