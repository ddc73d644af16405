use crate::built_in::families;
use crate::naming::{Canonical, CanonicalLabel as Label};

families! {
    Carts {
        added: CounterCell = Canonical::counter(
            "add_to_cart_total",
            "Products that were put into a cart, by category.",
        )
        .labels(&[Label::open("product_category")]);
        started: CounterCell = Canonical::counter("cart_started_total", "Carts that were begun.");
        abandoned: CounterCell = Canonical::counter(
            "cart_abandoned_total",
            "Carts that were given up.",
        );
    }
}
