use crate::built_in::families;
use crate::event::event;
use crate::naming::{Canonical, CanonicalLabel};
use crate::{Label, Metrics, Seconds};

const FORMAT: CanonicalLabel = CanonicalLabel::open("format");

families! {
    Exports {
        exports: CounterCell = Canonical::counter(
            "exports_total",
            "Finished exports, by format and status.",
        )
        .labels(&[FORMAT, CanonicalLabel::open("status")]);
        duration: HistogramCell = Canonical::histogram(
            "export_duration_seconds",
            "Duration of exports, by format.",
        )
        .labels(&[FORMAT])
        .buckets(&[0.1, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0]);
    }
}

/// An export ended.
#[track_caller]
pub fn export_finished(metrics: Option<&Metrics>, format: impl Label, status: impl Label) {
    let Some(metrics) = metrics else { return };
    metrics.built_in().exports.exports.inc((format, status));
}

/// An export ended after a time.
#[track_caller]
pub fn export_finished_after(
    metrics: Option<&Metrics>,
    format: impl Label,
    status: impl Label,
    duration: impl Seconds,
) {
    let Some(metrics) = metrics else { return };
    metrics.built_in().exports.duration.observe(&format, duration.seconds());
    export_finished(Some(metrics), format, status);
}

event! {
    ($)
    /// An export ended: format, status and, if you know it, duration. Adds 1 to `exports_total`; the
    /// duration is observed in `export_duration_seconds`.
    ///
    /// ```
    /// use std::time::Duration;
    /// use obs_metrics::export_finished;
    ///
    /// export_finished!("pdf", "success");
    /// export_finished!("xlsx", "success", Duration::from_millis(800));
    /// ```
    export_finished {
        (format, status) => export_finished;
        (format, status, duration) => export_finished_after;
    }
}
