//! What a request costs with and without obs-*, over the same application; what the metric store
//! costs by itself.
//!
//! `cargo xtask overhead` runs every [`Row`] once under callgrind and once under a counting
//! allocator, and compares the counts with `budgets.toml`.
//!
//! ```
//! use obs_benches::{Bench, Row};
//!
//! let mut bench = Bench::new(Row::Red);
//! bench.run(3);
//! assert_eq!(bench.produced()?, "3 requests in 1 series");
//! # Ok::<(), String>(())
//! ```

mod actix;
mod app;
mod calls;
mod produced;
mod redacted;
mod row;
mod signals;
mod subscribed;

pub use self::redacted::Sample;
pub use self::row::Row;

use tokio::runtime::{Builder, Runtime};

use crate::produced::Produced;

/// One row, ready to run.
pub struct Bench {
    runtime: Runtime,
    drive: Drive,
    produced: Produced,
    done: u32,
}

/// Sends so many requests to the service of a row, or does so many operations.
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
        Self { runtime, drive, produced, done: 0 }
    }

    /// Sends so many requests, one after the other, each to the end of its body; or does so many
    /// operations.
    #[inline(never)]
    pub fn run(&mut self, count: u32) {
        self.done += count;
        (self.drive)(&self.runtime, count);
    }

    /// What the row has produced.
    ///
    /// # Errors
    /// It is nothing, or not what it should be: such a row has no costs to speak of.
    pub fn produced(&self) -> Result<String, String> {
        self.produced.text(self.done)
    }
}
