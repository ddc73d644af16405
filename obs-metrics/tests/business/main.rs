//! The macros of events: each is read back from a scrape.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests, outside of #[test]"
)]

#[path = "../harness/mod.rs"]
mod harness;

mod access;
mod compat;
mod database;
mod emits;
mod every;
mod goods;
mod names;
mod orders;
mod projects;
mod queues;
mod rate_limits;
mod served;
mod shop;
mod users;
mod values;

use std::sync::Arc;

use obs_core::ServiceIdentity;
use obs_metrics::{Metrics, MetricsSettings, Naming};

use harness::seen;

pub(crate) fn metrics() -> Arc<Metrics> {
    harness::metrics()
}

pub(crate) fn named(naming: Naming) -> Arc<Metrics> {
    let mut settings = MetricsSettings::default();
    settings.naming = naming;
    Arc::new(Metrics::new(&settings, &ServiceIdentity::default()))
}

/// All series of one name, as a scrape shows them: the values of their labels, and theirs.
pub(crate) fn all(metrics: &Metrics, name: &str) -> Vec<(Vec<String>, f64)> {
    let seen = seen(metrics);
    let series = seen.of(name);
    series.map(|(labels, value)| (labels.values().cloned().collect(), value)).collect()
}

/// The value of one series.
pub(crate) fn value(metrics: &Metrics, name: &str, labels: &[(&str, &str)]) -> f64 {
    seen(metrics).value(name, labels)
}

/// The same if it is shown.
pub(crate) fn shown(metrics: &Metrics, name: &str, labels: &[(&str, &str)]) -> Option<f64> {
    seen(metrics).get(name, labels)
}

pub(crate) fn refused(metrics: &Metrics, family: &str) -> f64 {
    value(metrics, "obs_values_refused_total", &[("family", family)])
}
