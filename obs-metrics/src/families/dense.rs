use std::sync::{Arc, OnceLock};

use obs_core::source::Collector;

use super::LabelValues;
use super::series::{Cell, Series, Shape};

/// How many combinations of closed labels are kept by number; with more they are kept by text.
pub(crate) const MAX_SLOTS: usize = 4096;

/// A slot per combination of closed labels. Once a series is there, finding it is arithmetic.
#[derive(Debug)]
pub(super) struct Dense<C> {
    shape: Arc<Shape>,
    slots: Box<[OnceLock<Arc<Series<C>>>]>,
}

impl<C: Cell> Dense<C> {
    pub(super) fn new(shape: Arc<Shape>, slots: usize) -> Self {
        let dense = Self { shape, slots: (0..slots).map(|_| OnceLock::new()).collect() };
        if dense.shape.definition.zero {
            (0..slots).for_each(|slot| {
                dense.get(slot);
            });
        }
        dense
    }

    #[inline]
    pub(super) fn get(&self, slot: usize) -> Option<&Arc<Series<C>>> {
        let series = self.slots.get(slot)?;
        Some(match series.get() {
            Some(series) => series,
            None => series.get_or_init(|| self.create(slot)),
        })
    }

    #[cold]
    fn create(&self, mut slot: usize) -> Arc<Series<C>> {
        // The last label counts least.
        let mut texts = Vec::new();
        for label in self.shape.definition.labels.iter().rev() {
            if let LabelValues::Closed(values) = label.values {
                texts.extend(values.get(slot % values.len()).copied());
                slot /= values.len();
            }
        }
        Series::new(&self.shape, texts.into_iter().rev())
    }

    pub(super) fn collect(&self, out: &mut dyn Collector) {
        self.slots.iter().filter_map(OnceLock::get).for_each(|series| series.show(out));
    }

    pub(super) fn len(&self) -> usize {
        self.slots.iter().filter(|slot| slot.get().is_some()).count()
    }
}
