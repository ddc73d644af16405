//! Bytes of heap per series: the difference between two numbers of series, so that what a library
//! has anyway does not count. Linking the counter replaces the allocator, so this is a program of
//! its own. A line for each library and kind: `LIBRARY/KIND` and the bytes.

use std::hint::black_box;
use std::sync::{Arc, Barrier};
use std::thread;

use allocation_counter::measure;
use obs_core::ServiceIdentity;
use obs_metrics::{Metrics, MetricsSettings};
use obs_peers::Library;
use obs_store_benches::{Bench, requests};

const FEW: usize = 1000;
const MANY: usize = 2000;

fn main() {
    for library in Library::ALL {
        let counters = per_series(|count| bytes(|| library.counters(count)));
        let histograms = per_series(|count| bytes(|| library.histograms(count)));
        for (kind, bytes) in [("counter", counters), ("histogram", histograms)] {
            if let Some(bytes) = bytes {
                println!("{}/{kind} {bytes:.0}", library.name());
            }
        }
    }
    for threads in [1, 16] {
        if let Some(bytes) = per_series(|routes| Some(red(threads, routes / 10))) {
            println!("obs/red-of-{threads}-threads {:.0}", 10.0 * bytes);
        }
    }
}

fn per_series(bytes: impl Fn(usize) -> Option<i64>) -> Option<f64> {
    Some((bytes(MANY)? - bytes(FEW)?) as f64 / (MANY - FEW) as f64)
}

fn bytes(build: impl FnOnce() -> Option<Bench>) -> Option<i64> {
    let mut bench = None;
    let info = measure(|| bench = build());
    black_box(bench).map(|_| info.bytes_current)
}

/// What a store holds after every thread has met every route. All threads are there at once.
fn red(threads: usize, routes: usize) -> i64 {
    let metrics = Metrics::new(&MetricsSettings::default(), &ServiceIdentity::default());
    let routes: Vec<Arc<str>> =
        (0..routes).map(|at| format!("/items/{at}/{{id}}").into()).collect();
    let all_there = Barrier::new(threads);
    thread::scope(|scope| {
        let threads: Vec<_> = (0..threads)
            .map(|_| {
                scope.spawn(|| {
                    let info = measure(|| {
                        routes.iter().for_each(|route| requests(metrics.http(), route, 1));
                    });
                    all_there.wait();
                    info.bytes_current
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().expect("no request panics")).sum()
    })
}
