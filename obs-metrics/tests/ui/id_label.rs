//! And ids above all.
use obs_metrics::define_metrics;

pub struct OrderId(pub u128);

define_metrics! {
    pub struct Shop {
        /// Time until an order is delivered.
        histogram delivery { order: OrderId } unit("seconds");
    }
}

fn main() {}
