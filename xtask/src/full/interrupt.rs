//! Ctrl-C.

use std::thread;

use anyhow::{Context as _, Result};
use tokio::runtime::Builder;
use tokio::signal::ctrl_c;

use super::report::Report;

/// From here on Ctrl-C ends this program with a report. What it runs is in the terminal's foreground
/// too, and has got the same signal.
pub(super) fn tell(report: Report) -> Result<()> {
    let runtime = Builder::new_current_thread().enable_io().build().context("no runtime")?;
    thread::spawn(move || {
        if runtime.block_on(ctrl_c()).is_ok() {
            report.interrupted();
        }
    });
    Ok(())
}
