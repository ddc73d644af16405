//! One row for callgrind: `instructions ROW`; `--list` names them. Only `measured` is counted.

#![allow(clippy::print_stdout, reason = "xtask reads what was produced")]

use obs_benches::{Bench, Row};

const WARM_UP: u32 = 300;
const REQUESTS: u32 = 200;

fn main() -> Result<(), String> {
    let row = std::env::args().nth(1).ok_or("usage: instructions ROW | --list")?;
    if row == "--list" {
        Row::ALL.iter().for_each(|row| println!("{}", row.name()));
        return Ok(());
    }
    let row: Row = row.parse()?;
    let mut bench = Bench::new(row);
    bench.requests(WARM_UP);
    measured(&mut bench);
    println!("{}", bench.produced());
    Ok(())
}

/// The name that callgrind's `--toggle-collect` looks for.
#[inline(never)]
fn measured(bench: &mut Bench) {
    bench.requests(REQUESTS);
}
