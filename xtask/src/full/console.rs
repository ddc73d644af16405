//! `cargo xtask full console`: tokio's console in the subscriber that obs sets. It needs a tokio that is
//! built with an unstable option, and all crates with it.

use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use crate::tools;

const WORKSPACE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

pub(super) fn run() -> Result<()> {
    eprintln!("building conformance/layers with tokio_unstable (a few minutes when cold)");
    let flags = std::env::var("RUSTFLAGS").unwrap_or_default();
    // Not `--locked`: what we depend on is in its lock file too, and changes more often than that.
    let status = Command::new(tools::cargo_program())
        .current_dir(WORKSPACE)
        .args(["run", "--manifest-path", "conformance/layers/Cargo.toml"])
        .args(["--features", "console", "--bin", "console", "--target-dir", "target/console"])
        .env("RUSTFLAGS", format!("{flags} --cfg tokio_unstable"))
        .status()
        .context("cannot start cargo")?;
    ensure!(status.success(), "the console does not work beside our layers, see above");
    Ok(())
}
