//! The command line.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::{Parser, Subcommand};

use crate::{Subject, differences, mutants, run, service};

#[derive(Parser)]
#[command(
    about = "Tries every adapter with the same scenarios",
    args_conflicts_with_subcommands = true
)]
struct Args {
    #[command(subcommand)]
    command: Option<Command>,
    /// Only this one.
    #[arg(long)]
    subject: Option<String>,
    /// Only scenarios with this text in their names.
    filter: Option<String>,
    /// Where this file says that a framework really differs, instead of our own `differences.toml`.
    #[arg(long, value_name = "FILE")]
    differences: Option<PathBuf>,
    /// Switch faults on, one after the other: the suite must see each of them.
    #[arg(long)]
    mutants: bool,
}

#[derive(Subcommand)]
enum Command {
    /// Be the service of a subject.
    #[command(hide = true)]
    Serve { subject: String },
}

/// Runs the suite with these subjects, as the command line says; the program of one `main` line.
#[must_use]
pub fn main(subjects: &[Subject]) -> ExitCode {
    match start(&Args::parse(), subjects) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Whether everything is as it should be.
fn start(args: &Args, subjects: &[Subject]) -> Result<bool> {
    let named = |name: &String| {
        let names = || subjects.iter().map(|it| it.name).collect::<Vec<_>>().join(", ");
        let found = subjects.iter().find(|subject| subject.name == name);
        found.with_context(|| format!("no subject {name:?}; there are: {}", names()))
    };
    if let Some(Command::Serve { subject }) = &args.command {
        return service::serve(named(subject)?).map(|()| true);
    }
    let chosen = match &args.subject {
        Some(name) => vec![*named(name)?],
        None => subjects.to_vec(),
    };
    let filter = args.filter.as_deref();
    let differences = differences::read(args.differences.as_deref())?;
    if args.mutants {
        mutants::run(&chosen, &differences, filter)
    } else {
        run::run(&chosen, &differences, filter)
    }
}
