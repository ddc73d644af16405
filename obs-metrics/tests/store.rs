//! The store of RED metrics under threads that come and go: nothing is lost or mixed up.

mod harness;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Barrier, Mutex, mpsc};
use std::thread;
use std::time::Duration;

use harness::{End, Exposition, Traffic, metrics, requests, seen};
use obs_metrics::Metrics;

/// What must come out: by method, route and status.
type Model = BTreeMap<(&'static str, String, u16), Expected>;

#[derive(Clone, Debug, Default)]
struct Expected {
    timed: u64,
    untimed: u64,
    nanos: u64,
    /// At most 5 ms, at most 250 ms.
    within: [u64; 2],
    /// Cancelled in the body, failed in the body.
    aborted: [u64; 2],
}

impl Expected {
    fn add(&mut self, other: &Self) {
        self.timed += other.timed;
        self.untimed += other.untimed;
        self.nanos += other.nanos;
        for at in 0..2 {
            self.within[at] += other.within[at];
            self.aborted[at] += other.aborted[at];
        }
    }
}

const METHODS: [&str; 4] = ["GET", "POST", "BREW", "HEAD"];
const STATUSES: [u16; 4] = [200, 404, 499, 503];
const ENDS: [End; 4] = [End::Complete, End::CancelledInBody, End::Stream, End::BodyError];

/// The exchange number `n` of a worker: always the same one, spread over all that can differ.
fn draw(worker: u64, n: u64) -> (&'static str, String, u16, Duration, End) {
    let mixed = (worker << 32 | n).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20;
    let pick = |shift: u32| (mixed >> shift) as usize % 4;
    (
        METHODS[pick(0)],
        format!("/r{}", (mixed >> 8) % 6),
        STATUSES[pick(16)],
        Duration::from_nanos((mixed >> 3) % 400_000_000),
        ENDS[pick(24)],
    )
}

fn note(model: &mut Model, worker: u64, n: u64) {
    let (method, route, status, took, end) = draw(worker, n);
    let method = if method == "BREW" { "OTHER" } else { method };
    let expected = model.entry((method, route, status)).or_default();
    match end {
        // A response to HEAD has no body to be cut off.
        _ if method == "HEAD" => {}
        End::CancelledInBody => expected.aborted[0] += 1,
        End::BodyError => expected.aborted[1] += 1,
        _ => {}
    }
    if end == End::Stream {
        expected.untimed += 1;
        return;
    }
    expected.timed += 1;
    expected.nanos += took.as_nanos() as u64;
    for (within, bound) in expected.within.iter_mut().zip([5, 250]) {
        *within += u64::from(took <= Duration::from_millis(bound));
    }
}

fn run(traffic: &Traffic, worker: u64, n: u64) {
    let (method, route, status, took, end) = draw(worker, n);
    let route = Arc::from(route);
    let request = traffic.begin(method, Some(&route));
    if n.is_multiple_of(10) {
        // It ends on another thread, which ends while the others record.
        thread::scope(|scope| {
            scope.spawn(|| traffic.end(request, status, took, end));
        });
    } else {
        traffic.end(request, status, took, end);
    }
}

#[test]
fn every_observation_comes_out_exactly_once() {
    const WORKERS: u64 = 32;
    const EACH: u64 = 600;
    let metrics = metrics();
    let running = AtomicBool::new(true);
    let model = Mutex::new(Model::new());
    thread::scope(|scope| {
        let scrapes: Vec<_> = (0..2).map(|_| scope.spawn(|| scrape(&metrics, &running))).collect();
        let workers: Vec<_> = (0..WORKERS)
            .map(|worker| {
                let (metrics, model) = (&metrics, &model);
                scope.spawn(move || {
                    let mut own = Model::new();
                    // A worker is four threads, one after the other.
                    for part in 0..4 {
                        thread::scope(|scope| {
                            scope.spawn(|| {
                                let traffic = Traffic::new(metrics.http());
                                for n in part * EACH / 4..(part + 1) * EACH / 4 {
                                    run(&traffic, worker, n);
                                    note(&mut own, worker, n);
                                }
                            });
                        });
                    }
                    let mut model = model.lock().unwrap();
                    for (key, one) in own {
                        model.entry(key).or_default().add(&one);
                    }
                })
            })
            .collect();
        for worker in workers {
            worker.join().unwrap();
        }
        running.store(false, Ordering::Relaxed);
        for scrape in scrapes {
            assert!(scrape.join().unwrap() > 0);
        }
    });
    // One more is still open: a beginning that was lost would hide behind an end.
    let traffic = Traffic::new(metrics.http());
    let open = traffic.begin("GET", None);
    let seen = seen(&metrics);
    assert_eq!(seen.value("http_requests_in_flight", &[]), 1.0);
    compare(&seen, &model.into_inner().unwrap());
    drop(open);
    let after = harness::seen(&metrics);
    assert_eq!(after.value("http_requests_in_flight", &[]), 0.0);
    assert_eq!(seen.sum("http_requests_total"), (WORKERS * EACH) as f64);
}

fn compare(seen: &Exposition, model: &Model) {
    for ((method, route, status), expected) in model {
        let status = status.to_string();
        let labels = [("method", *method), ("route", route), ("status_code", &status)];
        let Expected { timed, untimed, nanos, within, .. } = expected;
        let case = format!("{labels:?}");
        let total = seen.value("http_requests_total", &labels);
        assert_eq!(total, (timed + untimed) as f64, "{case}");
        let histogram = |suffix: &str| {
            let name = format!("http_request_duration_seconds_{suffix}");
            seen.get(&name, &labels).unwrap_or(0.0)
        };
        assert_eq!(histogram("count"), *timed as f64, "{case}");
        assert_eq!(histogram("sum"), *nanos as f64 / 1e9, "{case}");
        for (le, count) in ["0.005", "0.25"].into_iter().zip(within) {
            let labels = [&labels[..], &[("le", le)]].concat();
            let bucket = seen.get("http_request_duration_seconds_bucket", &labels);
            assert_eq!(bucket.unwrap_or(0.0), *count as f64, "{case} {le}");
        }
    }
    for (at, outcome) in ["cancelled_in_body", "body_error"].into_iter().enumerate() {
        let aborted: u64 = model.values().map(|expected| expected.aborted[at]).sum();
        let labels = [("outcome", outcome)];
        assert_eq!(seen.value("obs_requests_aborted_total", &labels), aborted as f64);
    }
    assert_eq!(seen.of("http_requests_total").count(), model.len());
}

/// Scrapes until told to stop: no series goes back, and each scrape agrees with itself.
fn scrape(metrics: &Metrics, running: &AtomicBool) -> usize {
    let mut before = Exposition::default();
    let mut scrapes = 0;
    while running.load(Ordering::Relaxed) {
        let now = seen(metrics);
        for (series, value) in &before.samples {
            let gauge = series.0 == "http_requests_in_flight";
            assert!(gauge || now.samples[series] >= *value, "{series:?}");
        }
        for (labels, timed) in now.of("http_request_duration_seconds_count") {
            let key = ("http_requests_total".to_owned(), labels.clone());
            assert!(now.samples[&key] >= timed, "{labels:?}");
        }
        let in_flight = now.value("http_requests_in_flight", &[]);
        assert!((0.0..=1e6).contains(&in_flight), "{in_flight}");
        before = now;
        scrapes += 1;
    }
    scrapes
}

#[test]
fn requests_in_flight_are_counted_wherever_they_began() {
    let metrics = metrics();
    let in_flight = || seen(&metrics).value("http_requests_in_flight", &[]);
    let (send, receive) = mpsc::channel();
    let route = Arc::from("/r");
    thread::scope(|scope| {
        for _ in 0..8 {
            let (send, metrics, route) = (send.clone(), &metrics, &route);
            scope.spawn(move || {
                let traffic = Traffic::new(metrics.http());
                send.send((traffic.begin("GET", Some(route)), traffic)).unwrap();
            });
        }
    });
    // The threads are gone, their requests are not.
    assert_eq!(in_flight(), 8.0);
    for left in (0..8).rev() {
        let (request, traffic) = receive.recv().unwrap();
        traffic.end(request, 200, Duration::ZERO, End::Complete);
        assert_eq!(in_flight(), f64::from(left));
    }
}

#[test]
fn a_thread_that_is_being_torn_down_still_counts() {
    struct Last(Traffic, Arc<str>);
    impl Drop for Last {
        fn drop(&mut self) {
            self.0.get(&self.1);
        }
    }
    thread_local!(static LAST: RefCell<Vec<Last>> = const { RefCell::new(Vec::new()) });

    let metrics = metrics();
    let open = Traffic::new(metrics.http()).begin("GET", None);
    for _ in 0..10 {
        let (http, route): (_, Arc<str>) = (Arc::clone(metrics.http()), Arc::from("/r"));
        thread::spawn(move || {
            // One is dropped after the thread's own shard, whatever the order of destructors is.
            LAST.with_borrow_mut(|last| last.push(Last(Traffic::new(&http), Arc::clone(&route))));
            Traffic::new(&http).get(&route);
        })
        .join()
        .unwrap();
    }
    assert_eq!(requests(&metrics)["/r"], 20);
    assert_eq!(seen(&metrics).value("http_requests_in_flight", &[]), 1.0, "the open one");
    drop(open);
    assert_eq!(seen(&metrics).value("http_requests_in_flight", &[]), 0.0);
}

#[test]
fn stores_on_one_thread_do_not_mix() {
    // The very same text, hence the same address, in all of them.
    let route: Arc<str> = Arc::from("/r");
    let stores: Vec<_> = (0..5).map(|_| metrics()).collect();
    let traffic: Vec<_> = stores.iter().map(|one| Traffic::new(one.http())).collect();
    for round in 0..10 {
        for (index, traffic) in traffic.iter().enumerate() {
            if round <= index {
                traffic.get(&route);
            }
        }
    }
    for (index, store) in stores.iter().enumerate() {
        assert_eq!(requests(store)["/r"], index as u64 + 1);
    }
}

#[test]
fn threads_at_the_same_series_do_not_lose_a_count() {
    const THREADS: u64 = 32;
    let metrics = metrics();
    let route: Arc<str> = Arc::from("/r");
    let start = Barrier::new(THREADS as usize);
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                let traffic = Traffic::new(metrics.http());
                start.wait();
                for _ in 0..2000 {
                    traffic.get(&route);
                }
            });
        }
    });
    assert_eq!(requests(&metrics)["/r"], THREADS * 2000);
}
