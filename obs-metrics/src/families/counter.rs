use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use obs_core::source::{Collector, Kind, LabelSet, Sample, Value};

use super::family::Family;
use super::labels::Labels;
use super::series::{Cell, Series, Shape};

#[derive(Debug)]
pub(crate) struct CounterCell(AtomicU64);

impl CounterCell {
    #[inline]
    pub(crate) fn add(&self, count: u64) {
        self.0.fetch_add(count, Ordering::Relaxed);
    }
}

impl Cell for CounterCell {
    const KIND: Kind = Kind::Counter;

    fn new(_: &Arc<Shape>) -> Self {
        Self(AtomicU64::new(0))
    }

    fn state(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    fn show(&self, labels: &LabelSet, created: Duration, out: &mut dyn Collector) {
        let sample = Sample { created: Some(created), ..Value::Integer(self.state()).into() };
        out.series(labels, &sample);
    }
}

/// A family of whole numbers that only go up, with the labels `L`.
///
/// Cheap to clone. Made by [`Families::counter`](crate::Families::counter).
pub struct Counter<L> {
    family: Arc<Family<CounterCell>>,
    labels: PhantomData<fn() -> L>,
}

impl<L> Counter<L> {
    /// `L` has the labels of the family.
    pub(crate) fn new(family: Arc<Family<CounterCell>>) -> Self {
        Self { family, labels: PhantomData }
    }
}

impl<L: Labels> Counter<L> {
    /// Adds 1.
    #[inline]
    pub fn inc(&self, labels: L) {
        self.add(labels, 1);
    }

    /// Adds `count`. Beyond `u64::MAX` it begins at 0 again.
    #[inline]
    pub fn add(&self, labels: L, count: u64) {
        self.family.update(&labels, |cell| cell.add(count));
    }

    /// The series with these labels, found once. Of a label beyond its budget it is, and stays, the
    /// series of [`OTHER`](crate::OTHER).
    #[must_use]
    pub fn with(&self, labels: L) -> CounterHandle {
        CounterHandle(self.family.with(&labels))
    }
}

impl<L> Clone for Counter<L> {
    fn clone(&self) -> Self {
        Self { family: Arc::clone(&self.family), labels: PhantomData }
    }
}

impl<L> std::fmt::Debug for Counter<L> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Counter").field(&self.family).finish()
    }
}

/// One series of a [`Counter`]. Cheap to clone.
#[derive(Clone, Debug)]
pub struct CounterHandle(Arc<Series<CounterCell>>);

impl CounterHandle {
    /// Adds 1.
    #[inline]
    pub fn inc(&self) {
        self.add(1);
    }

    /// Adds `count`.
    #[inline]
    pub fn add(&self, count: u64) {
        self.0.cell.add(count);
    }

    /// What was counted so far.
    #[must_use]
    pub fn get(&self) -> u64 {
        self.0.cell.state()
    }
}
