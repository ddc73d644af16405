//! One row for callgrind: `instructions ROW`; `--list` names them.

#![allow(clippy::print_stdout, reason = "xtask reads what was produced")]

use obs_benches::{Bench, Row};

fn main() -> Result<(), String> {
    let row = std::env::args().nth(1).ok_or("usage: instructions ROW | --list")?;
    if row == "--list" {
        Row::all().for_each(|row| println!("{} {} {}", row.name(), row.times(), row.unit()));
        return Ok(());
    }
    let row: Row = row.parse()?;
    let mut bench = Bench::new(row);
    bench.run(row.warm_up());
    counted_by_callgrind(&mut bench, row.times());
    println!("{}", bench.produced()?);
    Ok(())
}

/// The name that callgrind's `--toggle-collect` looks for.
#[inline(never)]
fn counted_by_callgrind(bench: &mut Bench, times: u32) {
    bench.run(times);
}
