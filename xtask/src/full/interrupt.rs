//! Ctrl-C.

use std::process;
use std::thread;

use anyhow::{Context as _, Result};
use tokio::runtime::Builder;
use tokio::signal::ctrl_c;

use super::report::Report;

/// What a shell reports of a program that SIGINT has ended.
const INTERRUPTED: i32 = 130;

/// From here on Ctrl-C ends this program with a report. What it runs is in the terminal's foreground
/// too, and has got the same signal.
pub(super) fn tell(report: Report) -> Result<()> {
    let runtime = Builder::new_current_thread().enable_io().build().context("no runtime")?;
    thread::spawn(move || {
        if runtime.block_on(ctrl_c()).is_ok() {
            eprintln!("\ninterrupted\n\n{report}");
            process::exit(INTERRUPTED);
        }
    });
    Ok(())
}
