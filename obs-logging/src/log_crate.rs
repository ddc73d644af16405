//! Records of the `log` crate: many libraries write those instead of events of `tracing`.

use tracing_core::metadata::LevelFilter;
use tracing_log::{AsLog as _, LogTracer};

/// Another logger of the `log` crate was set before, and a process has one only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a logger of the `log` crate is already set: records of `log` stay with that logger and are not in \
     this log, unless it is tracing_log::LogTracer. Remove it, or set OBS_LOG_CRATE=false"
)]
#[non_exhaustive]
pub struct LoggerTaken;

/// Sets the logger that makes an event of each record, up to the most verbose level that can be seen.
pub(crate) fn install(most: LevelFilter) -> Result<(), LoggerTaken> {
    LogTracer::builder().with_max_level(most.as_log()).init().map_err(|_| LoggerTaken)
}
