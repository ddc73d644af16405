//! So are numbers.
use obs_metrics::define_metrics;

define_metrics! {
    pub struct Shop {
        /// Orders placed.
        counter orders { gift: bool, warehouse: u64 };
    }
}

fn main() {}
