use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use obs_metrics::{Capped, Definition};

use super::harness::seen;
use super::setup::{KINDS, Kind, Seen, metrics};

#[test]
fn what_threads_write_is_in_the_buckets_and_in_the_sum() {
    const THREADS: u64 = 8;
    const WRITES: u64 = 20_000;
    let metrics = metrics();
    let families = metrics.families();
    let definition = Definition::new("value", "Help.").labels(["kind", "tenant"]);
    let value = families
        .histogram::<(Kind, Capped<u64, 20>)>(definition.buckets([1.0, 5.0, 10.0]))
        .unwrap();
    let definition = Definition::new("orders_total", "Help.").labels(["kind", "gift"]);
    let orders = families.counter::<(Kind, bool)>(definition).unwrap();
    let level = families.gauge::<()>(Definition::new("level", "Help.")).unwrap();
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let scraper = scope.spawn(|| {
            let (mut last, mut scrapes) = (0.0, 0);
            while !done.load(Ordering::Relaxed) || scrapes < 3 {
                let seen = Seen::new(&metrics);
                let now = seen.sum("value") + seen.sum("orders_total");
                assert!(now >= last, "{now} after {last}");
                (last, scrapes) = (now, scrapes + 1);
            }
        });
        let writers = (0..THREADS).map(|thread| {
            let (value, orders, level) = (value.clone(), orders.clone(), &level);
            scope.spawn(move || {
                for write in 0..WRITES {
                    let kind = KINDS[(write % 3) as usize];
                    // Some of them beyond the budget.
                    value.observe((kind, Capped((thread + write) % 40)), (write % 12) as f64);
                    orders.inc((kind, write % 2 == 0));
                    level.inc(());
                }
            })
        });
        writers.collect::<Vec<_>>().into_iter().for_each(|writer| writer.join().unwrap());
        done.store(true, Ordering::Relaxed);
        scraper.join().unwrap();
    });
    let all = (THREADS * WRITES) as f64;
    let seen = seen(&metrics);
    let sum: u64 = (0..WRITES).map(|write| write % 12).sum();
    assert_eq!(seen.sum("value_count"), all);
    assert_eq!(seen.sum("value_sum"), (THREADS * sum) as f64);
    let below = (0..WRITES).filter(|write| write % 12 <= 5).count() as f64;
    let buckets = seen.of("value_bucket").filter(|(labels, _)| labels["le"] == "5.0");
    assert_eq!(buckets.map(|(_, count)| count).sum::<f64>(), below * THREADS as f64);
    assert_eq!((seen.sum("orders_total"), seen.value("level", &[])), (all, all));
    assert!(seen.of("value_count").count() <= 3 * 21);
}

#[test]
fn threads_that_meet_create_one_series() {
    for _ in 0..200 {
        let metrics = metrics();
        let definition = Definition::new("a_total", "Help.").labels(["x"]).limit("x", 3);
        let counter = metrics.families().counter::<Capped<u8>>(definition).unwrap();
        let start = Barrier::new(4);
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    start.wait();
                    (0..6).for_each(|value| counter.inc(Capped(value)));
                });
            }
        });
        let (shown, report) = (Seen::new(&metrics), metrics.cardinality());
        assert_eq!((report.series, report.families[0].labels[0].values), (4, 3));
        assert_eq!((shown.of("a_total").count(), shown.sum("a_total")), (4, 24.0));
    }
}
