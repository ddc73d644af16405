//! How much memory series take. The counting allocator counts its own thread only, so everything
//! is done on one.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

mod harness;

use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Duration;

use allocation_counter::measure;
use harness::{End, Traffic, metrics, requests};
use obs_metrics::business::{OrderType, PaymentMethod};
use obs_metrics::{
    Capped, active_users, cache_hit, db_query, goods_processing, order_created, payment_processed,
    product_viewed,
};

const PATHS: usize = 400_000;
/// A default store of one thread with 1 000 routes of one series each: a row, its record, the text
/// of its labels, its place in four maps.
const THOUSAND_ROUTES: i64 = 1_600_000 + 1000 * NATIVE;
/// The exponential buckets of a row.
const NATIVE: i64 = if cfg!(feature = "native-histograms") { 257 * 8 } else { 0 };

/// What stays allocated of `work`, in bytes.
fn kept(work: impl FnOnce()) -> i64 {
    let counted = measure(work);
    counted.bytes_current
}

#[test]
fn four_hundred_thousand_paths_cost_what_a_thousand_do() {
    let metrics = metrics();
    let traffic = Traffic::new(metrics.http());
    let mine: Arc<str> = "/mine".into();
    traffic.get(&mine);

    // Patterns that were made for one request each, as routers inside of `nest_service` do.
    let one_off = |number: usize| {
        let route: Arc<str> = format!("/made/for/one/request/{number}").into();
        traffic.get(&route);
    };
    let thousand = kept(|| (0..1000).for_each(one_off));
    let rest = kept(|| (1000..PATHS).for_each(one_off));
    assert!(thousand < THOUSAND_ROUTES, "{thousand} bytes for a thousand routes");
    assert!(rest < 10_000, "{rest} bytes more for {} routes more", PATHS - 1000);

    // Paths that no route matches.
    let unmatched = kept(|| {
        for _ in 0..PATHS {
            traffic.exchange("GET", None, 404, Duration::from_millis(1), End::Complete);
        }
    });
    assert!(unmatched < 10_000, "{unmatched} bytes for paths without a route");

    let requests = requests(&metrics);
    assert_eq!(requests.len(), 1000 + 2, "1 000 routes, the overflow, the unmatched");
    assert_eq!((requests["/mine"], requests["unknown"]), (1, PATHS as u64));
    assert_eq!(requests.values().sum::<u64>(), 1 + 2 * PATHS as u64, "nothing is lost");
    println!("a series of the RED metrics: {} bytes with its first thread", thousand / 1000);
}

#[test]
fn another_thread_adds_a_row_per_series() {
    const ROUTES: i64 = 200;
    const THREADS: usize = 15;
    /// A row: its numbers (16 bounds, the shortest and the longest duration), its place in a map, and, unless the
    /// addresses of two routes collide, where its thread finds it by address.
    const ROW: i64 = 356 + NATIVE;
    /// What a thread takes before its first row: where it finds the rows of a route.
    const THREAD: i64 = 48 << 10;
    let metrics = metrics();
    let traffic = Traffic::new(metrics.http());
    let routes: Vec<Arc<str>> = (0..ROUTES).map(|number| format!("/r{number}").into()).collect();
    let all = || routes.iter().for_each(|route| traffic.get(route));
    // A shard that is given back would be used again: they all live until the last has its own.
    let all_there = Barrier::new(THREADS);
    let first = kept(all);
    let others: Vec<i64> = thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|_| {
                scope.spawn(|| {
                    let bytes = kept(all);
                    all_there.wait();
                    bytes
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    for bytes in &others {
        assert!(
            *bytes < THREAD + ROUTES * ROW,
            "{bytes} bytes for {ROUTES} series on one more thread"
        );
    }
    let all = first + others.iter().sum::<i64>();
    println!("{ROUTES} series on {} threads: {all} bytes", THREADS + 1);
    assert_eq!(requests(&metrics)["/r7"], THREADS as u64 + 1);
}

/// Finding a family and its series by text takes no memory.
#[test]
fn an_event_allocates_nothing_once_its_series_is_there() {
    let metrics = metrics();
    let events = || {
        order_created!(handle: metrics, OrderType::B2b, PaymentMethod::Bkash, 1250);
        payment_processed!(handle: metrics, "bkash", "success", 1250);
        active_users!(handle: metrics, "farmer", "24h", 340);
        product_viewed!(handle: metrics, "milk", Capped::<_, 0>(17));
        goods_processing!(handle: metrics, "china", "packing").stop();
        let _: Result<(), ()> = db_query!(handle: metrics, "select", Ok(()));
        cache_hit!(handle: metrics);
    };
    events();
    let counted = measure(|| (0..1000).for_each(|_| events()));
    assert_eq!(counted.count_total, 0);
}
