use crate::built_in::families;
use crate::naming::{Canonical, CanonicalLabel as Label};

const CACHE: Label = Label::open("cache");

families! {
    Caches {
        hits: CounterCell = Canonical::counter(
            "cache_hits_total",
            "Look-ups that a cache could answer.",
        )
        .labels(&[CACHE.opt_in()]);
        misses: CounterCell = Canonical::counter(
            "cache_misses_total",
            "Look-ups that a cache could not answer.",
        )
        .labels(&[CACHE.opt_in()]);
        requests: CounterCell = Canonical::counter(
            "cache_requests_total",
            "Look-ups in a cache: hits and misses.",
        )
        .labels(&[CACHE.opt_in()])
        .opt_in();
        operations: CounterCell = Canonical::counter(
            "cache_operations_total",
            "Operations on a cache, by kind.",
        )
        .labels(&[CACHE, Label::open("op")]);
    }
}
