//! One configuration: code, then environment, then default. All faults are reported together.

mod error;
mod reader;

pub use self::error::{ConfigError, Fault};
pub use self::reader::Reader;
