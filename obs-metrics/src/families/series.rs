use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use obs_core::Clock;
use obs_core::source::{Collector, Kind, LabelSet};

use super::FamilyDefinition;
use crate::Part;
use crate::buckets::Buckets;

/// The value of one series.
pub(crate) trait Cell: Send + Sync + Sized + 'static {
    const KIND: Kind;

    fn new(family: &Arc<Shape>) -> Self;

    /// A version: it changes with every write, except adding 0 to a counter; 0 for a new series.
    fn state(&self) -> u64;

    fn show(&self, labels: &LabelSet, created: Duration, out: &mut dyn Collector);
}

/// What all series of a family have in common.
#[derive(Debug)]
pub(crate) struct Shape {
    pub(crate) definition: FamilyDefinition,
    pub(crate) part: Part,
    pub(super) buckets: Buckets<f64>,
    pub(crate) clock: Clock,
    /// Numbers that no sum can take.
    refused: AtomicU64,
}

impl Shape {
    pub(crate) fn new(definition: FamilyDefinition, part: Part, clock: Clock) -> Arc<Self> {
        let buckets = Buckets::new(&definition.bounds, f64::INFINITY);
        Arc::new(Self { definition, part, buckets, clock, refused: AtomicU64::new(0) })
    }

    #[cold]
    pub(crate) fn refuse(&self) {
        self.refused.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn refused(&self) -> u64 {
        self.refused.load(Ordering::Relaxed)
    }
}

/// One series: its labels, written once, and its value.
#[derive(Debug)]
pub(crate) struct Series<C> {
    pub(crate) cell: C,
    pub(crate) labels: LabelSet,
    /// As time since the Unix epoch.
    created: Duration,
}

impl<C: Cell> Series<C> {
    pub(crate) fn new<'a>(shape: &Arc<Shape>, texts: impl Iterator<Item = &'a str>) -> Arc<Self> {
        let names = shape.definition.labels.iter().map(|label| &*label.name);
        let pairs: Vec<_> = names.zip(texts).collect();
        // The names were checked when the family was registered.
        let labels = LabelSet::new(&pairs).unwrap_or_default();
        let created = shape.clock.unix(shape.clock.now());
        Arc::new(Self { cell: C::new(shape), labels, created })
    }

    pub(crate) fn show(&self, out: &mut dyn Collector) {
        self.cell.show(&self.labels, self.created, out);
    }
}
