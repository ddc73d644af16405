//! `cargo xtask full peers`: the operations of `benches/peers`, ours beside those of other libraries.

mod claims;
mod figures;
mod table;

use anyhow::{Context as _, Result, ensure};

use self::figures::{Figures, Scaling};
use crate::bench::{Programs, instructions, output};
use crate::overhead::Budgets;

/// What all others are compared with.
const OURS: &str = "obs";

pub(super) fn run() -> Result<()> {
    eprintln!("building benches/peers in release (a few minutes when cold)");
    // Not `--locked`: what we depend on is in its lock file too, and changes more often than that.
    let programs = Programs::build(&[
        "--manifest-path",
        "benches/peers/Cargo.toml",
        "--target-dir",
        "target/peers",
    ])?;
    let instructions = count(&programs)?;
    println!("\nInstructions per operation; beside them how many times ours\n");
    println!("{}", table::costs(&instructions));

    eprintln!("\nmemory");
    let memory =
        Figures::parse(&output(programs.get("memory")?, &[])?, |words| words.parse().ok())?;
    println!("\nBytes of heap per series with three labels; beside them how many times ours\n");
    println!("{}", table::costs(&memory));

    eprintln!("\ncontention (up to a minute on a busy machine)");
    let threads = Figures::parse(&output(programs.get("contention")?, &[])?, Scaling::parse)?;
    println!(
        "\nNanoseconds per operation, one thread -> two threads on the same series (medians)\n"
    );
    println!("{}", table::scaling(&threads));

    let broken = claims::broken(&instructions, &threads, &Budgets::read()?);
    ensure!(broken.is_empty(), "what we claim does not hold:\n  {}", broken.join("\n  "));
    println!("\nall claims hold");
    Ok(())
}

fn count(programs: &Programs) -> Result<Figures<f64>> {
    let program = programs.get("instructions")?;
    let list = output(program, &["--list"])?;
    let rows: Figures<f64> = Figures::parse(&list, |times| times.parse().ok())?;
    let mut done = 0;
    rows.try_map(|row, times| {
        done += 1;
        eprintln!("[{done}/{}] {row}", list.lines().count());
        let counted = instructions(program, row).with_context(|| format!("cannot count {row}"))?;
        Ok(counted.instructions / times)
    })
}
