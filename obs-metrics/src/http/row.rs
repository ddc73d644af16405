use std::time::Duration;

use obs_core::ErrorClass;
use obs_core::source::{Exemplar, LabelSet, Sample, Value};

use super::Bounds;
use crate::store::{Series, SeriesSnapshot, Totals};

/// One series, ready to be shown.
pub(super) struct Row<'a> {
    series: &'a SeriesSnapshot,
    counts: Vec<u64>,
}

impl<'a> Row<'a> {
    pub(super) fn new(series: &'a SeriesSnapshot, bounds: &Bounds) -> Self {
        Self { series, counts: bounds.fold(series.totals.buckets()) }
    }

    pub(super) fn route(&self) -> &'a str {
        &self.series.route
    }

    pub(super) fn series(&self) -> Series {
        self.series.series
    }

    pub(super) fn status(&self) -> u16 {
        self.series.series.status()
    }

    pub(super) fn error(&self) -> Option<ErrorClass> {
        ErrorClass::from_status(self.status())
    }

    pub(super) fn totals(&self) -> &'a Totals {
        &self.series.totals
    }

    /// Observations per bucket that is shown.
    pub(super) fn counts(&self) -> &[u64] {
        &self.counts
    }

    pub(super) fn labels(&self) -> &'a LabelSet {
        &self.series.record.labels
    }

    pub(super) fn requests(&self) -> Sample<'_> {
        let requests = Value::Integer(self.totals().requests());
        Sample { created: Some(self.created()), ..requests.into() }
    }

    /// The request that stands for each bucket that is shown, ascending; two if two buckets of the
    /// rows are one that is shown. Others may follow from now on.
    pub(super) fn exemplars(&self, bounds: &Bounds) -> Vec<Exemplar> {
        let mut exemplars = self.series.record.exemplars();
        for exemplar in &mut exemplars {
            exemplar.bucket = bounds.bucket(exemplar.bucket);
        }
        exemplars
    }

    /// Since when it counts.
    pub(super) fn created(&self) -> Duration {
        self.series.record.created
    }

    /// A series of nothing but streams has none. One without a request is declared.
    pub(super) fn has_durations(&self) -> bool {
        self.totals().timed() > 0 || self.totals().untimed() == 0
    }
}

/// The rows are sorted by route.
pub(super) fn by_route<'a, 'b>(
    rows: &'b [Row<'a>],
) -> impl Iterator<Item = (&'a str, &'b [Row<'a>])> {
    let routes = rows.chunk_by(|a, b| a.route() == b.route());
    routes.filter_map(|rows| Some((rows.first()?.route(), rows)))
}
