use crate::built_in::families;
use crate::naming::{Canonical, CanonicalLabel as Label};

families! {
    Calculations {
        calculations: HistogramCell = Canonical::histogram(
            "calc_duration_seconds",
            "Time of a calculation, by kind.",
        )
        .labels(&[Label::open("kind")]);
        reports: HistogramCell = Canonical::histogram(
            "report_generation_duration_seconds",
            "Time to make a report.",
        )
        .buckets(&[0.1, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0]);
    }
}
