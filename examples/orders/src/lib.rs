//! What the orders services have in common, whatever their framework: they translate requests into
//! calls of [`Orders`], and its answers and [`Problem`]s into responses.
#![allow(
    missing_docs,
    clippy::missing_errors_doc,
    clippy::must_use_candidate,
    reason = "a part of the examples, in a crate of its own"
)]

pub mod config;
pub mod domain;
mod events;
mod export;
mod gateway;
mod gauges;
mod metrics;
mod problem;
mod service;
pub mod store;

pub use events::{Events, OrderEvent, Seen};
pub use gateway::GatewayError;
pub use gauges::refresh;
pub use metrics::OrderMetrics;
pub use problem::Problem;
pub use service::Orders;
