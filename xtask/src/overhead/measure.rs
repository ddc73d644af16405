//! Runs a row of `benches/` under callgrind and under the counting allocator.

use anyhow::{Context as _, Result};

use crate::bench::{Programs, instructions, output};

/// A row as the program names it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) name: String,
    /// How many requests, operations or bytes are counted.
    times: u32,
    /// `request`, `operation` or `byte`.
    pub(super) unit: String,
}

/// What one request, operation or byte of a row costs.
#[derive(Debug)]
pub(super) struct Cost {
    instructions: f64,
    allocations: f64,
    produced: String,
}

impl Row {
    fn parse(line: &str) -> Option<Self> {
        let mut words = line.split(' ');
        let (name, times, unit) = (words.next()?, words.next()?.parse().ok()?, words.next()?);
        Some(Self { name: name.to_owned(), times, unit: unit.to_owned() })
    }
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

pub(super) fn build() -> Result<Programs> {
    eprintln!("building benches in release (a minute or two when cold)");
    Programs::build(&["--locked", "--package", "obs-benches"])
}

/// All rows.
pub(super) fn rows(programs: &Programs) -> Result<Vec<Row>> {
    let list = output(programs.get("instructions")?, &["--list"])?;
    let row = |line| Row::parse(line).with_context(|| format!("{line:?} is no row"));
    list.lines().map(row).collect()
}

/// How often the instructions of a row are counted; the median stands. Requests share their process with
/// the threads that write lines and export spans, whose turns differ from run to run.
fn runs(row: &Row) -> usize {
    if row.unit == "request" { 9 } else { 1 }
}

pub(super) fn measure(programs: &Programs, row: &Row) -> Result<Cost> {
    let program = programs.get("instructions")?;
    let mut counts =
        (0..runs(row)).map(|_| instructions(program, &row.name)).collect::<Result<Vec<_>>>()?;
    counts.sort_by(|a, b| a.instructions.total_cmp(&b.instructions));
    let counted = counts.swap_remove(counts.len() / 2);
    let allocations = output(programs.get("allocations")?, &[&row.name])?;
    let allocations = allocations.trim().parse().context("allocations are no number")?;
    let each = counted.instructions / f64::from(row.times);
    Ok(Cost::new(each, allocations, counted.produced))
}
