use std::sync::Arc;
use std::time::Duration;

use obs_core::source::{Collector, Family, Histogram, Kind, Source, Value};
use obs_core::{
    CallOutcome, ErrorClass, Finished, Observer, Outcome, RequestContext, RequestInfo, Route,
    UNKNOWN_ROUTE, Work,
};

use crate::MetricsSettings;
use crate::durations::Names;
use crate::store::{Series, Store, Totals};

/// RED metrics of every observed exchange.
///
/// Recording takes no lock, no hash and no allocation once a thread has met a series; totals,
/// error classes and aborts are derived from the same rows when they are shown.
#[derive(Debug)]
pub struct HttpMetrics {
    store: Arc<Store>,
    /// In seconds.
    bounds: Vec<f64>,
    /// Work without a request is no request: a family of its own.
    jobs: Names,
}

impl HttpMetrics {
    /// An empty store.
    #[must_use]
    pub fn new(settings: &MetricsSettings) -> Self {
        Self {
            store: Store::new(&settings.buckets, settings.max_routes),
            bounds: settings.buckets.iter().map(Duration::as_secs_f64).collect(),
            jobs: Names::default(),
        }
    }

    /// Look-ups of routes beyond [`MetricsSettings::max_routes`].
    pub(crate) fn routes_overflowed(&self) -> u64 {
        self.store.routes_overflowed()
    }
}

impl Observer for HttpMetrics {
    type State = ();

    #[inline]
    fn begin(&self, request: &RequestInfo<'_>, _: &RequestContext) {
        if request.facts.work() == Work::Request {
            self.store.start();
        }
    }

    #[inline]
    fn finish(&self, (): (), end: &Finished<'_>) {
        let route = end.route().unwrap_or(Route { pattern: UNKNOWN_ROUTE, owner: &UNKNOWN_ROUTE });
        if end.facts.work() != Work::Request {
            return self.jobs.record(route.pattern, outcome_of_job(end), end.duration);
        }
        self.store.record(route, Series::new(end.facts.method(), end.status), end);
    }
}

fn outcome_of_job(end: &Finished<'_>) -> CallOutcome {
    match (end.outcome, end.status) {
        (Outcome::Cancelled, _) => CallOutcome::Cancelled,
        (_, 500..) => CallOutcome::Error,
        _ => CallOutcome::Success,
    }
}

impl Source for HttpMetrics {
    fn collect(&self, out: &mut dyn Collector) {
        let snapshot = self.store.snapshot();
        let rows: Vec<_> = snapshot.rows.iter().map(Row::new).collect();
        requests(&rows, out);
        durations(&rows, &self.bounds, out);
        errors(&rows, out);
        exceptions(&rows, out);
        whole(&rows, snapshot.in_flight, out);
        out.family(&Family {
            name: "job_duration_seconds",
            kind: Kind::Histogram,
            help: "Time of work without a request, by job and outcome.",
        });
        self.jobs.show_outcomes("job", out);
    }
}

/// One series with its label values as text.
struct Row<'a> {
    method: &'static str,
    route: &'a str,
    status_code: String,
    error: Option<ErrorClass>,
    totals: &'a Totals,
}

impl<'a> Row<'a> {
    fn new(((route, series), totals): (&'a (Arc<str>, Series), &'a Totals)) -> Self {
        let status = series.status();
        let error = ErrorClass::from_status(status);
        Self { method: series.method(), route, status_code: status.to_string(), error, totals }
    }

    fn labels(&self) -> [(&'static str, &str); 3] {
        [("method", self.method), ("route", self.route), ("status_code", &self.status_code)]
    }
}

fn requests(rows: &[Row<'_>], out: &mut dyn Collector) {
    out.family(&Family {
        name: "http_requests_total",
        kind: Kind::Counter,
        help: "Requests, by method, matched route and status; 499: the client left before the headers.",
    });
    for row in rows {
        out.sample(&row.labels(), Value::Integer(row.totals.requests()));
    }
}

fn durations(rows: &[Row<'_>], bounds: &[f64], out: &mut dyn Collector) {
    out.family(&Family {
        name: "http_request_duration_seconds",
        kind: Kind::Histogram,
        help: "Time from a request's arrival to the end of its response body; streams are left out.",
    });
    for row in rows.iter().filter(|row| row.totals.buckets().iter().any(|count| *count > 0)) {
        let histogram =
            Histogram { bounds, counts: row.totals.buckets(), sum: row.totals.sum_seconds() };
        out.sample(&row.labels(), Value::Histogram(histogram));
    }
}

fn errors(rows: &[Row<'_>], out: &mut dyn Collector) {
    out.family(&Family {
        name: "http_errors_total",
        kind: Kind::Counter,
        help: "Requests answered with 4xx (without 499) or 5xx, by route.",
    });
    for (route, rows) in by_route(rows) {
        for class in [ErrorClass::Client, ErrorClass::Server] {
            let rows = rows.iter().filter(|row| row.error == Some(class));
            let count = rows.map(|row| row.totals.requests()).sum();
            out.sample(&[("route", route), ("error_type", class.as_str())], Value::Integer(count));
        }
    }
}

fn exceptions(rows: &[Row<'_>], out: &mut dyn Collector) {
    out.family(&Family {
        name: "exceptions_total",
        kind: Kind::Counter,
        help: "Requests that panicked, or that failed with an error the handler told of, by route.",
    });
    for (route, rows) in by_route(rows) {
        let mut kind = |kind, column: fn(&Totals) -> u64| {
            let count = rows.iter().map(|row| column(row.totals)).sum();
            out.sample(&[("route", route), ("kind", kind)], Value::Integer(count));
        };
        kind("error", Totals::errors);
        kind("panic", Totals::panics);
    }
}

/// The rows are sorted by route.
fn by_route<'a>(rows: &'a [Row<'a>]) -> impl Iterator<Item = (&'a str, &'a [Row<'a>])> {
    let routes = rows.chunk_by(|a, b| a.route == b.route);
    routes.filter_map(|rows| Some((rows.first()?.route, rows)))
}

fn whole(rows: &[Row<'_>], in_flight: u64, out: &mut dyn Collector) {
    out.family(&Family {
        name: "http_requests_in_flight",
        kind: Kind::Gauge,
        help: "Requests whose response has not ended.",
    });
    out.sample(&[], Value::Integer(in_flight));

    out.family(&Family {
        name: "obs_requests_aborted_total",
        kind: Kind::Counter,
        help: "Responses that ended before their body did.",
    });
    let sum = |column: fn(&Totals) -> u64| {
        Value::Integer(rows.iter().map(|row| column(row.totals)).sum())
    };
    out.sample(&[("outcome", "body_error")], sum(Totals::body_errors));
    out.sample(&[("outcome", "cancelled_in_body")], sum(Totals::cancelled_in_body));
}
