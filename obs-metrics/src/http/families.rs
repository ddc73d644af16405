//! The families that are derived from the rows.

use std::collections::BTreeMap;
use std::sync::Arc;

use obs_core::ErrorClass;
use obs_core::source::{Collector, Histogram, Kind, LabelSet, Sample, Value};

use super::names::Names;
use super::row::Row;
use super::timed::Timed;
use super::{Bounds, CLIENT_CLOSED_REQUEST};
use crate::naming::Named;
use crate::store::{Reported, Totals};

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
    /// Errors that the service reported, and exceptions of tasks.
    pub(super) reported: &'a BTreeMap<Arc<str>, Reported>,
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
        if let Some(family) = exceptions {
            self.exceptions(family, out);
        }
        if let Some(family) = slow {
            self.slow(family, out);
        }
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
            let method = family.has(METHOD_AT).then(|| self.names.texts.method(row.series()));
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

    /// Those of the requests, by their status, and those that the service reported.
    fn errors(&self, family: &Named, out: &mut dyn Collector) {
        let mut sums = Sums::new(family);
        for class in [ErrorClass::Client, ErrorClass::Server] {
            for (route, reported) in self.reported {
                sums.add([route, class.as_str()], reported.errors[class as usize]);
            }
            for row in self.rows {
                let is_one = row.error() == Some(class);
                let errors = if is_one { row.totals().requests() } else { 0 };
                sums.add([row.route(), class.as_str()], errors);
            }
        }
        sums.show(out);
    }

    fn exceptions(&self, family: &Named, out: &mut dyn Collector) {
        let mut sums = Sums::new(family);
        for row in self.rows {
            sums.add([row.route(), "error"], row.totals().errors());
            sums.add([row.route(), "panic"], row.totals().panics());
        }
        for (route, Reported { exceptions: [errors, panics], .. }) in self.reported {
            sums.add([route, "error"], *errors);
            sums.add([route, "panic"], *panics);
        }
        sums.show(out);
    }

    fn slow(&self, family: &Named, out: &mut dyn Collector) {
        let mut sums = Sums::new(family);
        for row in self.rows {
            sums.add([row.route(), ""], self.bounds.slow(row.totals().buckets()));
        }
        sums.show(out);
    }

    /// Of all requests, those that did not ask as well.
    fn queries(&self, family: &Named, out: &mut dyn Collector) {
        family.begin(Kind::Histogram, out);
        let bounds = self.names.query_bounds();
        let one = |one: &Row<'_>, other: &Row<'_>| !family.has(0) || one.route() == other.route();
        for rows in self.rows.chunk_by(one) {
            let (mut counts, mut sum) = (vec![0; bounds.len() + 1], 0);
            for (buckets, queries) in rows.iter().filter_map(|row| row.totals().queries()) {
                counts.iter_mut().zip(buckets).for_each(|(count, more)| *count += more);
                sum += queries;
            }
            let not_asked: u64 = rows.iter().map(|row| row.totals().not_asked()).sum();
            counts[bounds.partition_point(|bound| *bound < 0.0)] += not_asked;
            let histogram = Histogram { bounds, counts: &counts, sum: sum as f64 };
            let created = rows.iter().map(Row::created).min();
            let sample = Sample { created, ..Value::Histogram(histogram).into() };
            out.series(&family.labels(&[rows[0].route()]), &sample);
        }
    }

    fn aborted(&self, family: &Named, out: &mut dyn Collector) {
        let mut sums = Sums::new(family);
        for (outcome, column) in [
            ("body_error", Totals::body_errors as fn(&Totals) -> u64),
            ("cancelled_in_body", Totals::cancelled_in_body),
        ] {
            sums.add([outcome, ""], self.rows.iter().map(|row| column(row.totals())).sum());
        }
        sums.show(out);
    }
}

/// The numbers of a family of counters; what differs only in labels that it does not have is one.
struct Sums<'a> {
    family: &'a Named,
    numbers: BTreeMap<[&'a str; 2], u64>,
}

impl<'a> Sums<'a> {
    fn new(family: &'a Named) -> Self {
        Self { family, numbers: BTreeMap::new() }
    }

    /// `values` stand in the canonical order.
    fn add(&mut self, mut values: [&'a str; 2], number: u64) {
        for (at, value) in values.iter_mut().enumerate() {
            if !self.family.has(at) {
                *value = "";
            }
        }
        *self.numbers.entry(values).or_default() += number;
    }

    fn show(self, out: &mut dyn Collector) {
        self.family.begin(Kind::Counter, out);
        for (values, number) in &self.numbers {
            self.family.show(values, *number, out);
        }
    }
}

/// What the semantic conventions call one: the service's fault.
fn is_error(row: &Row<'_>) -> bool {
    row.error() == Some(ErrorClass::Server)
}
