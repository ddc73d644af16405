//! `cargo xtask minimal`: every library with the lowest versions that its manifest allows.
//!
//! An application's lock file may hold any version from there on. Only the manifests are copied, without
//! what tests need, since that would raise versions; the sources are read where they are.

mod manifest;
mod rust;

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use crate::tools;

/// What `cargo xtask minimal` accepts.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// All features of every library; otherwise those that are on by default.
    #[arg(long)]
    all_features: bool,
}

const WORKSPACE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/minimal");

pub(crate) fn run(args: Args) -> Result<()> {
    let workspace = Path::new(WORKSPACE).canonicalize().context("no workspace")?;
    let folder = Path::new(FOLDER);
    let manifest::Copied { libraries, rust } = manifest::copy(&workspace, folder)?;
    let lock = folder.join("Cargo.lock");
    if lock.exists() {
        fs::remove_file(&lock).context("cannot remove the lock file of the last run")?;
    }
    // The option is one of nightly, and so is the way to use it with the compiler that is here.
    cargo(folder, &["generate-lockfile", "--quiet", "-Z", "direct-minimal-versions"], true)
        .context("the lowest versions do not fit together: raise those that cargo names")?;
    let mut check = vec!["check", "--lib", "--workspace"];
    if args.all_features {
        check.push("--all-features");
    }
    let toolchain = rust::toolchain(&rust);
    match &toolchain {
        Some(name) => eprintln!("building with {name}, the lowest that the libraries declare"),
        None => eprintln!(
            "WARNING: Rust {rust}, which the libraries declare, is not installed: building with the \
             compiler that is here. Install it with: rustup toolchain install {rust}.0"
        ),
    }
    cargo_of(toolchain.as_deref(), folder, &check)
        .context("a library needs more than its lowest versions: raise them in Cargo.toml")?;
    let with = toolchain.map(|name| format!(" and {name}")).unwrap_or_default();
    println!("{} libraries build with their lowest versions{with}", libraries.len());
    Ok(())
}

/// The cargo of a toolchain, or the one that is here.
fn cargo_of(toolchain: Option<&str>, folder: &Path, arguments: &[&str]) -> Result<()> {
    let Some(toolchain) = toolchain else { return cargo(folder, arguments, false) };
    let mut command = Command::new("rustup");
    command.current_dir(folder).args(["run", toolchain, "cargo"]).args(arguments);
    // Else the compiler of the cargo that runs this is used.
    for variable in ["CARGO", "RUSTC", "RUSTDOC", "RUSTUP_TOOLCHAIN"] {
        command.env_remove(variable);
    }
    let status = command.status().context("cannot start rustup")?;
    ensure!(status.success(), "cargo {} failed with {toolchain}, see above", arguments[0]);
    Ok(())
}

fn cargo(folder: &Path, arguments: &[&str], unstable: bool) -> Result<()> {
    let mut command = Command::new(tools::cargo_program());
    command.current_dir(folder).args(arguments);
    if unstable {
        command.env("RUSTC_BOOTSTRAP", "1");
    }
    let status = command.status().context("cannot start cargo")?;
    ensure!(status.success(), "cargo {} failed, see above", arguments[0]);
    Ok(())
}
