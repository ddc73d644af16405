use crate::built_in::{Text, families};
use crate::event::event;
use crate::families::are_bounds;
use crate::naming::{Canonical, CanonicalLabel, Naming};
use crate::{Label, Labels, Metrics, Number, label_enum};

const GATEWAY: CanonicalLabel = CanonicalLabel::open("gateway");
const STATUS: CanonicalLabel =
    CanonicalLabel::open("status").known(&["success", "failed", "pending"]);

pub(crate) const VALUE: Canonical =
    Canonical::histogram("payment_value", "Value of the payments that succeeded, by gateway.")
        .labels(&[GATEWAY, STATUS.known(&[])])
        .buckets(&[1.0, 10.0, 50.0, 100.0, 500.0, 1e3, 5e3, 1e4, 5e4])
        .money();

families! {
    Payments {
        payments: CounterCell = Canonical::counter(
            "payments_total",
            "Payments that reached a status; a pending payment counts again when it is decided.",
        )
        .labels(&[GATEWAY, STATUS, CanonicalLabel::open("amount_range")]);
        value: HistogramCell = VALUE;
        transactions: CounterCell = Canonical::counter(
            "payment_transactions_total",
            "Payments that reached a status: payments_total without the range of the amount.",
        )
        .labels(&[GATEWAY, STATUS])
        .opt_in();
    }
}

label_enum! {
    /// Who handles a payment.
    pub enum PaymentGateway {
        Bkash = "bkash",
        Nagad = "nagad",
        Sslcommerz = "sslcommerz",
    }
}

label_enum! {
    /// How a payment stands. The rate of success is `success / (success + failed)`: what is
    /// `pending` counts again when it is decided.
    pub enum PaymentStatus {
        Success = "success",
        Failed = "failed",
        Pending = "pending",
    }
}

/// The values of `amount_range`: from one bound of `payment_value` to the next.
#[derive(Debug)]
pub(crate) struct Ranges {
    bounds: Vec<f64>,
    texts: Vec<String>,
}

impl Ranges {
    pub(crate) fn new(naming: &Naming) -> Self {
        let named = naming.resolve(&VALUE).and_then(|named| named.buckets);
        let named = named.filter(|bounds| are_bounds(bounds));
        let bounds = named.or(VALUE.buckets.map(<[f64]>::to_vec)).unwrap_or_default();
        let mut lower = 0.0;
        let mut texts = Vec::new();
        for upper in &bounds {
            texts.push(format!("{lower}-{upper}"));
            lower = *upper;
        }
        texts.push(format!("{lower}+"));
        Self { bounds, texts }
    }

    pub(crate) fn texts(&self) -> &[String] {
        &self.texts
    }

    /// A bound belongs to the range below it. What is no amount is `unknown`.
    fn of(&self, amount: f64) -> Text<'_> {
        let at = self.bounds.partition_point(|bound| *bound < amount);
        Text(match self.texts.get(at) {
            Some(text) if amount >= 0.0 => text,
            _ => "unknown",
        })
    }
}

/// A payment reached a status.
#[track_caller]
pub fn payment_processed(
    metrics: Option<&Metrics>,
    gateway: impl Label,
    status: impl Label,
    amount: impl Number,
) {
    let Some(metrics) = metrics else { return };
    let Payments { payments, value, transactions } = &metrics.built_in().payments;
    let amount = amount.number();
    payments.inc((&gateway, &status, metrics.built_in().ranges.of(amount)));
    transactions.inc((&gateway, &status));
    if status.texts(|texts| texts == ["success"]) {
        value.observe((&gateway, &status), amount);
    }
}

event! {
    ($)
    /// A payment reached a status: gateway, status, amount in the service's currency.
    ///
    /// Adds 1 to `payments_total`; `amount_range` is the bucket of `payment_value` that the amount
    /// falls into. An amount goes to `payment_value` only with the status `success`. A payment that
    /// was `pending` counts again when it is decided, so a rate of success is
    /// `success / (success + failed)`.
    ///
    /// An amount that is negative or no number counts the payment too, with the `amount_range`
    /// `unknown`; with the status `success` it is refused by `payment_value`, and counted in
    /// `obs_values_refused_total`. A refund is no payment: give it a counter of its own.
    ///
    /// ```
    /// use obs_metrics::business::{PaymentGateway, PaymentStatus};
    /// use obs_metrics::payment_processed;
    ///
    /// payment_processed!(PaymentGateway::Bkash, PaymentStatus::Success, 1250.0);
    /// payment_processed!("stripe", "failed", 99);
    /// ```
    payment_processed { (gateway, status, amount) => payment_processed; }
}
