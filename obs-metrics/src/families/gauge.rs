use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use obs_core::source::{Collector, Kind, LabelSet, Value};

use super::family::Family;
use super::float::Float;
use super::labels::Labels;
use super::series::{Cell, Series, Shape};

#[derive(Debug)]
pub(crate) struct GaugeCell {
    value: Float,
    /// It may be set to what it is.
    writes: AtomicU64,
    family: Arc<Shape>,
}

impl GaugeCell {
    #[inline]
    pub(crate) fn set(&self, value: f64) {
        self.value.set(value);
        self.writes.fetch_add(1, Ordering::Relaxed);
    }

    #[inline]
    fn add(&self, value: f64) {
        if !self.value.add(value) {
            return self.family.refuse();
        }
        self.writes.fetch_add(1, Ordering::Relaxed);
    }
}

impl Cell for GaugeCell {
    const KIND: Kind = Kind::Gauge;

    fn new(family: &Arc<Shape>) -> Self {
        Self { value: Float::default(), writes: AtomicU64::new(0), family: Arc::clone(family) }
    }

    fn state(&self) -> u64 {
        self.writes.load(Ordering::Relaxed)
    }

    fn show(&self, labels: &LabelSet, _: Duration, out: &mut dyn Collector) {
        out.series(labels, &Value::Float(self.value.get()).into());
    }
}

/// A family of numbers that go up and down, with the labels `L`.
///
/// Any number can be set. One that is not finite cannot be added: it is left out and counted in
/// `obs_values_refused_total`. A sum ends at the largest number.
///
/// Cheap to clone. Made by [`Families::gauge`](crate::Families::gauge).
pub struct Gauge<L> {
    family: Arc<Family<GaugeCell>>,
    labels: PhantomData<fn() -> L>,
}

impl<L> Gauge<L> {
    /// `L` has the labels of the family.
    pub(crate) fn new(family: Arc<Family<GaugeCell>>) -> Self {
        Self { family, labels: PhantomData }
    }
}

impl<L: Labels> Gauge<L> {
    /// Sets it to `value`.
    #[inline]
    pub fn set(&self, labels: L, value: f64) {
        self.family.update(&labels, |cell| cell.set(value));
    }

    /// Adds `value`, which may be negative.
    #[inline]
    pub fn add(&self, labels: L, value: f64) {
        self.family.update(&labels, |cell| cell.add(value));
    }

    /// Adds 1.
    #[inline]
    pub fn inc(&self, labels: L) {
        self.add(labels, 1.0);
    }

    /// Subtracts 1.
    #[inline]
    pub fn dec(&self, labels: L) {
        self.add(labels, -1.0);
    }

    /// The series with these labels, found once. Of a label beyond its budget it is, and stays, the
    /// series of [`OTHER`](crate::OTHER).
    #[must_use]
    pub fn with(&self, labels: L) -> GaugeHandle {
        GaugeHandle(self.family.with(&labels))
    }
}

impl<L> Clone for Gauge<L> {
    fn clone(&self) -> Self {
        Self { family: Arc::clone(&self.family), labels: PhantomData }
    }
}

impl<L> std::fmt::Debug for Gauge<L> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Gauge").field(&self.family).finish()
    }
}

/// One series of a [`Gauge`]. Cheap to clone.
#[derive(Clone, Debug)]
pub struct GaugeHandle(Arc<Series<GaugeCell>>);

impl GaugeHandle {
    /// Sets it to `value`.
    #[inline]
    pub fn set(&self, value: f64) {
        self.0.cell.set(value);
    }

    /// Adds `value`, which may be negative.
    #[inline]
    pub fn add(&self, value: f64) {
        self.0.cell.add(value);
    }

    /// Adds 1.
    #[inline]
    pub fn inc(&self) {
        self.add(1.0);
    }

    /// Subtracts 1.
    #[inline]
    pub fn dec(&self) {
        self.add(-1.0);
    }

    /// Its value now.
    #[must_use]
    pub fn get(&self) -> f64 {
        self.0.cell.value.get()
    }
}
