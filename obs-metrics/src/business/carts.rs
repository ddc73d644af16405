use crate::built_in::families;
use crate::event::event;
use crate::naming::{Canonical, CanonicalLabel};
use crate::{Label, Metrics};

families! {
    Carts {
        added: CounterCell = Canonical::counter(
            "add_to_cart_total",
            "Products added to a cart, by category.",
        )
        .labels(&[CanonicalLabel::open("product_category")]);
        started: CounterCell = Canonical::counter("cart_started_total", "Carts that were begun.");
        abandoned: CounterCell = Canonical::counter(
            "cart_abandoned_total",
            "Abandoned carts.",
        );
    }
}

/// A product was put into a cart.
#[track_caller]
pub fn cart_added(metrics: Option<&Metrics>, category: impl Label) {
    let Some(metrics) = metrics else { return };
    metrics.built_in().carts.added.inc(category);
}

/// A cart was begun.
#[track_caller]
pub fn cart_started(metrics: Option<&Metrics>) {
    let Some(metrics) = metrics else { return };
    metrics.built_in().carts.started.inc(());
    metrics.built_in().carts.abandoned.show();
}

/// A cart was given up.
#[track_caller]
pub fn cart_abandoned(metrics: Option<&Metrics>) {
    let Some(metrics) = metrics else { return };
    metrics.built_in().carts.abandoned.inc(());
}

event! {
    ($)
    /// A product was put into a cart: category. Adds 1 to `add_to_cart_total`.
    ///
    /// ```
    /// obs_metrics::cart_added!("milk");
    /// ```
    cart_added { (category) => cart_added; }
}

event! {
    ($)
    /// A cart was begun: adds 1 to `cart_started_total`.
    ///
    /// ```
    /// obs_metrics::cart_started!();
    /// ```
    cart_started { () => cart_started; }
}

event! {
    ($)
    /// A cart was given up: adds 1 to `cart_abandoned_total`.
    ///
    /// ```
    /// obs_metrics::cart_abandoned!();
    /// ```
    cart_abandoned { () => cart_abandoned; }
}
