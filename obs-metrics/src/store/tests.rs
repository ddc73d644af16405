//! What only shows inside: how many shards there are, and what keeps them.
#![cfg(not(obs_loom))]

use std::collections::BTreeMap;
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Duration;

use obs_core::{
    Clock, Exchange, Facts, Finished, Headers, Lifecycle, Observer, RequestContext, RequestInfo,
    Route,
};

use super::{Routes, Series, Store, Texts};

struct Recorder(Arc<Store>);

impl Observer for Recorder {
    type State = ();

    fn begin(&self, _: &RequestInfo<'_>, _: &RequestContext) {
        self.0.start();
    }

    fn finish(&self, (): (), end: &Finished<'_>) {
        let route = end.route().expect("the request has a route");
        self.0.record(route, Series::new("GET", end.status), end);
    }
}

struct Get(&'static str);

impl Facts for Get {
    fn method(&self) -> &str {
        "GET"
    }

    fn path(&self) -> &str {
        self.0
    }

    fn route(&self) -> Option<Route<'_>> {
        Some(Route { pattern: self.0, owner: &self.0 })
    }
}

struct NoHeaders;

impl Headers for NoHeaders {
    fn get(&self, _: &str) -> Option<&[u8]> {
        None
    }
}

fn texts() -> Texts {
    let labels = ["m", "r", "s"].map(str::to_owned);
    Texts { labels, other_method: String::new() }
}

fn store() -> Arc<Store> {
    let routes = Routes::new(("a".into(), "r".into()), 10, BTreeMap::new());
    let bounds: (&[_], &[_]) = (&[Duration::from_millis(5)], &[]);
    Store::new(Clock::system(), bounds, routes.into(), texts().into(), 100)
}

/// One request whose client leaves at once.
fn request(store: &Arc<Store>) {
    request_to("/r", store);
}

fn request_to(route: &'static str, store: &Arc<Store>) {
    let lifecycle = Arc::new(Lifecycle::new(Recorder(Arc::clone(store))));
    drop(Exchange::begin(lifecycle, Get(route), &NoHeaders));
}

fn requests(store: &Store) -> u64 {
    let snapshot = store.snapshot();
    assert_eq!(snapshot.in_flight, 0);
    snapshot.series.iter().map(|series| series.totals.requests()).sum()
}

fn shards(store: &Store) -> usize {
    store.shards.all().len()
}

#[test]
fn short_lived_threads_share_shards() {
    const AT_ONCE: usize = 8;
    let store = store();
    for _ in 0..125 {
        let all_there = Arc::new(Barrier::new(AT_ONCE));
        let threads: Vec<_> = (0..AT_ONCE)
            .map(|_| {
                let (store, all_there) = (Arc::clone(&store), Arc::clone(&all_there));
                thread::spawn(move || {
                    request(&store);
                    all_there.wait();
                })
            })
            .collect();
        // Unlike a scope, `join` waits until the thread's locals are gone.
        threads.into_iter().for_each(|thread| thread.join().unwrap());
    }
    assert_eq!(requests(&store), 1000);
    assert_eq!(shards(&store), AT_ONCE, "one per thread at a time");
}

#[test]
fn one_thread_after_the_other_needs_one_shard() {
    let store = store();
    for _ in 0..1000 {
        let store = Arc::clone(&store);
        thread::spawn(move || request(&store)).join().unwrap();
    }
    assert_eq!(requests(&store), 1000);
    assert_eq!(shards(&store), 1, "the one that went round");
}

#[test]
fn a_dropped_store_keeps_no_memory() {
    let first = store();
    request(&first);
    let shards: Vec<_> = first.shards.all().iter().map(Arc::downgrade).collect();
    let home = Arc::downgrade(&first);
    assert_eq!(shards.len(), 1);

    drop(first);
    assert!(home.upgrade().is_none(), "the thread's lease must not keep it");
    // What the thread itself leased goes when it meets another store.
    request(&store());
    assert!(shards.iter().all(|shard| shard.upgrade().is_none()));
}

#[test]
fn routes_at_one_address_are_told_apart_by_their_length() {
    const LONG: &str = "/orders/{id}";
    let store = store();
    for _ in 0..3 {
        for route in [LONG, &LONG[..7], &LONG[..0]] {
            request_to(route, &store);
        }
    }
    let snapshot = store.snapshot();
    let routes = snapshot.series.iter().map(|series| (&*series.route, series.totals.requests()));
    assert_eq!(routes.collect::<Vec<_>>(), [("", 3), ("/orders", 3), (LONG, 3)]);
}
