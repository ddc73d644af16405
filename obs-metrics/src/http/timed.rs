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
    exemplars: Cow<'a, [Exemplar]>,
    created: Option<Duration>,
}

impl<'a> Timed<'a> {
    /// Of several rows, if the series goes without what tells them apart.
    pub(super) fn of(rows: &[&'a Row<'a>]) -> Self {
        let created = rows.iter().map(|row| row.created()).min();
        let mut rows = rows.iter();
        let Some(first) = rows.next() else {
            return Self {
                totals: Cow::Owned(Totals::default()),
                counts: Cow::default(),
                exemplars: Cow::default(),
                created,
            };
        };
        let mut timed = Self {
            totals: Cow::Borrowed(first.totals()),
            counts: Cow::Borrowed(first.counts()),
            exemplars: Cow::Borrowed(first.exemplars()),
            created,
        };
        for row in rows {
            timed.totals.to_mut().merge(row.totals());
            for (sum, count) in timed.counts.to_mut().iter_mut().zip(row.counts()) {
                *sum += count;
            }
            timed.exemplars.to_mut().extend_from_slice(row.exemplars());
        }
        timed.keep_newest();
        timed
    }

    /// One exemplar for each bucket.
    fn keep_newest(&mut self) {
        if let Cow::Owned(exemplars) = &mut self.exemplars {
            exemplars.sort_by(|a, b| a.bucket.cmp(&b.bucket).then(b.at.cmp(&a.at)));
            exemplars.dedup_by_key(|exemplar| exemplar.bucket);
        }
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
