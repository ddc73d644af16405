use obs_core::source::{Collector, Family, Kind, Source, Value};
use obs_core::{Call, CallKind, CallObserver, CallOutcome};

use crate::durations::Names;

/// Durations of outgoing calls.
#[derive(Debug, Default)]
pub(crate) struct CallMetrics {
    database: Names,
    external: Names,
}

impl CallObserver for CallMetrics {
    fn finish(&self, call: &Call<'_>) {
        let names = match call.kind {
            CallKind::Database => &self.database,
            _ => &self.external,
        };
        names.record(call.name, call.outcome, call.duration);
    }
}

impl Source for CallMetrics {
    fn collect(&self, out: &mut dyn Collector) {
        out.family(&Family {
            name: "db_query_duration_seconds",
            kind: Kind::Histogram,
            help: "Time of database queries, by type, whatever their outcome.",
        });
        self.database.show("query_type", out);
        out.family(&Family {
            name: "db_errors_total",
            kind: Kind::Counter,
            help: "Database queries that failed.",
        });
        out.sample(&[], Value::Integer(self.database.count(CallOutcome::Error)));
        out.family(&Family {
            name: "external_request_duration_seconds",
            kind: Kind::Histogram,
            help: "Time of requests to other services, by target and outcome.",
        });
        self.external.show_outcomes("target", out);
    }
}
