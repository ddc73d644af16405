//! `cargo xtask overhead`: what a request costs, and whether that is within the budgets.

mod budget;
mod measure;
mod table;

use std::collections::BTreeMap;

use anyhow::{Result, bail};

use self::budget::Budgets;
use self::measure::Cost;

/// What `cargo xtask overhead` accepts.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Rows to measure, besides those that budgets refer to; all if none is named.
    rows: Vec<String>,
}

pub(crate) fn run(args: Args) -> Result<()> {
    let budgets = Budgets::read()?;
    let programs = measure::build()?;
    let mut costs: BTreeMap<String, Cost> = BTreeMap::new();
    let rows = programs.rows()?;
    if let Some(unknown) = args.rows.iter().find(|row| !rows.contains(row)) {
        bail!("no row is called {unknown:?}; there are {}", rows.join(", "));
    }
    let wanted: Vec<&String> = rows
        .iter()
        .filter(|row| args.rows.is_empty() || args.rows.contains(row) || budgets.is_base(row))
        .collect();
    for (index, row) in wanted.iter().enumerate() {
        eprintln!("[{}/{}] {row}", index + 1, wanted.len());
        costs.insert((*row).clone(), programs.measure(row)?);
    }

    println!("{}", table::render(&wanted, &costs));
    let overruns = budgets.overruns(&costs)?;
    if overruns.is_empty() {
        println!("all rows are within benches/budgets.toml");
        return Ok(());
    }
    bail!("over budget:\n  {}", overruns.join("\n  "))
}
