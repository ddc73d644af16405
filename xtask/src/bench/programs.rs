use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use crate::tools;

/// The programs that cargo built.
pub(crate) struct Programs(Vec<PathBuf>);

impl Programs {
    /// Builds in release with these arguments of `cargo build`.
    pub(crate) fn build(args: &[&str]) -> Result<Self> {
        let output = Command::new(tools::cargo_program())
            .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
            .args(["build", "--release", "--bins"])
            .args(["--message-format", "json-render-diagnostics"])
            .args(args)
            .stderr(Stdio::inherit())
            .output()
            .context("cannot start cargo")?;
        ensure!(output.status.success(), "the benches do not build, see above");
        let executables = String::from_utf8_lossy(&output.stdout)
            .lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok())
            .filter_map(|message| Some(PathBuf::from(message.get("executable")?.as_str()?)))
            .collect();
        Ok(Self(executables))
    }

    pub(crate) fn get(&self, name: &str) -> Result<&Path> {
        let found = self.0.iter().find(|path| path.file_stem().is_some_and(|stem| stem == name));
        found.map(PathBuf::as_path).with_context(|| format!("cargo built no program {name}"))
    }
}

/// What a program prints; what it has to say goes to the terminal.
pub(crate) fn output(program: &Path, args: &[&str]) -> Result<String> {
    let output = Command::new(program)
        .args(args)
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("cannot run {}", program.display()))?;
    ensure!(output.status.success(), "{} failed ({})", program.display(), output.status);
    Ok(String::from_utf8(output.stdout)?)
}
