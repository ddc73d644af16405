//! Texts that come from somewhere are open: they need a limit.
use obs_metrics::define_metrics;

define_metrics! {
    pub struct Shop {
        /// Orders placed.
        counter orders { customer: String };
    }
}

fn main() {}
