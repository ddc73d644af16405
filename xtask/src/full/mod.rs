//! `cargo xtask full`: what takes too long for CI.

mod compat;
mod console;
mod fuzz;
mod interrupt;
mod peers;
mod report;
mod soak;

use std::time::Instant;

use anyhow::{Result, ensure};

use self::report::Report;
use crate::conformance;

/// What `cargo xtask full` accepts.
#[derive(clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Args {
    /// Only these; without a name all of them, one after the other.
    #[arg(value_enum)]
    parts: Vec<Part>,

    /// How long each fuzz target runs.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=1440))]
    minutes: u64,
}

const AFTER_HELP: &str = "\
One that fails does not keep the others from running. Ctrl-C ends it all and says what was done.

Examples:
  cargo xtask full
  cargo xtask full peers
  cargo xtask full fuzz --minutes 60";

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// The conformance suite against faults of the adapters.
    Mutants,
    /// The metric store beside other libraries: instructions, contention, memory.
    Peers,
    /// The presets of other crates' names beside these crates, under one Prometheus.
    Compat,
    /// tokio's console in the subscriber that obs sets.
    Console,
    /// Real services under traffic with hostile headers: twelve minutes.
    Soak,
    /// The fuzz targets in `fuzz/`.
    Fuzz,
}

impl Part {
    const ALL: [Self; 6] =
        [Self::Mutants, Self::Peers, Self::Compat, Self::Console, Self::Soak, Self::Fuzz];

    fn name(self) -> &'static str {
        match self {
            Self::Mutants => "mutants",
            Self::Peers => "peers",
            Self::Compat => "compat",
            Self::Console => "console",
            Self::Soak => "soak",
            Self::Fuzz => "fuzz",
        }
    }

    fn run(self, minutes: u64) -> Result<()> {
        match self {
            Self::Mutants => conformance::run(conformance::Args::mutants()),
            Self::Peers => peers::run(),
            Self::Compat => compat::run(),
            Self::Console => console::run(),
            Self::Soak => soak::run(),
            Self::Fuzz => fuzz::run(minutes),
        }
    }
}

pub(crate) fn run(args: Args) -> Result<()> {
    let parts: Vec<Part> = Part::ALL
        .into_iter()
        .filter(|part| args.parts.is_empty() || args.parts.contains(part))
        .collect();
    let report = Report::new(parts.iter().map(|part| part.name()).collect());
    interrupt::tell(report.clone())?;
    for (index, part) in parts.iter().enumerate() {
        eprintln!("\n=== [{}/{}] {}", index + 1, parts.len(), part.name());
        let start = Instant::now();
        let result = part.run(args.minutes);
        report.ended(part.name(), result.is_ok(), start.elapsed());
        if let Err(error) = result {
            eprintln!("{}: {error:#}", part.name());
        }
    }
    println!("\n{report}");
    let failed = report.failed();
    ensure!(failed.is_empty(), "failed: {}; see above", failed.join(", "));
    Ok(())
}
