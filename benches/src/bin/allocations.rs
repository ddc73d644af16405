//! Allocations per request or operation: `allocations ROW`. Linking the counter replaces the
//! allocator, so this is a program of its own.

#![allow(clippy::print_stdout, reason = "xtask reads it")]

use allocation_counter::measure;
use obs_benches::{Bench, Row};

fn main() -> Result<(), String> {
    let row: Row = std::env::args().nth(1).ok_or("usage: allocations ROW")?.parse()?;
    let mut bench = Bench::new(row);
    bench.run(row.warm_up());
    let count = measure(|| bench.run(row.times())).count_total;
    println!("{:.2}", count as f64 / f64::from(row.times()));
    Ok(())
}
