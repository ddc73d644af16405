//! Every order in which a writer, its successor and a scrape may meet: the shards as they are.

use std::time::Duration;

use loom::sync::Arc;
use loom::thread;

use super::key::{Key, Series};
use super::pool::Pool;
use super::records::Records;
use super::row::{Bounds, Row, Totals};
use super::shard::Shard;
use super::{Record, Texts};

/// A second has one bound above it: half of them are for what is slower.
const BOUNDS: [Duration; 1] = [Duration::from_secs(1)];

struct Store {
    pool: Pool<Shard>,
    record: std::sync::Arc<Record>,
    bounds: Bounds,
}

impl Store {
    fn new() -> Arc<Self> {
        let texts =
            Texts { labels: ["m", "r", "s"].map(str::to_owned), other_method: String::new() };
        let records = Records::new(BOUNDS.len() + 1, texts.into(), 10);
        let record = records.get_beyond(key(), Duration::ZERO);
        let bounds = Bounds::new(&BOUNDS, &[]);
        Arc::new(Self { pool: Pool::new(), record, bounds })
    }

    /// Leases a shard, as a thread does, and counts requests of a second.
    fn count(&self, requests: usize) {
        let shard = self.pool.lease();
        for _ in 0..requests {
            shard.start();
            let row = shard.find(key()).unwrap_or_else(|| {
                shard.row(key(), || Row::new(BOUNDS.len() + 1, self.record.clone()))
            });
            row.record_whole(&self.bounds, Duration::from_secs(1));
        }
        self.pool.give_back(shard);
    }

    /// How many began, how many ended, and their seconds.
    fn scrape(&self) -> [u64; 3] {
        let shards = self.pool.all();
        let mut totals = Totals::new(BOUNDS.len() + 1);
        for shard in &shards {
            shard.rows(|_, row| totals.add(row));
        }
        let started = shards.iter().map(|shard| shard.started()).sum();
        [started, totals.requests(), totals.sum_seconds() as u64]
    }
}

fn key() -> Key {
    Key { route: 0, series: Series::new("GET", 200) }
}

#[test]
fn loom_a_shard_that_goes_from_thread_to_thread_loses_nothing() {
    loom::model(|| {
        let store = Store::new();
        let writers: Vec<_> = (0..2)
            .map(|_| {
                let store = Arc::clone(&store);
                thread::spawn(move || store.count(1))
            })
            .collect();
        writers.into_iter().for_each(|writer| writer.join().unwrap());
        assert_eq!(store.scrape(), [2, 2, 2]);
        assert!(store.pool.all().len() <= 2);
    });
}

#[test]
fn loom_a_scrape_sees_what_was_and_never_takes_anything_back() {
    loom::model(|| {
        let store = Store::new();
        let writer = {
            let store = Arc::clone(&store);
            thread::spawn(move || store.count(2))
        };
        let (first, second) = (store.scrape(), store.scrape());
        for (first, second) in first.into_iter().zip(second) {
            assert!(first <= second && second <= 2);
        }
        writer.join().unwrap();
        assert_eq!(store.scrape(), [2, 2, 2]);
    });
}
