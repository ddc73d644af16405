//! Metrics of other libraries.

pub mod prometheus_client;
