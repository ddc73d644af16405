use crate::built_in::families;
use crate::event::event;
use crate::naming::{Canonical, CanonicalLabel};
use crate::{Label, Metrics, Number, label_enum};

const TYPE: CanonicalLabel = CanonicalLabel::open("order_type");
const METHOD: CanonicalLabel = CanonicalLabel::open("payment_method");

families! {
    Orders {
        orders: CounterCell = Canonical::counter(
            "orders_total",
            "Orders that reached a status, by type and payment method.",
        )
        .labels(&[TYPE, METHOD, CanonicalLabel::open("status")]);
        value: HistogramCell = Canonical::histogram(
            "order_value",
            "Value of created orders, by type.",
        )
        .labels(&[TYPE])
        .buckets(&[1.0, 5.0, 10.0, 50.0, 100.0, 500.0, 1e3, 5e3, 1e4, 5e4, 1e5])
        .money();
        created: CounterCell = Canonical::counter(
            "orders_created_total",
            "Created orders: those of orders_total with status created.",
        )
        .labels(&[TYPE, METHOD])
        .opt_in();
    }
}

label_enum! {
    /// Who orders.
    pub enum OrderType {
        B2b = "b2b",
        B2c = "b2c",
    }
}

label_enum! {
    /// How an order is paid.
    pub enum PaymentMethod {
        Bkash = "bkash",
        Nagad = "nagad",
        Sslcommerz = "sslcommerz",
    }
}

/// An order was created.
#[track_caller]
pub fn order_created(
    metrics: Option<&Metrics>,
    order_type: impl Label,
    payment_method: impl Label,
    total: impl Number,
) {
    let Some(metrics) = metrics else { return };
    let Orders { orders, value, created } = &metrics.built_in().orders;
    orders.inc((&order_type, &payment_method, "created"));
    created.inc((&order_type, &payment_method));
    value.observe(&order_type, total.number());
}

/// An order reached a status.
#[track_caller]
pub fn order_status(
    metrics: Option<&Metrics>,
    order_type: impl Label,
    payment_method: impl Label,
    status: impl Label,
) {
    let Some(metrics) = metrics else { return };
    metrics.built_in().orders.orders.inc((order_type, payment_method, status));
}

event! {
    ($)
    /// An order was created: type, payment method, total in the service's currency.
    ///
    /// Adds 1 to `orders_total` with the status `created`, and the total to `order_value`. A total that is
    /// negative or no number counts the order too; `order_value` refuses it, which is counted in
    /// `obs_values_refused_total`.
    ///
    /// ```
    /// use obs_metrics::business::{OrderType, PaymentMethod};
    /// use obs_metrics::order_created;
    ///
    /// order_created!(OrderType::B2b, PaymentMethod::Bkash, 1250.0);
    /// order_created!("retail", "card", 12);
    /// ```
    order_created { (order_type, payment_method, total) => order_created; }
}

event! {
    ($)
    /// An order reached a status: type, payment method, status.
    ///
    /// Adds 1 to `orders_total`. Of the status `created`, [`order_created!`](crate::order_created)
    /// has reported already.
    ///
    /// ```
    /// use obs_metrics::business::{OrderType, PaymentMethod};
    /// use obs_metrics::order_status;
    ///
    /// order_status!(OrderType::B2c, PaymentMethod::Nagad, "shipped");
    /// ```
    order_status { (order_type, payment_method, status) => order_status; }
}
