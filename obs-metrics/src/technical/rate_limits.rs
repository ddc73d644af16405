use obs_core::Finished;

use crate::built_in::{Text, families};
use crate::naming::{Canonical, CanonicalLabel as Label};

families! {
    RateLimits {
        hits: CounterCell = Canonical::counter(
            "rate_limit_hits_total",
            "Hits of a limit: requests answered with 429, and those the service told of, by route.",
        )
        .labels(&[Label::open("route"), Label::open("category").limit(20)]);
    }
}

/// Of a hit whose category nobody has told.
const DEFAULT: &str = "default";

impl RateLimits {
    /// A request was answered with 429.
    pub(crate) fn finish(&self, route: &str, _end: &Finished<'_>) {
        self.hits.inc((Text(route), DEFAULT));
    }

    /// Shows a route before its first hit.
    pub(crate) fn show(&self, route: &str) {
        self.hits.add((Text(route), DEFAULT), 0);
    }
}
