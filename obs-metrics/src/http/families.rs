//! The families that are derived from the rows.

use obs_core::ErrorClass;
use obs_core::source::{Collector, Family, Kind, Value};

use super::Bounds;
use super::row::{Row, by_route};
use crate::store::Totals;

/// Hits of a limit whose category nobody has told.
const CATEGORY: &str = "default";
const TOO_MANY_REQUESTS: u16 = 429;

pub(super) fn show(rows: &[Row<'_>], bounds: &Bounds, in_flight: u64, out: &mut dyn Collector) {
    requests(rows, out);
    durations(rows, bounds, out);
    errors(rows, out);
    exceptions(rows, out);
    slow(rows, bounds, out);
    rate_limit_hits(rows, out);
    whole(rows, in_flight, out);
}

fn counter(name: &str, help: &str, out: &mut dyn Collector) {
    out.family(&Family { name, kind: Kind::Counter, help });
}

fn requests(rows: &[Row<'_>], out: &mut dyn Collector) {
    counter(
        "http_requests_total",
        "Requests, by method, matched route and status; 499: the client left before the headers.",
        out,
    );
    for row in rows {
        out.series(row.labels(), &row.requests());
    }
}

/// A series of nothing but streams has no durations. One without a request is declared.
fn durations(rows: &[Row<'_>], bounds: &Bounds, out: &mut dyn Collector) {
    out.family(&Family {
        name: "http_request_duration_seconds",
        kind: Kind::Histogram,
        help: "Time from a request's arrival to the end of its response body; streams are left out.",
    });
    for row in rows.iter().filter(|row| row.totals().timed() > 0 || row.totals().untimed() == 0) {
        out.series(row.labels(), &row.durations(bounds));
    }
}

fn errors(rows: &[Row<'_>], out: &mut dyn Collector) {
    counter("http_errors_total", "Requests answered with 4xx (without 499) or 5xx, by route.", out);
    for (route, rows) in by_route(rows) {
        for class in [ErrorClass::Client, ErrorClass::Server] {
            let count = sum(rows, |row| row.error() == Some(class));
            out.sample(&[("route", route), ("error_type", class.as_str())], Value::Integer(count));
        }
    }
}

fn exceptions(rows: &[Row<'_>], out: &mut dyn Collector) {
    counter(
        "exceptions_total",
        "Requests that panicked, or that failed with an error the handler told of, by route.",
        out,
    );
    for (route, rows) in by_route(rows) {
        let mut kind = |kind, column: fn(&Totals) -> u64| {
            let count = rows.iter().map(|row| column(row.totals())).sum();
            out.sample(&[("route", route), ("kind", kind)], Value::Integer(count));
        };
        kind("error", Totals::errors);
        kind("panic", Totals::panics);
    }
}

fn slow(rows: &[Row<'_>], bounds: &Bounds, out: &mut dyn Collector) {
    counter(
        "slow_requests_total",
        "Requests that took longer than a request should, by route.",
        out,
    );
    for (route, rows) in by_route(rows) {
        let count = rows.iter().map(|row| bounds.slow(row.totals().buckets())).sum();
        out.sample(&[("route", route)], Value::Integer(count));
    }
}

fn rate_limit_hits(rows: &[Row<'_>], out: &mut dyn Collector) {
    counter("rate_limit_hits_total", "Requests answered with 429, by route.", out);
    for (route, rows) in by_route(rows) {
        let count = sum(rows, |row| row.status() == TOO_MANY_REQUESTS);
        out.sample(&[("route", route), ("category", CATEGORY)], Value::Integer(count));
    }
}

fn whole(rows: &[Row<'_>], in_flight: u64, out: &mut dyn Collector) {
    out.family(&Family {
        name: "http_requests_in_flight",
        kind: Kind::Gauge,
        help: "Requests whose response has not ended.",
    });
    out.sample(&[], Value::Integer(in_flight));

    counter("obs_requests_aborted_total", "Responses that ended before their body did.", out);
    let sum = |column: fn(&Totals) -> u64| {
        Value::Integer(rows.iter().map(|row| column(row.totals())).sum())
    };
    out.sample(&[("outcome", "body_error")], sum(Totals::body_errors));
    out.sample(&[("outcome", "cancelled_in_body")], sum(Totals::cancelled_in_body));
}

/// Requests of the rows that are asked for.
fn sum(rows: &[Row<'_>], of: impl Fn(&Row<'_>) -> bool) -> u64 {
    rows.iter().filter(|row| of(row)).map(|row| row.totals().requests()).sum()
}
