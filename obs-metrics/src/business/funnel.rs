use crate::built_in::families;
use crate::naming::{Canonical, CanonicalLabel as Label};

use crate::label_enum;

label_enum! {
    /// A stage on the way to an order.
    pub enum FunnelStage {
        Homepage = "homepage",
        ProductView = "product_view",
        AddToCart = "add_to_cart",
        Checkout = "checkout",
        Payment = "payment",
        OrderComplete = "order_complete",
    }
}

families! {
    Funnel {
        stages: CounterCell = Canonical::counter(
            "conversion_funnel_total",
            "Times that a stage on the way to an order was reached.",
        )
        .labels(&[Label::open("stage").known(&[
            "homepage",
            "product_view",
            "add_to_cart",
            "checkout",
            "payment",
            "order_complete",
        ])]);
    }
}
