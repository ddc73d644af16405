//! `cargo xtask full fuzz`: every target in `fuzz/`, with cargo-fuzz on the stable toolchain.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use serde::Deserialize;

use crate::tools::{self, CARGO_FUZZ, Install};

const WORKSPACE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

#[derive(Deserialize)]
struct Manifest {
    bin: Vec<Target>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
}

pub(super) fn run(minutes: u64) -> Result<()> {
    let manifest = Path::new(WORKSPACE).join("fuzz/Cargo.toml");
    let text = std::fs::read_to_string(&manifest).context("cannot read fuzz/Cargo.toml")?;
    let targets = targets(&text)?;
    let found = tools::ensure(&[&CARGO_FUZZ], Install::Allowed)?;
    let path = tools::search_path(found.all()?)?;
    let mut failed = Vec::new();
    for (index, target) in targets.iter().enumerate() {
        eprintln!("[{}/{}] {target}, {minutes} min", index + 1, targets.len());
        let status = Command::new(tools::cargo_program())
            .current_dir(WORKSPACE)
            // Instrumentation needs no more than stable has; without a sanitizer, as our code has
            // no `unsafe`, what is looked for are panics and failed assertions.
            .args(["fuzz", "run", "--sanitizer", "none", target, "--"])
            .arg(format!("-max_total_time={}", minutes * 60))
            .env("RUSTC_BOOTSTRAP", "1")
            .env("PATH", &path)
            .status()
            .context("cannot start cargo fuzz")?;
        if !status.success() {
            failed.push(target.as_str());
        }
    }
    ensure!(
        failed.is_empty(),
        "{}: what made it fail is in fuzz/artifacts, see above",
        failed.join(", ")
    );
    Ok(())
}

fn targets(manifest: &str) -> Result<Vec<String>> {
    let manifest: Manifest = toml::from_str(manifest).context("fuzz/Cargo.toml has no [[bin]]")?;
    Ok(manifest.bin.into_iter().map(|target| target.name).collect())
}

#[cfg(test)]
mod tests {
    use super::targets;

    #[test]
    fn every_program_of_the_package_is_a_target() {
        let manifest = "[package]\nname = \"fuzz\"\n[[bin]]\nname = \"a\"\npath = \"a.rs\"\n[[bin]]\nname = \"b\"\n";
        assert_eq!(targets(manifest).unwrap(), ["a", "b"]);
        assert!(targets("[package]\nname = \"fuzz\"\n").is_err());
    }
}
