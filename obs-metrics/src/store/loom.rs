//! Every order in which a writer, its successor and a scrape may meet.

use loom::sync::Arc;
use loom::thread;

use super::pool::Pool;
use super::row::Cells;

#[derive(Debug)]
struct Shard(Cells);

impl Default for Shard {
    fn default() -> Self {
        Self(Cells::new(2))
    }
}

impl Shard {
    /// As a request does: the bucket, then the sum.
    fn record(&self) {
        self.0.add(0, 1);
        self.0.add(1, 10);
    }
}

fn total(pool: &Pool<Shard>) -> [u64; 2] {
    let mut total = [0; 2];
    for shard in pool.all() {
        shard.0.read(&mut total);
    }
    total
}

#[test]
fn loom_a_shard_that_goes_from_thread_to_thread_loses_nothing() {
    loom::model(|| {
        let pool = Arc::new(Pool::<Shard>::new());
        let writers: Vec<_> = (0..2)
            .map(|_| {
                let pool = Arc::clone(&pool);
                thread::spawn(move || {
                    let shard = pool.lease();
                    shard.record();
                    pool.give_back(shard);
                })
            })
            .collect();
        writers.into_iter().for_each(|writer| writer.join().unwrap());
        assert_eq!(total(&pool), [2, 20]);
        assert!(pool.all().len() <= 2);
    });
}

#[test]
fn loom_a_scrape_sees_what_was_and_never_takes_anything_back() {
    loom::model(|| {
        let pool = Arc::new(Pool::<Shard>::new());
        let writer = {
            let pool = Arc::clone(&pool);
            thread::spawn(move || {
                let shard = pool.lease();
                shard.record();
                shard.record();
                pool.give_back(shard);
            })
        };
        let first = total(&pool);
        let second = total(&pool);
        for (first, second, most) in [(first[0], second[0], 2), (first[1], second[1], 20)] {
            assert!(first <= second && second <= most);
        }
        writer.join().unwrap();
        assert_eq!(total(&pool), [2, 20]);
    });
}
