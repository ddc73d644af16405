use crate::built_in::families;
use crate::event::event;
use crate::naming::{Canonical, CanonicalLabel};
use crate::{Label, Metrics, Seconds, Timer};

families! {
    Calculations {
        calculations: HistogramCell = Canonical::histogram(
            "calc_duration_seconds",
            "Duration of calculations, by kind.",
        )
        .labels(&[CanonicalLabel::open("kind")]);
        reports: HistogramCell = Canonical::histogram(
            "report_generation_duration_seconds",
            "Duration of report generation.",
        )
        .buckets(&[0.1, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0]);
    }
}

/// Something is calculated until the timer is dropped.
#[track_caller]
pub fn calculation_timer<K: Label>(metrics: Option<&Metrics>, kind: K) -> Timer<'_, K> {
    Timer::start(metrics, kind, |metrics, kind, time| {
        metrics.built_in().calculations.calculations.observe(kind, time.as_secs_f64());
    })
}

/// A report was made.
#[track_caller]
pub fn report_generated(metrics: Option<&Metrics>, duration: impl Seconds) {
    let Some(metrics) = metrics else { return };
    metrics.built_in().calculations.reports.observe((), duration.seconds());
}

/// Measures an expression, and has its value: kind, expression. Observed in `calc_duration_seconds`,
/// also if the expression panics, returns early, or is a future that is dropped at an `.await`.
///
/// ```
/// use obs_metrics::calculation_timed;
///
/// let load = calculation_timed!("wind_load", 3.5 * 1.2);
/// # assert_eq!(load, 3.5 * 1.2);
/// # async fn derive() -> u32 { 7 }
/// # async fn example() {
/// let cabinet = calculation_timed!("cabinet", derive().await);
/// # }
/// ```
#[macro_export]
macro_rules! calculation_timed {
    (handle: $handle:expr, $kind:expr, $calculation:expr $(,)?) => {{
        let timer =
            $crate::__private::calculation_timer($crate::__private::handle(&$handle), $kind);
        let value = $calculation;
        timer.stop();
        value
    }};
    ($kind:expr, $calculation:expr $(,)?) => {{
        let timer = $crate::__private::calculation_timer($crate::__private::installed(), $kind);
        let value = $calculation;
        timer.stop();
        value
    }};
    ($($rest:tt)*) => {
        compile_error!(
            "the forms of this macro are\n  calculation_timed!(kind, expression)\n\
             each may begin with `handle: metrics`"
        )
    };
}

event! {
    ($)
    /// A report was made: its duration is observed in `report_generation_duration_seconds`.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// obs_metrics::report_generated!(Duration::from_millis(5400));
    /// ```
    report_generated { (duration) => report_generated; }
}
