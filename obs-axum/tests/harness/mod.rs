//! What the tests of this crate share: servers and clients on loopback sockets, what was seen.
#![allow(dead_code, unused_imports, reason = "each test file uses some of it")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "helpers of tests"
)]

mod recorder;
mod scrape;
mod server;

use std::time::{Duration, Instant};

pub(crate) use obs_testing::{Answer, BOTH, Client, H1, H2, PATIENCE, Protocol, get, raw};
#[cfg(unix)]
pub(crate) use obs_testing::{Process, is_the_service, listen};
pub(crate) use recorder::{Record, RecordedFacts, Recorder};
pub(crate) use scrape::Scrape;
pub(crate) use server::Server;

use obs_axum::{Obs, Settings, Setup};

/// A handle with default settings that touches nothing global.
pub(crate) fn obs() -> Obs {
    Setup::new(Settings::default()).build()
}

/// Waits until `look` gives the expected value; a last mismatch is the failure.
pub(crate) async fn eventually<T>(mut look: impl AsyncFnMut() -> T, expected: T, what: &str)
where
    T: PartialEq + std::fmt::Debug,
{
    let deadline = Instant::now() + PATIENCE;
    loop {
        let found = look().await;
        if found == expected {
            return;
        }
        if Instant::now() > deadline {
            panic!("{what}: expected {expected:#?}, found {found:#?}");
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}
