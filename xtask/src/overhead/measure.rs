//! Runs a row of `benches/` under callgrind and under the counting allocator.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::Value;

/// Requests that `measured` sends: the same number stands in `benches/src/bin/instructions.rs`.
const REQUESTS: f64 = 200.0;

/// What one request of a row costs.
#[derive(Debug)]
pub(super) struct Cost {
    instructions: f64,
    allocations: f64,
    produced: String,
}

impl Cost {
    pub(super) fn new(instructions: f64, allocations: f64, produced: String) -> Self {
        Self { instructions, allocations, produced }
    }

    pub(super) fn instructions(&self) -> f64 {
        self.instructions
    }

    pub(super) fn allocations(&self) -> f64 {
        self.allocations
    }

    pub(super) fn produced(&self) -> &str {
        &self.produced
    }
}

/// The programs of `benches/`.
pub(super) struct Programs {
    instructions: PathBuf,
    allocations: PathBuf,
}

pub(super) fn build() -> Result<Programs> {
    eprintln!("building benches in release (a minute or two when cold)");
    let output = Command::new(env!("CARGO"))
        .args(["build", "--release", "--package", "obs-benches", "--bins"])
        .args(["--message-format", "json-render-diagnostics"])
        .stderr(std::process::Stdio::inherit())
        .output()
        .context("cannot run cargo")?;
    ensure!(output.status.success(), "the benches do not build");
    let executables: Vec<PathBuf> = String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter_map(|message| Some(PathBuf::from(message.get("executable")?.as_str()?)))
        .collect();
    let program = |name: &str| {
        let found =
            executables.iter().find(|path| path.file_stem().is_some_and(|stem| stem == name));
        found.cloned().with_context(|| format!("cargo built no program {name}"))
    };
    Ok(Programs { instructions: program("instructions")?, allocations: program("allocations")? })
}

impl Programs {
    /// The names of all rows.
    pub(super) fn rows(&self) -> Result<Vec<String>> {
        let names = run(Command::new(&self.instructions).arg("--list"))?.stdout;
        Ok(names.lines().map(str::to_owned).collect())
    }

    pub(super) fn measure(&self, row: &str) -> Result<Cost> {
        let callgrind = run(Command::new("valgrind")
            .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
            .args(["--collect-atstart=no", "--toggle-collect=*measured*"])
            .arg(&self.instructions)
            .arg(row))
        .context("valgrind counts the instructions (Debian: apt-get install valgrind)")?;
        let produced = callgrind.stdout.trim().to_owned();
        ensure!(
            !produced.starts_with("0 "),
            "the row {row} produced nothing: what it costs says nothing"
        );
        let collected = callgrind
            .stderr
            .lines()
            .find_map(|line| line.split_once("Collected :")?.1.trim().parse::<f64>().ok())
            .filter(|count| *count > 0.0)
            .with_context(|| format!("callgrind counted nothing:\n{}", callgrind.stderr))?;
        let allocations = run(Command::new(&self.allocations).arg(row))?.stdout;
        let allocations = allocations.trim().parse().context("allocations are no number")?;
        Ok(Cost::new(collected / REQUESTS, allocations, produced))
    }
}

struct Text {
    stdout: String,
    stderr: String,
}

fn run(command: &mut Command) -> Result<Text> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().with_context(|| format!("cannot run {program}"))?;
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    if !output.status.success() {
        bail!("{program} failed ({}):\n{stdout}{stderr}", output.status);
    }
    Ok(Text { stdout, stderr })
}
