use obs_stack::api::metrics::define_metrics;

use crate::domain::orders::OrderKind;
use crate::domain::payments::Gateway;

define_metrics! {
    /// What the business wants to know beyond what obs-* brings along.
    pub struct OrderMetrics {
        /// Lines of the orders that were placed.
        histogram order_lines { kind: OrderKind, payment: Gateway }
            buckets(1.0, 2.0, 5.0, 10.0, 20.0, 50.0);
    }
}
