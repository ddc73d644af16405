use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

/// A function of that name in every program that is counted: only what it calls is.
const COUNTED: &str = "--toggle-collect=*counted_by_callgrind*";

/// What a row cost, all in all.
pub(crate) struct Counted {
    pub(crate) instructions: f64,
    /// What the row has produced, in its words. A program whose row produced nothing fails.
    pub(crate) produced: String,
}

/// Runs a row of a program under callgrind.
pub(crate) fn instructions(program: &Path, row: &str) -> Result<Counted> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .args(["--collect-atstart=no", COUNTED])
        .arg(program)
        .arg(row)
        .output()
        .context("valgrind counts the instructions (Debian: apt-get install valgrind)")?;
    let (stdout, stderr) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    if !output.status.success() {
        bail!("the row {row} failed ({}):\n{stdout}{stderr}", output.status);
    }
    let instructions = stderr
        .lines()
        .find_map(|line| line.split_once("Collected :")?.1.trim().parse::<f64>().ok())
        .filter(|count| *count > 0.0)
        .with_context(|| format!("callgrind counted nothing:\n{stderr}"))?;
    Ok(Counted { instructions, produced: stdout.trim().to_owned() })
}
