use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use foldhash::quality::RandomState;
use hyperloglockless::AtomicHyperLogLog;
use obs_core::redact::bounded;
use papaya::HashMap;

use super::{Budget, LabelCardinality, MAX_VALUE_BYTES, OTHER};

/// 1 KiB per label that was ever beyond its budget; wrong by about 3 %.
const PRECISION: u8 = 10;

/// The values of one label of a family, and what was refused. Asking takes no lock; values come and
/// go under the lock of the family's table.
#[derive(Debug)]
pub(crate) struct LabelBudget {
    name: Box<str>,
    open: bool,
    budget: Budget,
    /// How many series have each.
    values: HashMap<Arc<str>, AtomicUsize, RandomState>,
    other: Arc<str>,
    overflowed: AtomicU64,
    cut: AtomicU64,
    /// Distinct values without a series.
    unknown: OnceLock<AtomicHyperLogLog>,
    samples: [OnceLock<Box<str>>; 2],
}

impl LabelBudget {
    /// Without a limit, the values are known.
    pub(crate) fn new(name: &str, limit: Option<usize>) -> Self {
        Self {
            name: name.into(),
            open: limit.is_some(),
            budget: Budget::new(limit.unwrap_or(usize::MAX)),
            values: HashMap::default(),
            other: OTHER.into(),
            overflowed: AtomicU64::new(0),
            cut: AtomicU64::new(0),
            unknown: OnceLock::new(),
            samples: Default::default(),
        }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn is_open(&self) -> bool {
        self.open
    }

    /// How many values have series.
    pub(crate) fn values(&self) -> usize {
        self.budget.used()
    }

    pub(crate) fn limit(&self) -> Option<usize> {
        self.open.then(|| self.budget.max())
    }

    fn is_known(&self, value: &str) -> bool {
        value == OTHER || self.values.pin().contains_key(value)
    }

    pub(crate) fn admits(&self, value: &str) -> bool {
        self.budget.has_room() || self.is_known(value)
    }

    /// One more series has this value. Only under the table's lock.
    pub(crate) fn keep(&self, value: &str) -> Arc<str> {
        if value == OTHER {
            return Arc::clone(&self.other);
        }
        let values = self.values.pin();
        if let Some((value, series)) = values.get_key_value(value) {
            series.fetch_add(1, Ordering::Relaxed);
            return Arc::clone(value);
        }
        self.budget.take();
        let value: Arc<str> = value.into();
        values.insert(Arc::clone(&value), AtomicUsize::new(1));
        value
    }

    /// One series less has this value. Only under the table's lock.
    pub(crate) fn release(&self, value: &str) {
        let values = self.values.pin();
        let last = |series: &AtomicUsize| series.fetch_sub(1, Ordering::Relaxed) == 1;
        if value != OTHER && values.get(value).is_some_and(last) {
            values.remove(value);
            self.budget.give_back();
        }
    }

    /// A write whose value became [`OTHER`].
    pub(crate) fn refuse(&self, value: &str) {
        self.overflowed.fetch_add(1, Ordering::Relaxed);
        if !self.is_known(value) {
            self.unknown.get_or_init(|| AtomicHyperLogLog::new(PRECISION)).insert(value);
        }
        let [first, second] = &self.samples;
        if second.get().is_none() && &**first.get_or_init(|| value.into()) != value {
            second.get_or_init(|| value.into());
        }
    }

    pub(crate) fn count_cut(&self) {
        self.cut.fetch_add(1, Ordering::Relaxed);
    }

    /// One of the values that have series, other than `value`.
    pub(crate) fn example(&self, value: &str) -> Option<Arc<str>> {
        self.values.pin().keys().find(|other| &***other != value).cloned()
    }

    pub(crate) fn report(&self) -> LabelCardinality {
        let unknown =
            self.unknown.get().map_or(0, |distinct| distinct.raw_count().round() as usize);
        let samples = self.samples.iter().filter_map(OnceLock::get);
        LabelCardinality {
            label: self.name.to_string(),
            values: self.values(),
            limit: self.limit(),
            demand: self.values() + unknown,
            overflowed: self.overflowed.load(Ordering::Relaxed),
            cut: self.cut.load(Ordering::Relaxed),
            samples: samples.map(|value| bounded(value, MAX_VALUE_BYTES).into_owned()).collect(),
        }
    }
}
