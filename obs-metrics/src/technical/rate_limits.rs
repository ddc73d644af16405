use obs_core::RequestContext;

use crate::built_in::{Text, families};
use crate::event::event;
use crate::naming::{Canonical, CanonicalLabel};
use crate::{Label, Metrics};

families! {
    RateLimits {
        hits: CounterCell = Canonical::counter(
            "rate_limit_hits_total",
            "Rate limit hits: requests answered with 429, and hits reported by the service, by route.",
        )
        .labels(&[CanonicalLabel::open("route"), CanonicalLabel::open("category").limit(20).known(&[DEFAULT])]);
    }
}

/// The category of a hit without one.
const DEFAULT: &str = "default";

impl RateLimits {
    /// A request was answered with 429, and the service has not reported it.
    pub(crate) fn hit(&self, route: &str) {
        self.hits.inc((Text(route), DEFAULT));
    }

    /// Shows a route before its first hit.
    pub(crate) fn show(&self, route: &str) {
        self.hits.declare(&[route, DEFAULT]);
    }
}

/// A limit was hit.
#[track_caller]
pub fn rate_limit_hit(metrics: Option<&Metrics>, route: impl Label, category: impl Label) {
    let Some(metrics) = metrics else { return };
    metrics.built_in().rate_limits.hits.inc((route, category));
    if let Some(context) = RequestContext::current() {
        context.mark_limit_counted();
    }
}

event! {
    ($)
    /// A limit was hit: route, category. Adds 1 to `rate_limit_hits_total`.
    ///
    /// Every request that is answered with 429 counts by itself, with the category `default`. One
    /// that reported its hit with this macro does not count again. The route is called as that of a
    /// request: it has the same bounds, and the name that the settings may have for it.
    ///
    /// ```
    /// obs_metrics::rate_limit_hit!("/orders", "per_user");
    /// ```
    rate_limit_hit { (route, category) => rate_limit_hit; }
}
