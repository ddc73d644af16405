use std::time::Duration;

use obs_metrics::{
    FamilyNaming, Naming, cache_hit, cache_miss, cache_operation, queue_depth, queue_oldest_age,
};

use crate::{all, metrics, named, value};

/// AHSP-65, APEX-26.
#[test]
fn queues() {
    let metrics = metrics();
    queue_depth!(handle: metrics, "emails", 17);
    queue_oldest_age!(handle: metrics, "emails", Duration::from_millis(42_500));
    let emails = [("queue", "emails")];
    assert_eq!(value(&metrics, "queue_depth", &emails), 17.0);
    assert_eq!(value(&metrics, "queue_oldest_age_seconds", &emails), 42.5);
    queue_depth!(handle: metrics, "emails", 0);
    queue_oldest_age!(handle: metrics, "emails", 0);
    assert_eq!(value(&metrics, "queue_depth", &emails), 0.0);
    assert_eq!(value(&metrics, "queue_oldest_age_seconds", &emails), 0.0, "0 when empty");
}

/// INV-07, INV-08, AHSP-64.
#[test]
fn caches() {
    let metrics = metrics();
    cache_hit!(handle: metrics);
    assert_eq!(value(&metrics, "cache_misses_total", &[]), 0.0, "the other side of the ratio");
    cache_hit!(handle: metrics, "sessions");
    cache_miss!(handle: metrics, "sessions");
    cache_miss!(handle: metrics);
    cache_miss!(handle: metrics);
    assert_eq!(value(&metrics, "cache_hits_total", &[]), 2.0);
    assert_eq!(value(&metrics, "cache_misses_total", &[]), 3.0);
    cache_operation!(handle: metrics, "sessions", "evict");
    let evict = [("cache", "sessions"), ("op", "evict")];
    assert_eq!(value(&metrics, "cache_operations_total", &evict), 1.0);
    assert_eq!(all(&metrics, "cache_requests_total"), []);
}

/// APEX-25: the mode of hits and requests.
#[test]
fn requests_are_hits_and_misses() {
    let on = FamilyNaming::new().on();
    let off = FamilyNaming::new().off();
    let naming =
        Naming::default().family("cache_requests_total", on).family("cache_misses_total", off);
    let metrics = named(naming);
    assert_eq!(value(&metrics, "cache_requests_total", &[]), 0.0, "there from the start");
    for number in 0..10 {
        if number % 3 == 0 {
            cache_hit!(handle: metrics);
        } else {
            cache_miss!(handle: metrics);
        }
    }
    assert_eq!(value(&metrics, "cache_hits_total", &[]), 4.0);
    assert_eq!(value(&metrics, "cache_requests_total", &[]), 10.0);
    assert_eq!(all(&metrics, "cache_misses_total"), []);
}

#[test]
fn the_name_of_a_cache_is_a_label_for_whoever_wants_it() {
    let with = FamilyNaming::new().with("cache");
    let metrics = named(Naming::default().family("cache_hits_total", with));
    cache_hit!(handle: metrics, "sessions");
    cache_hit!(handle: metrics);
    assert_eq!(value(&metrics, "cache_hits_total", &[("cache", "sessions")]), 1.0);
    assert_eq!(value(&metrics, "cache_hits_total", &[("cache", "default")]), 1.0);
}
