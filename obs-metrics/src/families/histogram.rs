use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use obs_core::source::{Collector, Histogram as Shown, Kind, LabelSet, Sample, Value};

use super::family::Family;
use super::float::Float;
use super::labels::Labels;
use super::series::{Cell, Series, Shape};

#[derive(Debug)]
pub(crate) struct HistogramCell {
    family: Arc<Shape>,
    /// One more than there are bounds. Their sum is the number of observations: there is no other.
    counts: Box<[AtomicU64]>,
    sum: Float,
}

impl HistogramCell {
    /// `_sum` is a counter: an observation that is negative or not finite is refused and counted.
    #[inline]
    pub(crate) fn observe(&self, value: f64) {
        if !self.sum.grow(value) {
            return self.family.refuse();
        }
        if let Some(count) = self.counts.get(self.family.buckets.find(value)) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl Cell for HistogramCell {
    const KIND: Kind = Kind::Histogram;

    fn new(family: &Arc<Shape>) -> Self {
        let counts = (0..=family.definition.bounds.len()).map(|_| AtomicU64::new(0)).collect();
        Self { family: Arc::clone(family), counts, sum: Float::default() }
    }

    fn state(&self) -> u64 {
        self.counts.iter().map(|count| count.load(Ordering::Relaxed)).fold(0, u64::wrapping_add)
    }

    fn show(&self, labels: &LabelSet, created: Duration, out: &mut dyn Collector) {
        let counts: Vec<_> =
            self.counts.iter().map(|count| count.load(Ordering::Relaxed)).collect();
        let bounds = &self.family.definition.bounds;
        let value = Value::Histogram(Shown { bounds, counts: &counts, sum: self.sum.get() });
        out.series(labels, &Sample { created: Some(created), ..value.into() });
    }
}

/// A family of observations in buckets, with the labels `L`.
///
/// The sum of a histogram is a counter: it never goes down, and
/// [OpenMetrics](https://prometheus.io/docs/specs/om/open_metrics_spec/#histogram) readers refuse a page
/// with a negative one. An observation that is negative or not finite is therefore left out and counted
/// in `obs_values_refused_total`. A sum stops at the largest `f64`. For values that can be negative, use
/// a gauge, or two histograms.
///
/// Cheap to clone. Made by [`Families::histogram`](crate::Families::histogram).
pub struct Histogram<L> {
    family: Arc<Family<HistogramCell>>,
    labels: PhantomData<fn() -> L>,
}

impl<L> Histogram<L> {
    /// `L` has the labels of the family.
    pub(crate) fn new(family: Arc<Family<HistogramCell>>) -> Self {
        Self { family, labels: PhantomData }
    }
}

impl<L: Labels> Histogram<L> {
    /// Counts `value` in the first bucket whose bound is not below it.
    #[inline]
    pub fn observe(&self, labels: L, value: f64) {
        self.family.update(&labels, |cell| cell.observe(value));
    }

    /// Observes a time in seconds.
    #[inline]
    pub fn observe_duration(&self, labels: L, time: Duration) {
        self.observe(labels, time.as_secs_f64());
    }

    /// The series with these labels, found once. Of a label beyond its budget it is, and stays, the
    /// series of [`OTHER`](crate::OTHER).
    #[must_use]
    pub fn with(&self, labels: L) -> HistogramHandle {
        HistogramHandle(self.family.with(&labels))
    }
}

impl<L> Clone for Histogram<L> {
    fn clone(&self) -> Self {
        Self { family: Arc::clone(&self.family), labels: PhantomData }
    }
}

impl<L> std::fmt::Debug for Histogram<L> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Histogram").field(&self.family).finish()
    }
}

/// One series of a [`Histogram`]. Cheap to clone.
#[derive(Clone, Debug)]
pub struct HistogramHandle(Arc<Series<HistogramCell>>);

impl HistogramHandle {
    /// Counts `value` in the first bucket whose bound is not below it.
    #[inline]
    pub fn observe(&self, value: f64) {
        self.0.cell.observe(value);
    }

    /// Observes a time in seconds.
    #[inline]
    pub fn observe_duration(&self, time: Duration) {
        self.observe(time.as_secs_f64());
    }
}
