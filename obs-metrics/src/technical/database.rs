use std::time::Duration;

use obs_core::CallOutcome;

use crate::built_in::{Text, families};
use crate::naming::{Canonical, CanonicalLabel as Label};

const SLOW: Duration = Duration::from_secs(1);
/// Series per label: 63 names and `other`.
const TYPES: Label = Label::open("query_type").limit(63);

families! {
    Database {
        duration: HistogramCell = Canonical::histogram(
            "db_query_duration_seconds",
            "Time of database queries, by type, whatever their outcome.",
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
            "Database queries that took longer than a query should, by type.",
        )
        .labels(&[TYPES]);
        per_request: HistogramCell = Canonical::histogram(
            "db_queries_per_request",
            "Database queries of a request, by route.",
        )
        .labels(&[Label::open("route")])
        .buckets(&[0.0, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0]);
        pool: GaugeCell = Canonical::gauge(
            "db_pool_connections",
            "Connections of the database pool, by state.",
        )
        .labels(&[Label::open("state")]);
        pool_used: GaugeCell = Canonical::gauge(
            "pg_pool_used",
            "Connections of the database pool that are in use.",
        )
        .opt_in();
        pool_total: GaugeCell = Canonical::gauge(
            "pg_pool_total",
            "Connections that the database pool may have.",
        )
        .opt_in();
    }
}

impl Database {
    /// A query ended.
    pub(crate) fn finish(&self, query_type: &str, outcome: CallOutcome, duration: Duration) {
        let label = Text(query_type);
        self.duration.observe(label, duration.as_secs_f64());
        // 0 as well: the first error is to be an increase.
        self.errors.add(label, u64::from(outcome == CallOutcome::Error));
        self.slow.add(label, u64::from(duration > SLOW));
    }
}
