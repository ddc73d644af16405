//! One configuration: code, then environment, then default. All faults are reported together.

mod error;
mod pairs;
mod reader;

pub use self::error::{ConfigError, Fault};
pub use self::pairs::{pairs, percent_decode};
pub use self::reader::Reader;
