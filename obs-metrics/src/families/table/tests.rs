use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use obs_core::Clock;
use obs_core::source::Kind;

use super::{Table, in_order};
use crate::families::counter::CounterCell;
use crate::families::series::Shape;
use crate::families::validate::validate;
use crate::families::{Capped, Definition, Labels};
use crate::governor::Budget;
use crate::{MetricsSettings, Part};

type Two = (Capped<u64>, Capped<u64>);

fn table(labels: usize, series: usize) -> Table<CounterCell> {
    let definition = Definition::new("a_total", "Help.")
        .labels(["a", "b"])
        .limit("a", labels)
        .limit("b", labels)
        .max_series(series);
    let types = Two::values();
    let definition = validate(
        definition,
        Kind::Counter,
        &types,
        &MetricsSettings::default(),
        std::panic::Location::caller(),
    )
    .unwrap();
    Table::new(Shape::new(definition, Part::Business, Clock::system()), Budget::new(10_000).into())
}

#[test]
fn writes_take_no_lock_once_their_series_are_there() {
    // The label is full; the family is full.
    for (labels, series) in [(5, 1000), (1000, 5)] {
        let table = table(labels, series);
        let write = |from: u64| {
            for value in from..from + 1000 {
                table.update(&[&value.to_string(), &(value % 7).to_string()], |cell| cell.add(1));
            }
        };
        write(0);
        let (done, seen) = channel();
        thread::scope(|scope| {
            let lock = table.lock.lock().unwrap();
            scope.spawn(|| {
                // Values that were never seen, and some that have series.
                write(500);
                done.send(()).unwrap();
            });
            let finished = seen.recv_timeout(Duration::from_secs(30));
            drop(lock);
            assert!(finished.is_ok(), "a write waits for the lock");
        });
    }
}

#[test]
fn series_come_in_order_however_many_are_gone() {
    for numbers in
        [vec![], vec![0], vec![2, 0, 1], vec![5, 1, 3, 0], vec![900, 7, 31], vec![1, 0, 4]]
    {
        let numbered = numbers.iter().map(|number| (*number, number)).collect();
        let mut expected: Vec<&u64> = numbers.iter().collect();
        expected.sort();
        assert_eq!(in_order(numbered), expected);
    }
}
