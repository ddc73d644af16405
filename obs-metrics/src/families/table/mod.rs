//! Series by the texts of their labels. Finding one takes no lock; creating one takes the table's.

mod companions;
mod entry;
mod find;
mod key;
mod sweep;

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use foldhash::quality::RandomState;
use obs_core::source::Collector;
use papaya::{Guard, HashMap};

use self::entry::{Charge, Entry};
use self::find::Found;
use self::key::{Key, Texts};
use super::series::{Cell, Series, Shape};
use crate::governor::{Budget, LabelBudget, MAX_VALUE_BYTES, RESERVE, Warning, cut};
use crate::{FamilyDefinition, LabelDefinition};

#[derive(Debug)]
pub(super) struct Table<C> {
    shape: Arc<Shape>,
    series: HashMap<Key, Entry<C>, RandomState>,
    labels: Box<[LabelBudget]>,
    own: Budget,
    shared: Arc<Budget>,
    reserve: Budget,
    /// How many series there ever were.
    created: AtomicU64,
    warned: AtomicBool,
    /// Held while series come and go. Nothing that could write to a family is called meanwhile.
    lock: Mutex<()>,
}

impl<C: Cell> Table<C> {
    pub(super) fn new(shape: Arc<Shape>, shared: Arc<Budget>) -> Self {
        let table = Self {
            series: HashMap::default(),
            labels: shape.definition.labels.iter().map(LabelDefinition::budget).collect(),
            own: Budget::new(shape.definition.max_series),
            shared,
            // One more is for `OTHER` everywhere.
            reserve: Budget::new(RESERVE - 1),
            created: AtomicU64::new(0),
            warned: AtomicBool::new(false),
            lock: Mutex::new(()),
            shape,
        };
        table.show_known();
        table
    }

    pub(super) fn labels(&self) -> &[LabelBudget] {
        &self.labels
    }

    pub(super) fn len(&self) -> usize {
        self.series.len()
    }

    #[inline]
    pub(super) fn update(&self, texts: &[&str], write: impl Fn(&C)) {
        if texts.iter().any(|text| text.len() > MAX_VALUE_BYTES) {
            let cut = self.cut(texts);
            return self.update(cut.get(), write);
        }
        let guard = self.series.guard();
        match self.shape.definition.ttl {
            None => write(&self.entry(texts, &guard).series.cell),
            Some(_) => write(&self.hold(texts, &guard).cell),
        }
    }

    /// Shows a series before its first use, if the budgets have room for it.
    pub(super) fn declare(&self, texts: &[&str]) {
        let guard = self.series.guard();
        if self.get(texts, &guard).is_none() {
            self.with_lock(|| self.show(texts, &guard));
        }
    }

    pub(super) fn with(&self, texts: &[&str]) -> Arc<Series<C>> {
        self.hold(self.cut(texts).get(), &self.series.guard())
    }

    #[inline]
    fn entry<'g>(&self, texts: &[&str], guard: &'g impl Guard) -> &'g Entry<C> {
        match self.get(texts, guard) {
            Some(entry) => entry,
            None => self.admit(texts, guard),
        }
    }

    fn hold(&self, texts: &[&str], guard: &impl Guard) -> Arc<Series<C>> {
        loop {
            if let Some(series) = self.entry(texts, guard).hold() {
                return series;
            }
            // It is being removed at this moment: until that is done, or undone.
            self.with_lock(|| ());
        }
    }

    /// What is not there under these labels: another series that takes the write, or a new one.
    #[cold]
    fn admit<'g>(&self, texts: &[&str], guard: &'g impl Guard) -> &'g Entry<C> {
        let mut found = self.find(Texts::new(texts), guard);
        let entry = match found.place {
            Ok(entry) => entry,
            Err(_) => self.with_lock(|| {
                let (texts, entry) = self.create(texts, guard);
                found.texts = texts;
                entry
            }),
        };
        for (at, label) in self.labels.iter().enumerate() {
            if found.texts.is_folded(at) {
                label.refuse(texts[at]);
                self.warn(label, texts[at]);
            }
        }
        entry
    }

    /// Only under the lock.
    fn create<'g, 't>(
        &self,
        texts: &[&'t str],
        guard: &'g impl Guard,
    ) -> (Texts<'t>, &'g Entry<C>) {
        loop {
            let Found { texts, place } = self.find(Texts::new(texts), guard);
            let charge = match place {
                Ok(entry) => return (texts, entry),
                Err(charge) => charge,
            };
            // Another family may have taken the last of the registry's budget: decide again.
            if !self.pay(charge) {
                continue;
            }
            let entry = self.insert(texts.get(), charge, guard);
            if charge == Charge::Budget && !texts.any_folded() {
                self.show_companions(texts.get(), guard);
            }
            return (texts, entry);
        }
    }

    /// Only under the lock, and paid for.
    fn insert<'g>(&self, texts: &[&str], charge: Charge, guard: &'g impl Guard) -> &'g Entry<C> {
        let pairs = self.labels.iter().zip(texts);
        let key = Key(pairs.map(|(label, text)| label.keep(text)).collect());
        let series = Series::new(&self.shape, texts.iter().copied());
        let number = self.created.fetch_add(1, Ordering::Relaxed);
        let entry = Entry::new(series, charge, number, self.shape.clock.uptime());
        self.series.get_or_insert(key, entry, guard)
    }

    fn pay(&self, charge: Charge) -> bool {
        match charge {
            Charge::Budget => {
                let paid = self.shared.take();
                if paid {
                    self.own.take();
                }
                paid
            }
            Charge::Reserve => self.reserve.take(),
            Charge::Nothing => true,
        }
    }

    fn refund(&self, charge: Charge) {
        match charge {
            Charge::Budget => {
                self.own.give_back();
                self.shared.give_back();
            }
            Charge::Reserve => self.reserve.give_back(),
            Charge::Nothing => {}
        }
    }

    /// Once per family.
    fn warn(&self, label: &LabelBudget, refused: &str) {
        if !self.warned.swap(true, Ordering::Relaxed) {
            let FamilyDefinition { name: family, place, .. } = &self.shape.definition;
            Warning { family, place: Some(place), label, refused }.say();
        }
    }

    /// The values as long as they may be.
    fn cut<'t>(&self, texts: &[&'t str]) -> Texts<'t> {
        let mut texts = Texts::new(texts);
        for (text, label) in texts.get_mut().iter_mut().zip(&self.labels) {
            if text.len() > MAX_VALUE_BYTES {
                *text = cut(text);
                label.count_cut();
            }
        }
        texts
    }

    fn with_lock<T>(&self, then: impl FnOnce() -> T) -> T {
        let _lock = self.lock.lock().unwrap_or_else(PoisonError::into_inner);
        then()
    }

    /// Shows the series in the order in which they came.
    pub(super) fn collect(&self, out: &mut dyn Collector) {
        self.sweep();
        let guard = self.series.guard();
        let shown = self.series.values(&guard).filter(|entry| !entry.is_hidden());
        let mut numbered = Vec::with_capacity(self.series.len());
        numbered.extend(shown.map(|entry| (entry.number, &*entry.series)));
        in_order(numbered).into_iter().for_each(|series| series.show(out));
    }
}

/// Sorted by number. The numbers are almost dense, unless many series are gone: so most of them can be
/// put where they belong without comparing.
fn in_order<T>(mut numbered: Vec<(u64, &T)>) -> Vec<&T> {
    let highest = numbered.iter().map(|(number, _)| *number as usize + 1).max().unwrap_or(0);
    if highest > 2 * numbered.len() {
        numbered.sort_unstable_by_key(|(number, _)| *number);
        return numbered.into_iter().map(|(_, series)| series).collect();
    }
    let mut places = vec![None; highest];
    for (number, series) in numbered {
        places[number as usize] = Some(series);
    }
    places.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests;
