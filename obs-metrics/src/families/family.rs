use std::collections::BTreeMap;
use std::sync::Arc;

use obs_core::source::{Collector, Family as Head, Value};

use super::counter::CounterCell;
use super::dense::{Dense, MAX_SLOTS};
use super::labels::Labels;
use super::series::{Cell, Series, Shape};
use super::table::Table;
use crate::governor::{Budget, FamilyCardinality, LabelBudget};

/// All series of one family.
#[derive(Debug)]
pub(crate) struct Family<C> {
    shape: Arc<Shape>,
    series: Storage<C>,
}

#[derive(Debug)]
enum Storage<C> {
    /// All labels are closed: by number.
    Dense(Dense<C>),
    /// By text.
    Table(Table<C>),
}

impl<C: Cell> Family<C> {
    pub(super) fn new(shape: Arc<Shape>, shared: &Arc<Budget>) -> Self {
        let slots = shape.definition.combinations().filter(|slots| *slots <= MAX_SLOTS);
        let series = match slots {
            Some(slots) => Storage::Dense(Dense::new(Arc::clone(&shape), slots)),
            None => Storage::Table(Table::new(Arc::clone(&shape), Arc::clone(shared))),
        };
        Self { shape, series }
    }

    /// Writes to the series with these labels.
    #[inline]
    pub(crate) fn update<L: Labels>(&self, labels: &L, write: impl Fn(&C)) {
        match &self.series {
            Storage::Dense(dense) => {
                if let Some(series) = dense.get(labels.slot()) {
                    write(&series.cell);
                }
            }
            Storage::Table(table) => labels.texts(|texts| table.update(texts, write)),
        }
    }

    /// Shows a series before its first use, if the budgets have room for it.
    pub(crate) fn declare(&self, texts: &[&str]) {
        match &self.series {
            // They are all shown.
            Storage::Dense(_) => {}
            Storage::Table(table) => table.declare(texts),
        }
    }

    /// Counts a number that was not taken as it is.
    pub(crate) fn refuse(&self) {
        self.shape.refuse();
    }

    /// The series with these labels, kept as long as a handle holds it.
    pub(crate) fn with<L: Labels>(&self, labels: &L) -> Arc<Series<C>> {
        match &self.series {
            Storage::Dense(dense) => match dense.get(labels.slot()) {
                Some(series) => Arc::clone(series),
                None => labels.texts(|texts| Series::new(&self.shape, texts.iter().copied())),
            },
            Storage::Table(table) => labels.texts(|texts| table.with(texts)),
        }
    }
}

impl Family<CounterCell> {
    /// What its counters have counted together, by the value of one label.
    pub(crate) fn sums_by(&self, label: usize) -> BTreeMap<String, u64> {
        let mut sums = SumsBy { label, sums: BTreeMap::new() };
        self.collect(&mut sums);
        sums.sums
    }
}

struct SumsBy {
    label: usize,
    sums: BTreeMap<String, u64>,
}

impl Collector for SumsBy {
    fn family(&mut self, _: &Head<'_>) {}

    fn sample(&mut self, labels: &[(&str, &str)], value: Value<'_>) {
        if let (Some((_, value_of_label)), Value::Integer(count)) = (labels.get(self.label), value)
        {
            *self.sums.entry((*value_of_label).to_owned()).or_default() += count;
        }
    }
}

/// A family of any kind, as the registry knows it.
pub(crate) trait Registered: std::any::Any + Send + Sync {
    fn shape(&self) -> &Shape;
    /// The labels that are budgeted; none of a family that is kept by number.
    fn budgets(&self) -> &[LabelBudget];
    fn collect(&self, out: &mut dyn Collector);
    fn cardinality(&self) -> FamilyCardinality;
}

impl<C: Cell> Registered for Family<C> {
    fn shape(&self) -> &Shape {
        &self.shape
    }

    fn budgets(&self) -> &[LabelBudget] {
        match &self.series {
            Storage::Dense(_) => &[],
            Storage::Table(table) => table.labels(),
        }
    }

    fn collect(&self, out: &mut dyn Collector) {
        let definition = &self.shape.definition;
        out.family(&definition.head());
        match &self.series {
            Storage::Dense(dense) => dense.collect(out),
            Storage::Table(table) => table.collect(out),
        }
    }

    fn cardinality(&self) -> FamilyCardinality {
        let series = match &self.series {
            Storage::Dense(dense) => dense.len(),
            Storage::Table(table) => table.len(),
        };
        FamilyCardinality {
            family: self.shape.definition.name.clone(),
            series,
            max_series: self.shape.definition.max_series,
            labels: self.budgets().iter().map(LabelBudget::report).collect(),
        }
    }
}
