//! The service over real HTTP: every scenario on SQLite and on PostgreSQL, and the program itself.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "clippy exempts test functions only, not what they call"
)]

mod client;
mod cluster;
mod gateway;
mod postgres;
mod program;
mod scenarios;
mod server;
