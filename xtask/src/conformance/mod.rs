//! `cargo xtask conformance`: every adapter against the same scenarios, and against its own faults.

use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use crate::tools;

/// What `cargo xtask conformance` accepts.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Only this subject, such as `axum`.
    #[arg(long)]
    subject: Option<String>,
    /// Switch faults of the adapters on, one after the other: the suite must see each of them.
    #[arg(long)]
    mutants: bool,
    /// Only scenarios, or mutants, with this text in their names.
    filter: Option<String>,
}

impl Args {
    /// All mutants.
    pub(crate) fn mutants() -> Self {
        Self { subject: None, mutants: true, filter: None }
    }
}

pub(crate) fn run(args: Args) -> Result<()> {
    let mut command = Command::new(tools::cargo_program());
    command.current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).args([
        "run",
        "--quiet",
        "--locked",
        "--package",
        "obs-conformance",
    ]);
    if args.mutants {
        // All crates are compiled anew with these flags: in a folder of their own, or each of the two
        // builds would throw the other one away.
        let flags = std::env::var("RUSTFLAGS").unwrap_or_default();
        command.env("RUSTFLAGS", format!("{flags} --cfg obs_mutants"));
        command.args(["--target-dir", "target/mutants", "--", "--mutants"]);
    } else {
        command.arg("--");
    }
    if let Some(subject) = args.subject {
        command.args(["--subject", &subject]);
    }
    command.args(args.filter);
    let status = command.status().context("cannot start cargo")?;
    ensure!(status.success(), "not every adapter does what it must; see above");
    Ok(())
}
