mod bounds;
mod families;
mod names;
mod row;
mod summary;
mod timed;
mod times;

use std::sync::Arc;
use std::time::Duration;

use obs_core::source::{Collector, Family, Source};
use obs_core::{
    CallOutcome, ErrorClass, Finished, FinishedCall, Observer, Outcome, RequestContext,
    RequestInfo, Route, TaskFailure, UNKNOWN_ROUTE, Work,
};

use self::bounds::Bounds;
use self::families::Families;
use self::names::Names;
use self::row::Row;
use self::summary::Summaries;
use crate::MetricsSettings;
use crate::built_in::BuiltIn;
use crate::governor::FamilyCardinality;
use crate::store::{Series, Snapshot, Store};

pub(crate) use self::names::{CATALOG, DURATIONS, family, know_methods};
pub use self::summary::{EndpointMetrics, MetricsReport, MetricsSummary};

const TOO_MANY_REQUESTS: u16 = 429;
/// Methods and statuses that a route has normally, and some more.
const SERIES_PER_ROUTE: usize = 10;
/// A sum has to have room for many.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);
/// Of what is no status.
const NO_STATUS: u16 = 0;
/// The client left before the headers: what it waited for is no latency of ours.
const CLIENT_CLOSED_REQUEST: u16 = 499;

/// RED metrics of every observed exchange.
///
/// Recording takes no lock, no hash and no allocation once a thread has met a series. Three things are
/// looked up by their text, under shared locks that a new route or series alone takes for itself: a
/// route whose text is made anew for every request, a hit of a limit, and what
/// [`record`](Self::record) reports. Totals, error classes, slow requests, queries per request,
/// aborts and percentiles are derived from the same rows when they are shown.
#[derive(Debug)]
pub struct HttpMetrics {
    store: Arc<Store>,
    bounds: Bounds,
    zero_statuses: Vec<u16>,
    /// Work without a request, and hits of limits, are families of their own.
    built_in: Arc<BuiltIn>,
    names: Names,
}

impl HttpMetrics {
    pub(crate) fn new(settings: &MetricsSettings, built_in: Arc<BuiltIn>) -> Self {
        let bounds = Bounds::new(settings);
        let names = Names::new(settings, &built_in);
        Self {
            store: Store::new(
                built_in.clock(),
                (bounds.cuts(), names.query_bounds()),
                built_in.routes(),
                Arc::clone(&names.texts),
                settings.max_series.max(settings.max_routes.saturating_mul(SERIES_PER_ROUTE)),
            ),
            bounds,
            zero_statuses: settings.zero_statuses.clone(),
            built_in,
            names,
        }
    }

    /// Shows a route before its first request: a series of 0 for each of
    /// [`MetricsSettings::zero_statuses`], so that the first request is an increase and a ratio of
    /// errors is 0 instead of nothing.
    pub fn declare(&self, method: &str, route: &str) {
        for status in &self.zero_statuses {
            self.store.declare(route, Series::new(method, *status));
        }
    }

    /// Records a request that no middleware observed, such as one of a server without an adapter, or a
    /// message from a queue that stands for a request. Observed requests are recorded by themselves.
    ///
    /// `route` is a pattern or a name, never a path: it has the bounds of
    /// [`MetricsSettings::max_routes`]. `method` is one of the known ones in capitals, else `OTHER`;
    /// `status` is one of HTTP, and what cannot be one (below 100, above 999) counts as 0, which is
    /// no error. A `duration` is at most a day. A 429 is a hit of a limit, too; it needs no
    /// [`rate_limit_hit!`](crate::rate_limit_hit).
    ///
    /// ```
    /// # use obs_core::ServiceIdentity;
    /// # use obs_metrics::{Metrics, MetricsSettings};
    /// use std::time::Duration;
    ///
    /// # let metrics = Metrics::new(&MetricsSettings::default(), &ServiceIdentity::default());
    /// metrics.http().record("GET", "/orders/{id}", 503, Duration::from_millis(12));
    ///
    /// assert_eq!(metrics.http().metrics_summary().errors_5xx, 1);
    /// ```
    pub fn record(&self, method: &str, route: &str, status: u16, duration: Duration) {
        let status = if (100..1000).contains(&status) { status } else { NO_STATUS };
        self.store.record_whole(route, Series::new(method, status), duration.min(LONGEST));
        if status == TOO_MANY_REQUESTS {
            self.built_in.rate_limits.hit(route);
        }
    }

    /// Counts an error in `http_errors_total` that is no answer's status: of an operation in a batch, or
    /// of a message on a socket. Requests that were answered with an error count by themselves.
    ///
    /// It belongs to no request: what describes requests, such as
    /// [`metrics_summary`](Self::metrics_summary), does not have it. `route` is as for
    /// [`record`](Self::record).
    ///
    /// ```
    /// # use obs_core::ServiceIdentity;
    /// # use obs_metrics::{Format, Metrics, MetricsSettings};
    /// use obs_metrics::ErrorClass;
    ///
    /// # let metrics = Metrics::new(&MetricsSettings::default(), &ServiceIdentity::default());
    /// metrics.http().record_error("/graphql", ErrorClass::Client);
    ///
    /// let text = metrics.render(Format::Text);
    /// assert!(text.contains(r#"http_errors_total{route="/graphql",error_type="client_error"} 1"#));
    /// ```
    pub fn record_error(&self, route: &str, class: ErrorClass) {
        self.store.record_error(route, class);
    }

    /// All requests since the start, in five numbers.
    #[must_use]
    pub fn metrics_summary(&self) -> MetricsSummary {
        self.read(|summaries| summaries.all())
    }

    /// What one route did since the start; `None` if it is neither declared nor asked for.
    #[must_use]
    pub fn endpoint_metrics(&self, route: &str) -> Option<EndpointMetrics> {
        self.read(|summaries| summaries.route(route))
    }

    /// The [`metrics_summary`](Self::metrics_summary) and every
    /// [`endpoint_metrics`](Self::endpoint_metrics), of one moment.
    #[must_use]
    pub fn report(&self) -> MetricsReport {
        self.read(|summaries| summaries.report())
    }

    /// A family that is shown once it is used.
    pub(crate) fn late(&self) -> Option<Family<'_>> {
        self.names.late()
    }

    /// The route is known by now.
    #[cold]
    fn hit(&self, route: &str, end: &Finished<'_>) {
        if !end.context.is_limit_counted() {
            self.built_in.rate_limits.hit(route);
        }
    }

    /// The family of the requests, and what was counted in it for another route than its own.
    pub(crate) fn overflowed(&self) -> (String, u64) {
        (self.built_in.routes().family().to_owned(), self.store.overflowed())
    }

    /// How many series and routes there are, may be, and would be.
    pub(crate) fn cardinality(&self) -> FamilyCardinality {
        let routes = self.built_in.routes();
        let (series, max_series) = self.store.series();
        FamilyCardinality {
            family: routes.family().to_owned(),
            series,
            max_series,
            labels: vec![routes.cardinality()],
        }
    }

    fn read<R>(&self, with: impl FnOnce(&Summaries<'_>) -> R) -> R {
        let Self { bounds, built_in, names, .. } = self;
        let Snapshot { series, .. } = self.store.snapshot();
        let rows: Vec<_> = series.iter().map(|series| Row::new(series, bounds)).collect();
        let hits = built_in.rate_limits.hits.by_route();
        with(&Summaries { rows: &rows, texts: &names.texts, bounds, hits })
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
            let jobs = &self.built_in.jobs;
            return jobs.finish(route.pattern, outcome_of_job(end), end.duration);
        }
        self.store.record(route, Series::new(end.facts.method(), end.status), end);
        if end.status == TOO_MANY_REQUESTS {
            self.hit(route.pattern, end);
        }
        if end.task_panics > 0 {
            self.store.record_exceptions(route.pattern, true, end.task_panics.into());
        }
    }

    fn discard(&self, (): (), work: Work) {
        if work == Work::Request {
            self.store.discard();
        }
    }

    /// While the request runs its route may be unknown: its end counts the panic.
    fn task_failed(&self, failure: &TaskFailure<'_>) {
        if let Some((Work::Request, route)) = failure.ended {
            self.store.record_exceptions(route, failure.error.is_panic(), 1);
        }
    }

    #[inline]
    fn finish_call(&self, call: &mut FinishedCall<'_>) {
        self.built_in.finish_call(call);
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
        let Snapshot { series, in_flight, reported } = self.store.snapshot();
        let rows: Vec<_> = series.iter().map(|series| Row::new(series, &self.bounds)).collect();
        let Self { names, bounds, .. } = self;
        Families { names, bounds, rows: &rows, in_flight, reported: &reported }.show(out);
        for (route, _) in row::by_route(&rows) {
            self.built_in.rate_limits.show(route);
        }
    }
}
