use crate::built_in::families;
use crate::naming::{Canonical, CanonicalLabel as Label};

const WAREHOUSE: Label = Label::open("warehouse");

families! {
    Goods {
        received: CounterCell = Canonical::counter(
            "goods_received_total",
            "Goods received, by warehouse and status.",
        )
        .labels(&[WAREHOUSE, Label::open("status")]);
        processing: HistogramCell = Canonical::histogram(
            "goods_processing_seconds",
            "Time of an operation on goods, by warehouse.",
        )
        .labels(&[WAREHOUSE, Label::open("operation")])
        .buckets(&[0.1, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0]);
        utilization: GaugeCell = Canonical::gauge(
            "warehouse_utilization_percent",
            "How much of a warehouse is occupied.",
        )
        .labels(&[WAREHOUSE]);
    }
}
