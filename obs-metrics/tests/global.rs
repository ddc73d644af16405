//! The metrics of the process. One test: it is one process.

use std::sync::Arc;

use obs_core::ServiceIdentity;
use obs_metrics::testing::Readings;
use obs_metrics::{Metrics, MetricsSettings, define_metrics, install, installed};

define_metrics! {
    struct Shop namespace("shop") {
        /// Orders placed.
        counter orders;
    }
}

define_metrics! {
    struct Taken {
        /// Requests.
        counter http_requests;
    }
}

#[test]
fn the_metrics_of_the_process_are_there_once_they_are_installed() {
    assert!(Shop::global().is_none() && installed().is_none());
    let metrics = Arc::new(Metrics::new(&MetricsSettings::default(), &ServiceIdentity::default()));
    install(Arc::clone(&metrics)).unwrap();
    Shop::global().unwrap().orders.inc();
    Shop::global().unwrap().orders.inc();
    Readings::of(&metrics).assert("shop_orders_total", 2);
    assert!(Taken::global().is_none(), "a name that is taken harms nobody");
    assert!(install(metrics).is_err());
}
