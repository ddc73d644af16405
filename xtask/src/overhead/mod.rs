//! `cargo xtask overhead`: what a request and the metric store cost, and whether that is within the
//! budgets.

mod budget;
mod measure;
mod table;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, bail};

pub(crate) use self::budget::Budgets;
use self::measure::{Cost, Row};

/// What `cargo xtask overhead` accepts.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Rows to measure, besides those that their budgets refer to; all if none is named.
    rows: Vec<String>,
}

pub(crate) fn run(args: Args) -> Result<()> {
    let budgets = Budgets::read()?;
    let programs = measure::build()?;
    let rows = measure::rows(&programs)?;
    let names: Vec<&str> = rows.iter().map(|row| &*row.name).collect();
    if let Some(unknown) = args.rows.iter().find(|row| !names.contains(&row.as_str())) {
        bail!("no row is called {unknown:?}; there are {}", names.join(", "));
    }
    let named = |row: &str| args.rows.is_empty() || args.rows.iter().any(|named| named == row);
    let mut bases = BTreeSet::new();
    names.iter().filter(|row| named(row)).for_each(|row| budgets.bases(row, &mut bases));
    let wanted: Vec<&Row> =
        rows.iter().filter(|row| named(&row.name) || bases.contains(row.name.as_str())).collect();

    let mut costs: BTreeMap<String, Cost> = BTreeMap::new();
    for (index, row) in wanted.iter().enumerate() {
        eprintln!("[{}/{}] {}", index + 1, wanted.len(), row.name);
        costs.insert(row.name.clone(), measure::measure(&programs, row)?);
    }

    for table in table::render(&wanted, &costs) {
        println!("{table}\n");
    }
    let overruns = budgets.overruns(&costs)?;
    if overruns.is_empty() {
        println!("all rows are within benches/budgets.toml");
        return Ok(());
    }
    bail!("over budget:\n  {}", overruns.join("\n  "))
}
