//! Backends for tests: real ones as processes, receivers in the process, and peers that misbehave; a
//! client; and a service that is the test binary once more, to send signals to. Never published.
//!
//! Everything here fails a test by a panic, ends when it is dropped, and listens on free ports of
//! 127.0.0.1.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::expect_used,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::missing_panics_doc,
    clippy::must_use_candidate,
    reason = "helpers of tests"
)]

pub mod admin;
mod bugsink;
mod client;
#[cfg(unix)]
pub mod cut_off;
mod otelite;
mod peer;
#[cfg(unix)]
mod process;
mod pushgateway;
pub mod receivers;
mod rotel;
mod tool;
mod valgrind;

pub use self::bugsink::Bugsink;
pub use self::client::{Answer, BOTH, Client, H1, H2, PATIENCE, Protocol, get, raw};
pub use self::otelite::{Otelite, Stored};
pub use self::peer::{FAULTS, Fault, Got, OK, Scripted, faulty};
#[cfg(unix)]
pub use self::process::{Process, Signal, announce, is_the_service, listen};
pub use self::pushgateway::Pushgateway;
pub use self::rotel::Rotel;
pub use self::tool::Tool;
pub use self::valgrind::valgrind;
