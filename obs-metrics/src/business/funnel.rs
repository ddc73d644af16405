use crate::built_in::families;
use crate::event::event;
use crate::naming::{Canonical, CanonicalLabel};
use crate::{Label, Metrics, label_enum};

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
            "Visits to each stage of the conversion funnel.",
        )
        .labels(&[CanonicalLabel::open("stage").known(&[
            "homepage",
            "product_view",
            "add_to_cart",
            "checkout",
            "payment",
            "order_complete",
        ])]);
    }
}

/// A stage was reached.
#[track_caller]
pub fn funnel_stage(metrics: Option<&Metrics>, stage: impl Label) {
    let Some(metrics) = metrics else { return };
    metrics.built_in().funnel.stages.inc(stage);
}

event! {
    ($)
    /// A stage on the way to an order was reached: adds 1 to `conversion_funnel_total`, which shows
    /// every [`FunnelStage`](crate::business::FunnelStage) from its first use on.
    ///
    /// It is a counter: how many came from one stage to the next is a ratio of two `increase`s.
    ///
    /// ```
    /// use obs_metrics::business::FunnelStage;
    /// use obs_metrics::funnel_stage;
    ///
    /// funnel_stage!(FunnelStage::Checkout);
    /// ```
    funnel_stage { (stage) => funnel_stage; }
}
