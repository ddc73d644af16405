use crate::built_in::families;
use crate::event::event;
use crate::naming::{Canonical, CanonicalLabel};
use crate::{Label, Metrics};

const CACHE: CanonicalLabel = CanonicalLabel::open("cache");
const OPERATION: CanonicalLabel = CanonicalLabel::open("op");

families! {
    Caches {
        hits: CounterCell = Canonical::counter(
            "cache_hits_total",
            "Cache lookups that hit.",
        )
        .labels(&[CACHE.opt_in()]);
        misses: CounterCell = Canonical::counter(
            "cache_misses_total",
            "Cache lookups that missed.",
        )
        .labels(&[CACHE.opt_in()]);
        requests: CounterCell = Canonical::counter(
            "cache_requests_total",
            "Cache lookups: hits and misses.",
        )
        .labels(&[CACHE.opt_in()])
        .opt_in();
        operations: CounterCell = Canonical::counter(
            "cache_operations_total",
            "Cache operations, by kind.",
        )
        .labels(&[CACHE, OPERATION]);
        duration: HistogramCell = Canonical::histogram(
            "cache_operation_duration_seconds",
            "Duration of cache calls, by cache and operation.",
        )
        .labels(&[CACHE, OPERATION])
        .buckets(&[0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0]);
    }
}

/// A cache could answer.
#[track_caller]
pub fn cache_hit(metrics: Option<&Metrics>) {
    cache_hit_of(metrics, "default");
}

/// A cache could answer, and it is known which.
#[track_caller]
pub fn cache_hit_of(metrics: Option<&Metrics>, cache: impl Label) {
    looked_up(metrics, cache, true);
}

/// A cache could not answer.
#[track_caller]
pub fn cache_miss(metrics: Option<&Metrics>) {
    cache_miss_of(metrics, "default");
}

/// A cache could not answer, and it is known which.
#[track_caller]
pub fn cache_miss_of(metrics: Option<&Metrics>, cache: impl Label) {
    looked_up(metrics, cache, false);
}

/// What did not happen is shown as well: a ratio has two sides.
#[track_caller]
fn looked_up(metrics: Option<&Metrics>, cache: impl Label, hit: bool) {
    let Some(metrics) = metrics else { return };
    let Caches { hits, misses, requests, .. } = &metrics.built_in().caches;
    hits.add(&cache, u64::from(hit));
    misses.add(&cache, u64::from(!hit));
    requests.inc(&cache);
}

/// Something was done with a cache.
#[track_caller]
pub fn cache_operation(metrics: Option<&Metrics>, cache: impl Label, op: impl Label) {
    let Some(metrics) = metrics else { return };
    metrics.built_in().caches.operations.inc((cache, op));
}

event! {
    ($)
    /// A cache could answer: adds 1 to `cache_hits_total`, and to `cache_requests_total` where that
    /// is on.
    ///
    /// The name of the cache is a label only if the service asks for it:
    /// [`with("cache")`](crate::FamilyNaming::with).
    ///
    /// ```
    /// use obs_metrics::cache_hit;
    ///
    /// cache_hit!();
    /// cache_hit!("sessions");
    /// ```
    cache_hit {
        () => cache_hit;
        (cache) => cache_hit_of;
    }
}

event! {
    ($)
    /// A cache could not answer: adds 1 to `cache_misses_total`, and to `cache_requests_total` where
    /// that is on. The name of the cache is as with [`cache_hit!`](crate::cache_hit).
    ///
    /// ```
    /// use obs_metrics::cache_miss;
    ///
    /// cache_miss!();
    /// cache_miss!("sessions");
    /// ```
    cache_miss {
        () => cache_miss;
        (cache) => cache_miss_of;
    }
}

event! {
    ($)
    /// Something was done with a cache: cache, operation. Adds 1 to `cache_operations_total`.
    ///
    /// ```
    /// obs_metrics::cache_operation!("sessions", "evict");
    /// ```
    cache_operation { (cache, op) => cache_operation; }
}
