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
    let http = Arc::clone(metrics.http());
    Bench::new(
        move |times| {
            let repeat = Repeat { http: Arc::clone(&http), times };
            let mut exchange = Exchange::begin(Arc::new(Lifecycle::new(repeat)), Get, &NoHeaders);
            exchange.headers(Head { status: 200, bodyless: false, length: None, streaming: false });
            exchange.finish(Outcome::Complete);
        },
        move || load::value(&metrics.render(Format::Text), "http_requests_total{"),
    )
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

struct Get;

impl Facts for Get {
    fn method(&self) -> &str {
        load::HOT[0]
    }

    fn path(&self) -> &str {
        "/items/12345"
    }

    fn route(&self) -> Option<Route<'_>> {
        Some(Route { pattern: load::HOT[1], owner: &load::HOT[1] })
    }
}

struct NoHeaders;

impl Headers for NoHeaders {
    fn get(&self, _: &str) -> Option<&[u8]> {
        None
    }
}
