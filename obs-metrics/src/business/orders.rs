use crate::built_in::families;
use crate::naming::{Canonical, CanonicalLabel as Label};

const TYPE: Label = Label::open("order_type");
const METHOD: Label = Label::open("payment_method");

families! {
    Orders {
        orders: CounterCell = Canonical::counter(
            "orders_total",
            "Orders that reached a status, by type and payment method.",
        )
        .labels(&[TYPE, METHOD, Label::open("status")]);
        value: HistogramCell = Canonical::histogram(
            "order_value",
            "Value of the orders that were created, by type.",
        )
        .labels(&[TYPE])
        .buckets(&[1.0, 5.0, 10.0, 50.0, 100.0, 500.0, 1e3, 5e3, 1e4, 5e4, 1e5])
        .money();
        created: CounterCell = Canonical::counter(
            "orders_created_total",
            "Orders that were created: those of orders_total with the status created.",
        )
        .labels(&[TYPE, METHOD])
        .opt_in();
    }
}
