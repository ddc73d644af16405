//! One operation of one library for callgrind: `instructions LIBRARY/OPERATION`; `--list` names them.

use obs_peers::Library;
use obs_store_benches::{Bench, Operation};

fn main() -> Result<(), String> {
    let row = std::env::args().nth(1).ok_or("usage: instructions LIBRARY/OPERATION | --list")?;
    if row == "--list" {
        list();
        return Ok(());
    }
    let (library, operation) = row.split_once('/').ok_or("LIBRARY/OPERATION, with a slash")?;
    let (library, operation): (Library, Operation) = (library.parse()?, operation.parse()?);
    let bench = library.bench(operation).ok_or_else(|| format!("there is no {row}: see --list"))?;
    let times = operation.times();
    bench.run(times);
    counted_by_callgrind(&bench, times);
    println!("{}", obs_store_benches::produced(&bench, operation, 2 * times)?);
    Ok(())
}

/// Every row with how often it is done.
fn list() {
    for library in Library::ALL {
        for operation in Operation::ALL {
            if library.bench(operation).is_some() {
                println!("{}/{} {}", library.name(), operation.name(), operation.times());
            }
        }
    }
}

/// The name that callgrind's `--toggle-collect` looks for.
#[inline(never)]
fn counted_by_callgrind(bench: &Bench, times: u32) {
    bench.run(times);
}
