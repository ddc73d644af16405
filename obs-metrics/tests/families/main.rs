//! Typed families: what is written is what is shown, within the budgets.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests")]

#[path = "../harness/mod.rs"]
mod harness;

mod budgets;
mod definitions;
mod log;
mod model;
mod setup;
mod shown;
mod threads;
mod ttl;
