//! The families that are derived from the rows.

use obs_core::ErrorClass;
use obs_core::source::{Collector, Family, Kind, Value};

use super::names::{ABORTED, Names};
use super::row::{Row, by_route};
use super::timed::Timed;
use super::{Bounds, CLIENT_CLOSED_REQUEST};
use crate::naming::Named;
use crate::store::Totals;

/// What one scrape sees of the requests.
pub(super) struct Families<'a> {
    pub(super) names: &'a Names,
    pub(super) bounds: &'a Bounds,
    pub(super) rows: &'a [Row<'a>],
    pub(super) in_flight: u64,
}

impl Families<'_> {
    pub(super) fn show(&self, out: &mut dyn Collector) {
        let Names { requests, durations, errors, exceptions, slow, in_flight, .. } = self.names;
        if let Some(family) = requests {
            self.requests(family, out);
        }
        if let Some(family) = durations {
            self.durations(family, out);
        }
        self.by_route(errors.as_ref(), out, |rows, show| {
            for class in [ErrorClass::Client, ErrorClass::Server] {
                show(Some(class.as_str()), sum(rows, |row| row.error() == Some(class)));
            }
        });
        self.by_route(exceptions.as_ref(), out, |rows, show| {
            let count = |column: fn(&Totals) -> u64| rows.iter().map(|r| column(r.totals())).sum();
            show(Some("error"), count(Totals::errors));
            show(Some("panic"), count(Totals::panics));
        });
        self.by_route(slow.as_ref(), out, |rows, show| {
            show(None, rows.iter().map(|row| self.bounds.slow(row.totals().buckets())).sum());
        });
        if let Some(family) = in_flight {
            family.begin(Kind::Gauge, out);
            family.show(&[], self.in_flight, out);
        }
        self.aborted(out);
    }

    fn requests(&self, family: &Named, out: &mut dyn Collector) {
        family.begin(Kind::Counter, out);
        for row in self.rows {
            out.series(row.labels(), &row.requests());
        }
    }

    fn durations(&self, family: &Named, out: &mut dyn Collector) {
        family.begin(Kind::Histogram, out);
        let timed = self.rows.iter().filter(|row| row.has_durations());
        if self.names.durations_have_a_status() {
            for row in timed {
                out.series(row.labels(), &Timed::of(&[row], self.bounds).sample(self.bounds));
            }
            return;
        }
        let timed: Vec<&Row<'_>> = timed.filter(|r| r.status() != CLIENT_CLOSED_REQUEST).collect();
        for rows in timed.chunk_by(|a, b| (a.route(), a.method()) == (b.route(), b.method())) {
            let labels = family.labels(&[rows[0].method(), rows[0].route()]);
            out.series(&labels, &Timed::of(rows, self.bounds).sample(self.bounds));
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

    fn aborted(&self, out: &mut dyn Collector) {
        out.family(&Family { name: ABORTED.name, kind: ABORTED.kind, help: ABORTED.help });
        let sum = |column: fn(&Totals) -> u64| {
            Value::Integer(self.rows.iter().map(|row| column(row.totals())).sum())
        };
        out.sample(&[("outcome", "body_error")], sum(Totals::body_errors));
        out.sample(&[("outcome", "cancelled_in_body")], sum(Totals::cancelled_in_body));
    }
}

/// Requests of the rows that are asked for.
fn sum(rows: &[Row<'_>], of: impl Fn(&Row<'_>) -> bool) -> u64 {
    rows.iter().filter(|row| of(row)).map(|row| row.totals().requests()).sum()
}
