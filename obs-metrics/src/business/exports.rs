use crate::built_in::families;
use crate::naming::{Canonical, CanonicalLabel as Label};

const FORMAT: Label = Label::open("format");

families! {
    Exports {
        exports: CounterCell = Canonical::counter(
            "exports_total",
            "Exports that ended, by format and status.",
        )
        .labels(&[FORMAT, Label::open("status")]);
        duration: HistogramCell = Canonical::histogram(
            "export_duration_seconds",
            "Time of an export, by format.",
        )
        .labels(&[FORMAT])
        .buckets(&[0.1, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0]);
    }
}
