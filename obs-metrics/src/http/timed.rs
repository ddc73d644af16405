use std::borrow::Cow;
use std::time::Duration;

use obs_core::source::{Exemplar, Histogram, Sample, Value};

use super::Bounds;
use super::row::Row;
use crate::store::Totals;

/// The durations of one series that is shown.
pub(super) struct Timed<'a> {
    totals: Cow<'a, Totals>,
    counts: Cow<'a, [u64]>,
    exemplars: Vec<Exemplar>,
    created: Option<Duration>,
}

impl<'a> Timed<'a> {
    /// Of several rows, sorted by status, if the series goes without what tells them apart.
    pub(super) fn of(rows: &[&'a Row<'a>], bounds: &Bounds) -> Self {
        let mut timed = Self {
            totals: Cow::Owned(Totals::default()),
            counts: Cow::default(),
            exemplars: rows.iter().flat_map(|row| row.exemplars(bounds)).collect(),
            created: rows.iter().map(|row| row.created()).min(),
        };
        timed.keep_one_of_each_bucket();
        let mut rows = rows.iter();
        if let Some(first) = rows.next() {
            timed.totals = Cow::Borrowed(first.totals());
            timed.counts = Cow::Borrowed(first.counts());
        }
        for row in rows {
            timed.totals.to_mut().merge(row.totals());
            for (sum, count) in timed.counts.to_mut().iter_mut().zip(row.counts()) {
                *sum += count;
            }
        }
        timed
    }

    /// The last: of the slower bucket, of the higher status.
    fn keep_one_of_each_bucket(&mut self) {
        self.exemplars.sort_by_key(|exemplar| exemplar.bucket);
        self.exemplars.reverse();
        self.exemplars.dedup_by_key(|exemplar| exemplar.bucket);
        self.exemplars.reverse();
    }

    pub(super) fn sample<'b>(&'b self, bounds: &'b Bounds) -> Sample<'b> {
        let sum = self.totals.sum_seconds();
        let histogram = Histogram { bounds: bounds.shown(), counts: &self.counts, sum };
        Sample {
            value: Value::Histogram(histogram),
            created: self.created,
            exemplars: &self.exemplars,
            native: self.totals.native(),
        }
    }
}
