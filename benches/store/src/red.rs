use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use obs_core::{
    Exchange, Facts, Finished, Head, Headers, Lifecycle, Observer, Outcome, RequestContext,
    RequestInfo, Route, ServiceIdentity,
};
use obs_metrics::{Format, HttpMetrics, Metrics, MetricsSettings};

use crate::{Bench, load};

/// A beginning and an end each time, in one exchange: neither the clock nor the exchange is counted.
pub(crate) fn record() -> Bench {
    let metrics = Arc::new(Metrics::new(&MetricsSettings::default(), &ServiceIdentity::default()));
    let (http, route) = (Arc::clone(metrics.http()), load::HOT[1].into());
    Bench::new(
        move |times| requests(&http, &route, times),
        move || load::value(&metrics.render(Format::Text), "http_requests_total{"),
    )
}

/// So many requests to one route: what the signal does, within one exchange that carries them all.
pub fn requests(http: &Arc<HttpMetrics>, route: &Arc<str>, times: u32) {
    let lifecycle = Arc::new(Lifecycle::new(Repeat { http: Arc::clone(http), times }));
    let mut exchange = Exchange::begin(lifecycle, Get(Arc::clone(route)), &NoHeaders);
    exchange.headers(Head { status: 200, bodyless: false, length: None, streaming: false });
    exchange.finish(Outcome::Complete);
}

struct Repeat {
    http: Arc<HttpMetrics>,
    times: u32,
}

impl Observer for Repeat {
    type State = ();

    fn begin(&self, request: &RequestInfo<'_>, context: &RequestContext) {
        for _ in 0..self.times {
            self.http.begin(black_box(request), context);
        }
    }

    fn finish(&self, (): (), end: &Finished<'_>) {
        let mut end = *end;
        end.duration = Duration::from_secs_f64(load::OBSERVED);
        for _ in 0..self.times {
            self.http.finish((), black_box(&end));
        }
    }
}

struct Get(Arc<str>);

impl Facts for Get {
    fn method(&self) -> &str {
        load::HOT[0]
    }

    fn path(&self) -> &str {
        "/items/12345"
    }

    fn route(&self) -> Option<Route<'_>> {
        Some(Route { pattern: &self.0, owner: &self.0 })
    }
}

struct NoHeaders;

impl Headers for NoHeaders {
    fn get(&self, _: &str) -> Option<&[u8]> {
        None
    }
}
