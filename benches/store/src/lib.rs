//! What the metric store costs, operation by operation.
//!
//! `cargo xtask overhead` holds these to `benches/budgets.toml`; `cargo xtask full peers` runs the
//! same operations of other libraries beside them, with the same [`load`].
//!
//! ```
//! use obs_store_benches::{Operation, bench};
//!
//! let bench = bench(Operation::RedRecord).expect("we record requests");
//! bench.run(3);
//! assert_eq!(bench.seen(), Operation::RedRecord.expected(3));
//! ```

mod bench;
mod families;
pub mod load;
mod operation;
mod red;

pub use self::bench::{Bench, produced};
pub use self::families::{counters, histograms};
pub use self::operation::Operation;
pub use self::red::requests;

/// An operation of ours, ready to run. `None` if there is no such operation here.
#[must_use]
pub fn bench(operation: Operation) -> Option<Bench> {
    match operation {
        Operation::RedRecord => Some(red::record()),
        Operation::EncodeCounters1k => Some(counters(1000)),
        Operation::EncodeCounters10k => Some(counters(10_000)),
        Operation::EncodeHistograms1k => Some(histograms(1000)),
        _ => families::bench(operation),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_leaves_what_it_should() {
        for operation in Operation::ALL {
            let Some(bench) = bench(operation) else { continue };
            bench.run(2);
            assert_eq!(bench.seen(), operation.expected(2), "{}", operation.name());
        }
    }
}
