use std::time::Duration;

use obs_core::{CallKind, CallOutcome, RequestContext};

use crate::built_in::{BuiltIn, families};
use crate::event::event;
use crate::naming::{Canonical, CanonicalLabel};
use crate::{Label, Metrics, Number, Timer};

/// Series per label: 63 names and `other`.
const TYPES: CanonicalLabel = CanonicalLabel::open("query_type").limit(63);

families! {
    Database {
        duration: HistogramCell = Canonical::histogram(
            "db_query_duration_seconds",
            "Duration of database queries, by type, successful or not.",
        )
        .labels(&[TYPES])
        .buckets(&super::CALLS);
        errors: CounterCell = Canonical::counter(
            "db_errors_total",
            "Database queries that failed.",
        )
        .labels(&[TYPES.opt_in()]);
        slow: CounterCell = Canonical::counter(
            "db_slow_queries_total",
            "Database queries slower than the threshold for slow queries, by type.",
        )
        .labels(&[TYPES]);
        pool: GaugeCell = Canonical::gauge(
            "db_pool_connections",
            "Connections in the database pool, by state.",
        )
        .labels(&[CanonicalLabel::open("state")]);
        pool_used: GaugeCell = Canonical::gauge(
            "pg_pool_used",
            "Connections in the database pool that are in use.",
        )
        .opt_in();
        pool_total: GaugeCell = Canonical::gauge(
            "pg_pool_total",
            "Maximum number of connections in the database pool.",
        )
        .opt_in();
    }
}

impl BuiltIn {
    /// A query that was measured without a `Call` ended.
    pub(crate) fn query_finished(
        &self,
        query_type: impl Label,
        outcome: CallOutcome,
        duration: Duration,
    ) {
        if let Some(context) = RequestContext::current() {
            context.count_call(CallKind::Database);
        }
        let Database { duration: durations, errors, slow, .. } = &self.database;
        durations.observe(&query_type, duration.as_secs_f64());
        // 0 as well: the first one is to be an increase.
        errors.add(&query_type, u64::from(outcome == CallOutcome::Error));
        slow.add(&query_type, u64::from(duration > self.slow_query));
    }
}

impl Metrics {
    /// The connections of the database pool: those in use, those that wait for use, and how many
    /// there may be. Sets `db_pool_connections`.
    pub fn db_pool(&self, used: impl Number, idle: impl Number, max: impl Number) {
        let Database { pool, pool_used, pool_total, .. } = &self.built_in().database;
        let (used, max) = (used.number(), max.number());
        pool.set("used", used);
        pool.set("idle", idle.number());
        pool.set("max", max);
        pool_used.set((), used);
        pool_total.set((), max);
    }
}

/// A query failed.
#[track_caller]
pub fn db_error(metrics: Option<&Metrics>) {
    db_error_of(metrics, "unknown");
}

/// A query of a type failed.
#[track_caller]
pub fn db_error_of(metrics: Option<&Metrics>, query_type: impl Label) {
    let Some(metrics) = metrics else { return };
    metrics.built_in().database.errors.inc(query_type);
}

/// A query that runs.
#[derive(Debug)]
pub struct Query<T> {
    query_type: T,
    outcome: CallOutcome,
}

/// A query runs until the timer is dropped.
#[track_caller]
pub fn query_timer<T: Label>(metrics: Option<&Metrics>, query_type: T) -> Timer<'_, Query<T>> {
    let query = Query { query_type, outcome: CallOutcome::Cancelled };
    Timer::start(metrics, query, |metrics, query, time| {
        metrics.built_in().query_finished(&query.query_type, query.outcome, time);
    })
}

impl<L> Timer<'_, Query<L>> {
    /// The query ended with this result.
    pub fn end<T, E>(mut self, result: &Result<T, E>) {
        self.what.outcome = if result.is_ok() { CallOutcome::Success } else { CallOutcome::Error };
    }
}

/// Measures a query as [`db_query!`](crate::db_query) does.
///
/// # Errors
/// The query's own, unchanged.
///
/// ```
/// # async fn fetch() -> Result<u32, std::io::Error> { Ok(7) }
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let rows = obs_metrics::time_query("select", fetch()).await?;
/// # assert_eq!(rows, 7);
/// # std::io::Result::Ok(()) }).unwrap();
/// ```
pub async fn time_query<T, E>(
    query_type: impl Label,
    query: impl Future<Output = Result<T, E>>,
) -> Result<T, E> {
    crate::db_query!(query_type, query.await)
}

/// Measures a query, and has its result: type, an expression that is a `Result`.
///
/// The time is observed in `db_query_duration_seconds`, whatever the outcome; an `Err` counts in
/// `db_errors_total`; what takes longer than
/// [`MetricsSettings::slow_query`](crate::MetricsSettings::slow_query) counts in
/// `db_slow_queries_total`. Also if the expression panics or is a future that is dropped at an
/// `.await`.
///
/// How many queries ended while its [context](obs_core::RequestContext) was current is observed of
/// each request in `db_queries_per_request`, which is shown once there was one.
///
/// ```
/// use obs_metrics::db_query;
///
/// # fn fetch() -> Result<u32, std::io::Error> { Ok(7) }
/// let rows = db_query!("select", fetch())?;
/// # assert_eq!(rows, 7);
/// # async fn insert() -> Result<u32, std::io::Error> { Ok(7) }
/// # async fn example() -> Result<u32, std::io::Error> {
/// let id = db_query!("insert", insert().await)?;
/// # Ok(id) }
/// # Ok::<(), std::io::Error>(())
/// ```
#[macro_export]
macro_rules! db_query {
    (handle: $handle:expr, $query_type:expr, $query:expr $(,)?) => {{
        let timer =
            $crate::__private::query_timer($crate::__private::handle(&$handle), $query_type);
        let result = $query;
        timer.end(&result);
        result
    }};
    ($query_type:expr, $query:expr $(,)?) => {{
        let timer = $crate::__private::query_timer($crate::__private::installed(), $query_type);
        let result = $query;
        timer.end(&result);
        result
    }};
    ($($rest:tt)*) => {
        compile_error!(
            "the form of this macro is\n  db_query!(query_type, expression)\nit may begin with `handle: metrics`"
        )
    };
}

event! {
    ($)
    /// A query failed: adds 1 to `db_errors_total`. [`db_query!`](crate::db_query) counts its errors
    /// itself.
    ///
    /// The type of the query is a label only if the service asks for it:
    /// [`with("query_type")`](crate::FamilyNaming::with).
    ///
    /// ```
    /// use obs_metrics::db_error;
    ///
    /// db_error!();
    /// db_error!("insert");
    /// ```
    db_error {
        () => db_error;
        (query_type) => db_error_of;
    }
}
