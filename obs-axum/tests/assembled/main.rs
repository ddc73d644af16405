//! The whole service, as a process: every signal installed, configured by variables alone, real HTTP
//! on one side and real backends on the other.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "helpers of tests"
)]

mod app;
mod correlation;
mod faults;
#[path = "../harness/mod.rs"]
mod harness;
mod lines;
mod numbers;
mod secrets;
mod spans;
mod traffic;
