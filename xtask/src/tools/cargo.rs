//! `cargo install` into the tool cache.

use std::{
    env,
    ffi::OsString,
    fs, io,
    process::{Command, Stdio},
};

use anyhow::{Context, Result, ensure};

use super::cache;

/// The cargo that runs us, or the one on PATH.
pub(crate) fn program() -> OsString {
    env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// Compiles into a folder beside the final one and renames that: an interrupted install leaves nothing that
/// looks finished.
pub(super) fn install(name: &str, version: &str) -> Result<()> {
    let _lock = cache::lock(&format!("{name}-{version}"))?;
    let folder = cache::folder(name, version)?;
    if folder.join("bin").join(name).is_file() {
        return Ok(());
    }
    eprintln!(
        "{name} {version} is compiled once, which takes minutes; it stays in {}",
        folder.display()
    );
    let partial = folder.with_file_name(format!("{name}-{version}.partial"));
    let root = cache::root()?;
    for leftover in [&folder, &partial] {
        cache::remove(leftover)?;
    }
    let status = Command::new(program())
        .args(["install", "--locked", "--root"])
        .arg(&partial)
        .arg(format!("{name}@{version}"))
        // Not in the workspace: its cargo settings and its target directory are not meant for tools.
        .current_dir(root)
        .env_remove("CARGO_TARGET_DIR")
        .stdin(Stdio::null())
        .stdout(io::stderr())
        .status()
        .context("cannot start cargo")?;
    ensure!(
        status.success(),
        "cannot install {name} {version}: cargo install failed, see above. Install it yourself: cargo install \
         --locked {name}@{version}"
    );
    fs::rename(&partial, &folder)
        .with_context(|| format!("cannot move {} into place", partial.display()))
}
