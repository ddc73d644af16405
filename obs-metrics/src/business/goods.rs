use crate::built_in::families;
use crate::event::event;
use crate::naming::{Canonical, CanonicalLabel};
use crate::{Label, Metrics, Number, Seconds, Timer, label_enum};

const WAREHOUSE: CanonicalLabel = CanonicalLabel::open("warehouse");

families! {
    Goods {
        received: CounterCell = Canonical::counter(
            "goods_received_total",
            "Goods received, by warehouse and status.",
        )
        .labels(&[WAREHOUSE, CanonicalLabel::open("status")]);
        processing: HistogramCell = Canonical::histogram(
            "goods_processing_seconds",
            "Duration of goods processing, by warehouse.",
        )
        .labels(&[WAREHOUSE, CanonicalLabel::open("operation")])
        .buckets(&[0.1, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0]);
        utilization: GaugeCell = Canonical::gauge(
            "warehouse_utilization_percent",
            "Share of the warehouse that is occupied.",
        )
        .labels(&[WAREHOUSE]);
    }
}

label_enum! {
    /// Where goods are.
    pub enum Warehouse {
        China = "china",
        Ghana = "ghana",
    }
}

/// Goods were received.
#[track_caller]
pub fn goods_received(metrics: Option<&Metrics>, warehouse: impl Label, status: impl Label) {
    let Some(metrics) = metrics else { return };
    metrics.built_in().goods.received.inc((warehouse, status));
}

/// Goods were processed.
#[track_caller]
pub fn goods_processing(
    metrics: Option<&Metrics>,
    warehouse: impl Label,
    operation: impl Label,
    duration: impl Seconds,
) {
    let Some(metrics) = metrics else { return };
    metrics.built_in().goods.processing.observe((warehouse, operation), duration.seconds());
}

/// Goods are processed until the timer is dropped.
#[track_caller]
pub fn goods_timer<W: Label, O: Label>(
    metrics: Option<&Metrics>,
    warehouse: W,
    operation: O,
) -> Timer<'_, (W, O)> {
    Timer::start(metrics, (warehouse, operation), |metrics, (warehouse, operation), time| {
        goods_processing(Some(metrics), warehouse, operation, time);
    })
}

/// A warehouse is occupied so far.
#[track_caller]
pub fn warehouse_utilization(
    metrics: Option<&Metrics>,
    warehouse: impl Label,
    percent: impl Number,
) {
    let Some(metrics) = metrics else { return };
    metrics.built_in().goods.utilization.set_percent(warehouse, percent.number());
}

event! {
    ($)
    /// Goods were received: warehouse, status. Adds 1 to `goods_received_total`.
    ///
    /// ```
    /// use obs_metrics::business::Warehouse;
    /// use obs_metrics::goods_received;
    ///
    /// goods_received!(Warehouse::China, "PENDING");
    /// ```
    goods_received { (warehouse, status) => goods_received; }
}

event! {
    ($)
    /// An operation on goods took its time: warehouse, operation, duration. Observed in
    /// `goods_processing_seconds`. Without a duration it gives a [`Timer`](crate::Timer) that
    /// observes when it is dropped.
    ///
    /// ```
    /// use std::time::Duration;
    /// use obs_metrics::business::Warehouse;
    /// use obs_metrics::goods_processing;
    ///
    /// goods_processing!(Warehouse::Ghana, "sorting", Duration::from_secs(12));
    ///
    /// let timer = goods_processing!(Warehouse::Ghana, "packing");
    /// // pack
    /// timer.stop();
    /// ```
    goods_processing {
        (warehouse, operation, duration) => goods_processing;
        (warehouse, operation) => goods_timer;
    }
}

/// Stops the compiler at a literal that is no percentage.
///
/// # Panics
/// If it is none, which is when the application is compiled.
pub const fn assert_percent(literal: f64) {
    assert!(0.0 <= literal && literal <= 100.0, "a percentage is from 0 to 100");
}

/// How much of a warehouse is occupied, in percent: sets `warehouse_utilization_percent`.
///
/// A literal outside of 0 to 100 does not compile. Any other number outside of it becomes the nearest of
/// them, NaN changes nothing; both are counted in `obs_values_refused_total`.
///
/// ```
/// use obs_metrics::business::Warehouse;
/// use obs_metrics::warehouse_utilization;
///
/// let (occupied, capacity) = (180.0, 240.0);
/// warehouse_utilization!(Warehouse::China, occupied / capacity * 100.0);
/// ```
#[macro_export]
macro_rules! warehouse_utilization {
    (handle: $handle:expr, $warehouse:expr, $percent:literal $(,)?) => {{
        const _: () = $crate::__private::assert_percent($percent as f64);
        $crate::__private::warehouse_utilization(
            $crate::__private::handle(&$handle),
            $warehouse,
            $percent,
        )
    }};
    (handle: $handle:expr, $warehouse:expr, $percent:expr $(,)?) => {
        $crate::__private::warehouse_utilization(
            $crate::__private::handle(&$handle),
            $warehouse,
            $percent,
        )
    };
    ($warehouse:expr, $percent:literal $(,)?) => {{
        const _: () = $crate::__private::assert_percent($percent as f64);
        $crate::__private::warehouse_utilization(
            $crate::__private::installed(),
            $warehouse,
            $percent,
        )
    }};
    ($warehouse:expr, $percent:expr $(,)?) => {
        $crate::__private::warehouse_utilization(
            $crate::__private::installed(),
            $warehouse,
            $percent,
        )
    };
    ($($rest:tt)*) => {
        compile_error!(
            "the forms of this macro are\n  warehouse_utilization!(warehouse, percent)\n\
             each may begin with `handle: metrics`"
        )
    };
}
