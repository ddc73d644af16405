//! What the store keeps of routes: never too many, never the wrong one, nothing for ever.

#![allow(clippy::expect_used, reason = "helpers of tests, outside of #[test]")]

mod harness;

use std::collections::BTreeMap;
use std::sync::{Arc, Weak};
use std::thread;
use std::time::Duration;

use harness::{End, Traffic, metrics, requests, seen};
use obs_core::ServiceIdentity;
use obs_metrics::{Capped, Definition, HttpMetrics, Metrics, MetricsSettings, rate_limit_hit};

fn with_routes(max_routes: usize) -> Arc<Metrics> {
    let mut settings = MetricsSettings::default();
    settings.max_routes = max_routes;
    Arc::new(Metrics::new(&settings, &ServiceIdentity::default()))
}

/// On a thread of its own that is gone afterwards, with all it kept; a scope alone does not wait
/// for that.
fn on_a_thread(work: impl FnOnce() + Send) {
    thread::scope(|scope| scope.spawn(work).join()).expect("the thread panicked");
}

#[test]
fn what_a_dropped_store_remembered_goes_with_the_next_one() {
    // Met once, it may be for one request only; met twice, it is known by its address.
    for times in 1..=2 {
        let route: Arc<str> = Arc::from("/r");
        let kept = Arc::downgrade(&route);
        let dropped: Weak<HttpMetrics> = {
            let metrics = metrics();
            let traffic = Traffic::new(metrics.http());
            (0..times).for_each(|_| traffic.get(&route));
            assert_eq!(Arc::strong_count(&route), 2, "the thread keeps the route's text");
            Arc::downgrade(metrics.http())
        };
        drop(route);
        assert!(dropped.upgrade().is_none());
        let next = metrics();
        Traffic::new(next.http()).get(&Arc::from("/other-one"));
        assert!(kept.upgrade().is_none(), "met {times} times");
    }
}

#[test]
fn a_thread_that_ends_lets_go_of_its_routes() {
    let metrics = metrics();
    let route: Arc<str> = Arc::from("/r");
    on_a_thread(|| Traffic::new(metrics.http()).get(&route));
    assert_eq!(Arc::strong_count(&route), 1);
    assert_eq!(requests(&metrics)["/r"], 1);
}

/// Short-lived threads lease the same shard one after the other; each knows its routes as well as
/// the first one did.
#[test]
fn the_tenth_thread_remembers_addresses_as_the_first() {
    let metrics = metrics();
    for thread in 0..10 {
        on_a_thread(|| {
            let route: Arc<str> = Arc::from("/r");
            Traffic::new(metrics.http()).get(&route);
            assert_eq!(Arc::strong_count(&route), 2, "thread {thread}");
        });
    }
    assert_eq!(requests(&metrics)["/r"], 10);
}

#[test]
fn routes_beyond_the_limit_become_other() {
    let metrics = with_routes(10);
    let traffic = Traffic::new(metrics.http());
    for round in 0..3 {
        for number in 0..30 {
            traffic.get(&Arc::from(format!("/r{number}")));
        }
        let requests = requests(&metrics);
        assert_eq!(requests.len(), 11);
        assert_eq!(requests["/r0"], round + 1);
        assert_eq!(requests["other"], (round + 1) * 20);
        let labels = [("family", "http_requests_total")];
        let overflowed = seen(&metrics).value("obs_series_dropped_total", &labels);
        assert!(overflowed >= 20.0, "{overflowed}");
    }
    // No route at all is never an overflow.
    let took = Duration::from_millis(1);
    traffic.exchange("GET", None, 404, took, End::Complete);
    assert_eq!(requests(&metrics)["unknown"], 1);
}

#[test]
fn a_reused_address_is_not_the_old_route() {
    let metrics = metrics();
    let traffic = Traffic::new(metrics.http());
    // Of one length and dropped at once: the allocator gives the same address again and again.
    let names: Vec<String> = (0..8).map(|number| format!("/route/{number}")).collect();
    let mut addresses = BTreeMap::<usize, Vec<&str>>::new();
    for round in 0..5000 {
        for (number, name) in names.iter().enumerate() {
            if (round + number) % 3 == 0 {
                let route: Arc<str> = Arc::from(name.as_str());
                let at = addresses.entry(route.as_ptr().addr()).or_default();
                if !at.contains(&name.as_str()) {
                    at.push(name);
                }
                traffic.get(&route);
            }
        }
    }
    assert!(
        addresses.values().any(|names| names.len() > 1),
        "no address was used for two routes: nothing is proved"
    );
    let expected: BTreeMap<_, _> = names
        .iter()
        .enumerate()
        .map(|(number, name)| {
            let rounds = (0..5000).filter(|round| (round + number) % 3 == 0);
            (name.clone(), rounds.count() as u64)
        })
        .collect();
    assert_eq!(requests(&metrics), expected);
}

#[test]
fn one_off_texts_of_routes_stay_bounded() {
    const TEXTS: usize = 50_000;
    // The text of one pattern, new for every request; and a new pattern for every request.
    for (name, alive_at_most) in [("one pattern", 4), ("every one another", 512)] {
        let metrics = metrics();
        let traffic = Traffic::new(metrics.http());
        let mut texts = Vec::with_capacity(TEXTS);
        for number in 0..TEXTS {
            let route: Arc<str> = match alive_at_most {
                4 => Arc::from("/files/{*}"),
                _ => Arc::from(format!("/files/{number}")),
            };
            traffic.get(&route);
            texts.push(Arc::downgrade(&route));
        }
        let alive = texts.iter().filter(|text| text.strong_count() > 0).count();
        assert!((1..=alive_at_most).contains(&alive), "{name}: {alive}");
        let requests = requests(&metrics);
        assert!(requests.len() <= 1001, "{name}: {}", requests.len());
        assert_eq!(requests.values().sum::<u64>(), TEXTS as u64, "{name}");
    }
}

/// Beyond the budget of series it is the route that becomes `other`, with its method and status.
#[test]
fn series_of_requests_have_a_budget() {
    let mut settings = MetricsSettings::default();
    (settings.max_routes, settings.max_series) = (5, 49);
    let metrics = Arc::new(Metrics::new(&settings, &ServiceIdentity::default()));
    let traffic = Traffic::new(metrics.http());
    for _ in 0..2 {
        for status in 200..600 {
            for route in ["/a", "/b"] {
                let took = Duration::from_millis(1);
                traffic.exchange("GET", Some(&route.into()), status, took, End::Complete);
            }
        }
    }
    let seen = seen(&metrics);
    let by_route = |route: &str| -> f64 {
        let requests = seen.of("http_requests_total");
        requests.filter(|(labels, _)| labels["route"] == route).map(|(_, count)| count).sum()
    };
    assert_eq!([by_route("/a"), by_route("/b"), by_route("other")], [50.0, 50.0, 1500.0]);
    let of = |route, status| {
        seen.value(
            "http_requests_total",
            &[("method", "GET"), ("route", route), ("status_code", status)],
        )
    };
    assert_eq!((of("/b", "200"), of("other", "599")), (2.0, 4.0));
    let dropped = seen.value("obs_series_dropped_total", &[("family", "http_requests_total")]);
    assert!(dropped >= 1500.0, "{dropped}");
    let cardinality = metrics.cardinality();
    let told = cardinality.families.last().expect("the requests");
    assert_eq!(
        (told.family.as_str(), told.series, told.max_series),
        ("http_requests_total", 425, 50)
    );
}

/// Who tells of a limit with something that is no route costs nobody else.
#[test]
fn hits_of_limits_take_no_routes_of_requests() {
    let metrics = with_routes(100);
    for number in 0..2000 {
        let route = format!("/users/{number}");
        rate_limit_hit!(handle: metrics, Capped::new(&route), "per_user");
    }
    Traffic::new(metrics.http()).get(&Arc::from("/real"));
    assert_eq!(requests(&metrics), BTreeMap::from([("/real".to_owned(), 1)]));
    let seen = seen(&metrics);
    let label = [("family", "rate_limit_hits_total"), ("label", "route")];
    assert_eq!(seen.value("obs_label_overflow_total", &label), 1899.0);
    let demand = seen.value("obs_label_demand", &label);
    assert!((1800.0..2200.0).contains(&demand), "{demand}");
    assert_eq!(seen.sum("rate_limit_hits_total"), 2000.0);
}

/// The zeros of the hits of limits are as many as there are routes: they take nothing from others.
#[test]
fn routes_take_nothing_from_families_of_the_application() {
    let mut settings = MetricsSettings::default();
    (settings.max_routes, settings.max_series) = (3000, 3000);
    let metrics = Arc::new(Metrics::new(&settings, &ServiceIdentity::default()));
    let traffic = Traffic::new(metrics.http());
    (0..2500).for_each(|number| traffic.get(&Arc::from(format!("/r{number}"))));
    assert_eq!(seen(&metrics).of("rate_limit_hits_total").count(), 2500);
    let logins = Definition::new("logins_total", "Logins.").labels(["tenant"]);
    let logins = metrics.families().counter::<Capped<&str>>(logins).expect("it is new");
    logins.inc(Capped("acme"));
    assert_eq!(seen(&metrics).value("logins_total", &[("tenant", "acme")]), 1.0);
}
