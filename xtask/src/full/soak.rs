//! `cargo xtask full soak`: the demo with hostile headers mixed in, on both frameworks, built both ways. It fails
//! if a service ends, or counts other requests than were sent.

use anyhow::{Context as _, Result};

use crate::demo::{self, Args, Framework};

/// A release build overflows a stack later than a debug build, and drops more: it runs longer.
const RELEASE: u64 = 300;
const DEBUG: u64 = 60;

pub(super) fn run() -> Result<()> {
    for framework in [Framework::Axum, Framework::Actix] {
        for (release, seconds) in [(false, DEBUG), (true, RELEASE)] {
            let build = if release { "release" } else { "debug" };
            eprintln!("hostile traffic for {seconds} s: {framework:?}, {build}");
            demo::run(Args::hostile(framework, release, seconds))
                .with_context(|| format!("{framework:?} in {build}"))?;
        }
    }
    Ok(())
}
