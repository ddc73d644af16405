//! The families that are derived from the rows.

use std::collections::BTreeMap;
use std::sync::Arc;

use obs_core::ErrorClass;
use obs_core::source::{Collector, Histogram, Kind, LabelSet, Sample, Value};

use super::names::Names;
use super::row::{Row, by_route};
use super::timed::Timed;
use super::{Bounds, CLIENT_CLOSED_REQUEST};
use crate::naming::Named;
use crate::store::{Errors, Totals};

/// Places of the labels of a row.
const METHOD_AT: usize = 0;
const ROUTE_AT: usize = 1;
const STATUS_AT: usize = 2;
const ERROR_AT: usize = 3;

/// What one scrape sees of the requests.
pub(super) struct Families<'a> {
    pub(super) names: &'a Names,
    pub(super) bounds: &'a Bounds,
    pub(super) rows: &'a [Row<'a>],
    pub(super) in_flight: u64,
    /// Errors that the service told of.
    pub(super) told: &'a BTreeMap<Arc<str>, Errors>,
}

impl Families<'_> {
    pub(super) fn show(&self, out: &mut dyn Collector) {
        let Names {
            requests,
            durations,
            errors,
            exceptions,
            slow,
            queries,
            in_flight,
            aborted,
            ..
        } = self.names;
        if let Some(family) = requests {
            self.requests(family, out);
        }
        if let Some(family) = durations {
            self.durations(family, out);
        }
        if let Some(family) = errors {
            self.errors(family, out);
        }
        self.by_route(exceptions.as_ref(), out, |rows, show| {
            let count = |column: fn(&Totals) -> u64| rows.iter().map(|r| column(r.totals())).sum();
            show(Some("error"), count(Totals::errors));
            show(Some("panic"), count(Totals::panics));
        });
        self.by_route(slow.as_ref(), out, |rows, show| {
            show(None, rows.iter().map(|row| self.bounds.slow(row.totals().buckets())).sum());
        });
        let asked = || self.rows.iter().any(|row| row.totals().queries().is_some());
        if let Some(family) = queries.as_ref().filter(|family| family.at_start || asked()) {
            self.queries(family, out);
        }
        if let Some(family) = in_flight {
            family.begin(Kind::Gauge, out);
            family.show(&[], self.in_flight, out);
        }
        if let Some(family) = aborted {
            self.aborted(family, out);
        }
    }

    fn requests(&self, family: &Named, out: &mut dyn Collector) {
        family.begin(Kind::Counter, out);
        if self.names.are_of_rows(family) {
            self.rows.iter().for_each(|row| out.series(row.labels(), &row.requests()));
            return;
        }
        for rows in self.folded(family, self.rows.iter()) {
            let requests = rows.iter().map(|row| row.totals().requests()).sum();
            let created = rows.iter().map(|row| row.created()).min();
            let sample = Sample { created, ..Value::Integer(requests).into() };
            out.series(&self.labels(family, rows[0]), &sample);
        }
    }

    fn durations(&self, family: &Named, out: &mut dyn Collector) {
        family.begin(Kind::Histogram, out);
        let timed = self.rows.iter().filter(|row| row.has_durations());
        if self.names.are_of_rows(family) {
            for row in timed {
                out.series(row.labels(), &Timed::of(&[row], self.bounds).sample(self.bounds));
            }
            return;
        }
        let all = family.has(STATUS_AT);
        let timed = timed.filter(|row| all || row.status() != CLIENT_CLOSED_REQUEST);
        for rows in self.folded(family, timed) {
            out.series(
                &self.labels(family, rows[0]),
                &Timed::of(&rows, self.bounds).sample(self.bounds),
            );
        }
    }

    /// The rows that differ only in labels that the family does not have.
    fn folded<'a>(
        &self,
        family: &Named,
        rows: impl Iterator<Item = &'a Row<'a>>,
    ) -> impl Iterator<Item = Vec<&'a Row<'a>>> {
        let mut series: BTreeMap<_, Vec<&Row<'_>>> = BTreeMap::new();
        for row in rows {
            let method = family.has(METHOD_AT).then(|| row.method());
            let route = family.has(ROUTE_AT).then(|| row.route());
            let status = family.has(STATUS_AT).then(|| row.status());
            let error = (family.has(ERROR_AT) && is_error(row)).then(|| row.status());
            series.entry((route, method, status, error)).or_default().push(row);
        }
        series.into_values()
    }

    fn labels(&self, family: &Named, row: &Row<'_>) -> LabelSet {
        let method = self.names.texts.method(row.series());
        let status = row.status().to_string();
        let error = if is_error(row) { &*status } else { "" };
        family.labels(&[method, row.route(), &status, error])
    }

    /// Those of the requests, by their status, and those that the service told of.
    fn errors(&self, family: &Named, out: &mut dyn Collector) {
        family.begin(Kind::Counter, out);
        let told = self.told.iter().map(|(route, errors)| (&**route, *errors));
        let mut all: BTreeMap<&str, Errors> = told.collect();
        for row in self.rows {
            let errors = all.entry(row.route()).or_default();
            if let Some(class) = row.error() {
                errors[class as usize] += row.totals().requests();
            }
        }
        for (route, errors) in all {
            for class in [ErrorClass::Client, ErrorClass::Server] {
                family.show(&[route, class.as_str()], errors[class as usize], out);
            }
        }
    }

    /// Of all requests: those that are not in the buckets of the rows did not ask.
    fn queries(&self, family: &Named, out: &mut dyn Collector) {
        family.begin(Kind::Histogram, out);
        let bounds = self.names.query_bounds();
        for (route, rows) in by_route(self.rows) {
            let (mut counts, mut sum) = (vec![0; bounds.len() + 1], 0);
            for (buckets, queries) in rows.iter().filter_map(|row| row.totals().queries()) {
                counts.iter_mut().zip(buckets).for_each(|(count, more)| *count += more);
                sum += queries;
            }
            let requests: u64 = rows.iter().map(|row| row.totals().requests()).sum();
            let asked: u64 = counts.iter().sum();
            counts[bounds.partition_point(|bound| *bound < 0.0)] += requests.saturating_sub(asked);
            let histogram = Histogram { bounds, counts: &counts, sum: sum as f64 };
            let created = rows.iter().map(Row::created).min();
            let sample = Sample { created, ..Value::Histogram(histogram).into() };
            out.series(&family.labels(&[route]), &sample);
        }
    }

    /// A counter with the label `route`, and perhaps one more.
    fn by_route(
        &self,
        family: Option<&Named>,
        out: &mut dyn Collector,
        count: impl Fn(&[Row<'_>], &mut dyn FnMut(Option<&str>, u64)),
    ) {
        let Some(family) = family else { return };
        family.begin(Kind::Counter, out);
        for (route, rows) in by_route(self.rows) {
            count(rows, &mut |other, number| match other {
                Some(other) => family.show(&[route, other], number, out),
                None => family.show(&[route], number, out),
            });
        }
    }

    fn aborted(&self, family: &Named, out: &mut dyn Collector) {
        family.begin(Kind::Counter, out);
        let sum = |column: fn(&Totals) -> u64| {
            self.rows.iter().map(|row| column(row.totals())).sum::<u64>()
        };
        family.show(&["body_error"], sum(Totals::body_errors), out);
        family.show(&["cancelled_in_body"], sum(Totals::cancelled_in_body), out);
    }
}

/// What the semantic conventions call one: the service's fault.
fn is_error(row: &Row<'_>) -> bool {
    row.error() == Some(ErrorClass::Server)
}
