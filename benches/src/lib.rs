//! What a request costs with and without obs-*, over the same axum router.
//!
//! `cargo xtask overhead` runs every [`Row`] once under callgrind and once under a counting
//! allocator, and compares the counts with `budgets.toml`.
//!
//! ```
//! use obs_benches::{Bench, Row};
//!
//! let mut bench = Bench::new(Row::Red);
//! bench.requests(3);
//! assert_eq!(bench.produced(), "3 requests in 1 series");
//! ```

mod app;
mod produced;
mod row;
mod signals;

pub use self::row::Row;

use bytes::Bytes;
use http_body_util::BodyExt as _;
use tokio::runtime::{Builder, Runtime};
use tower_service::Service as _;

use crate::produced::Produced;

/// One row, ready to take requests.
pub struct Bench {
    runtime: Runtime,
    service: Target,
    produced: Produced,
    buffer: Bytes,
}

/// The service as `axum::serve` calls it.
type Target = axum::Router;

impl Bench {
    /// Builds the service of a row.
    ///
    /// # Panics
    /// If the runtime cannot be built.
    #[must_use]
    #[allow(clippy::expect_used, reason = "a bench")]
    pub fn new(row: Row) -> Self {
        let runtime = Builder::new_current_thread().build().expect("a runtime");
        let (service, produced) = row.build();
        Self { runtime, service, produced, buffer: app::read_buffer() }
    }

    /// Sends so many requests, one after the other, each to the end of its body.
    #[inline(never)]
    pub fn requests(&mut self, count: u32) {
        let Self { runtime, service, buffer, .. } = self;
        runtime.block_on(async {
            for _ in 0..count {
                let request = app::request(buffer);
                let Ok(response) = service.call(request).await;
                let _ = response.into_body().collect().await;
            }
        });
    }

    /// What the row has produced: a row that observed nothing has no costs to speak of.
    #[must_use]
    pub fn produced(&self) -> String {
        self.produced.text()
    }
}
