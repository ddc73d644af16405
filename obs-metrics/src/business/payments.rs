use crate::built_in::families;
use crate::naming::{Canonical, CanonicalLabel as Label};

const GATEWAY: Label = Label::open("gateway");
const STATUS: Label = Label::open("status").known(&["success", "failed", "pending"]);

pub(crate) const VALUE: Canonical =
    Canonical::histogram("payment_value", "Value of the payments that succeeded, by gateway.")
        .labels(&[GATEWAY, STATUS.known(&[])])
        .buckets(&[1.0, 10.0, 50.0, 100.0, 500.0, 1e3, 5e3, 1e4, 5e4])
        .money();

families! {
    Payments {
        payments: CounterCell = Canonical::counter(
            "payments_total",
            "Payments that reached a status: one that was pending counts again when it is decided.",
        )
        .labels(&[GATEWAY, STATUS, Label::open("amount_range")]);
        value: HistogramCell = VALUE;
        transactions: CounterCell = Canonical::counter(
            "payment_transactions_total",
            "Payments that reached a status: payments_total without the range of the amount.",
        )
        .labels(&[GATEWAY, STATUS])
        .opt_in();
    }
}
