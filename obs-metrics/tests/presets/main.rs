//! The presets, each against a table: the names, types, labels, help texts and buckets that the
//! dashboards and alerts of a system rely on.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests, outside of #[test]"
)]

#[path = "../harness/mod.rs"]
mod harness;

mod bad_names;
mod buckets;
mod canonical;
mod check;
mod http;
mod scraped;
mod system;
mod systems;
mod table;

use std::sync::Arc;
use std::time::Duration;

use obs_core::ServiceIdentity;
use obs_metrics::{Metrics, MetricsSettings, Naming};

pub(crate) fn with(settings: &MetricsSettings) -> Arc<Metrics> {
    Arc::new(Metrics::new(settings, &ServiceIdentity::default()))
}

pub(crate) fn named(naming: Naming) -> Arc<Metrics> {
    let mut settings = MetricsSettings::default();
    settings.naming = naming;
    // The least there is.
    settings.slow_query = Duration::from_millis(1);
    with(&settings)
}
