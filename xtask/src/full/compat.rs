//! `cargo xtask full compat`: `conformance/compat`, with the real Prometheus.

use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use crate::tools::{self, Install, PROMETHEUS};

const WORKSPACE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

pub(super) fn run() -> Result<()> {
    let found = tools::ensure(&[&PROMETHEUS], Install::Allowed)?;
    let path = tools::search_path(found.all()?)?;
    eprintln!("building conformance/compat (a few minutes when cold), then half a minute");
    // Not `--locked`: what we depend on is in its lock file too, and changes more often than that.
    let status = Command::new(tools::cargo_program())
        .current_dir(WORKSPACE)
        .args(["run", "--manifest-path", "conformance/compat/Cargo.toml"])
        .args(["--target-dir", "target/compat"])
        .env("PATH", path)
        .status()
        .context("cannot start cargo")?;
    ensure!(status.success(), "a preset is not what it replaces, see above");
    Ok(())
}
