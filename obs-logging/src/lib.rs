//! JSON log lines with request ids, one access line per request, a bounded writer.

mod access;
mod filter;
mod layer;
mod levels;
mod line;
mod logging;
mod settings;
mod writer;

pub use self::access::AccessLog;
pub use self::filter::LogFilter;
pub use self::layer::LogLayer;
pub use self::levels::{Levels, LevelsError};
pub use self::logging::Logging;
pub use self::settings::{Format, LoggingSettings};
