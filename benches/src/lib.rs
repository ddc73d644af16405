//! What a request costs with and without obs-*, over the same application.
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

mod actix;
mod app;
mod produced;
mod row;
mod signals;

pub use self::row::Row;

use tokio::runtime::{Builder, Runtime};

use crate::produced::Produced;

/// One row, ready to take requests.
pub struct Bench {
    runtime: Runtime,
    drive: Drive,
    produced: Produced,
}

/// Sends so many requests to the service of a row.
type Drive = Box<dyn FnMut(&Runtime, u32)>;

impl Bench {
    /// Builds the service of a row.
    ///
    /// # Panics
    /// If the runtime cannot be built.
    #[must_use]
    #[allow(clippy::expect_used, reason = "a bench")]
    pub fn new(row: Row) -> Self {
        let runtime = Builder::new_current_thread().build().expect("a runtime");
        let (drive, produced) = row.build(&runtime);
        Self { runtime, drive, produced }
    }

    /// Sends so many requests, one after the other, each to the end of its body.
    #[inline(never)]
    pub fn requests(&mut self, count: u32) {
        (self.drive)(&self.runtime, count);
    }

    /// What the row has produced: a row that observed nothing has no costs to speak of.
    #[must_use]
    pub fn produced(&self) -> String {
        self.produced.text()
    }
}
