//! One configuration: code, then environment, then default. All faults are reported together.
//!
//! Our own variables, `OBS_*`, are read strictly: a value that cannot be used stops the start. The
//! variables of others, such as `OTEL_*`, `RUST_LOG` and `SENTRY_*`, are often set for whole
//! clusters and are read as their owner's specification says: a value that cannot be used is a
//! [warning](Warnings). `OBS_STRICT=true` makes the warnings faults. [`VARIABLES`] has them all.

mod error;
mod fault;
mod names;
mod nearest;
mod pairs;
mod reader;
mod variables;
mod warnings;

pub use self::error::ConfigError;
pub use self::fault::{Fault, Problem};
pub use self::pairs::{pairs, percent_decode};
pub use self::reader::Reader;
pub use self::variables::{Class, VARIABLES, Variable};
pub use self::warnings::{SignalOff, Warnings};
