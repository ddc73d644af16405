//! What the tests of this crate share: servers and clients on loopback sockets, what was seen.
#![allow(
    dead_code,
    unused_imports,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "each test file uses some of it; a service says where it listens"
)]

mod client;
mod recorder;
mod scrape;
mod server;
#[cfg(unix)]
mod service;

use std::time::{Duration, Instant};

pub(crate) use client::{Answer, BOTH, Client, H1, H2, Protocol, get, raw};
pub(crate) use recorder::{Record, RecordedFacts, Recorder};
pub(crate) use scrape::Scrape;
pub(crate) use server::Server;
#[cfg(unix)]
pub(crate) use service::Service;

use obs_axum::{Obs, Settings, Setup};

/// How long a test waits for what must happen.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

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
