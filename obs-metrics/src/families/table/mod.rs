//! Series by the texts of their labels. Finding one takes no lock; creating one takes the table's.

mod companions;
mod entry;
mod find;
mod key;
mod sweep;

use std::panic::Location;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use foldhash::quality::RandomState;
use obs_core::source::Collector;
use papaya::{Guard, HashMap};

use self::entry::{Charge, Entry};
use self::find::Found;
use self::key::{Key, Texts};
use super::series::{Cell, Series, Shape};
use crate::governor::{Budget, LabelBudget, MAX_VALUE_BYTES, RESERVE, Warning, cut};

#[derive(Debug)]
pub(super) struct Table<C> {
    shape: Arc<Shape>,
    place: &'static Location<'static>,
    series: HashMap<Key, Entry<C>, RandomState>,
    labels: Box<[LabelBudget]>,
    own: Budget,
    shared: Arc<Budget>,
    reserve: Budget,
    warned: AtomicBool,
    /// Held while series come and go. Nothing that could write to a family is called meanwhile.
    lock: Mutex<()>,
}

impl<C: Cell> Table<C> {
    pub(super) fn new(
        shape: Arc<Shape>,
        place: &'static Location<'static>,
        shared: Arc<Budget>,
    ) -> Self {
        let table = Self {
            place,
            series: HashMap::default(),
            labels: shape.definition.labels.iter().map(LabelBudget::new).collect(),
            own: Budget::new(shape.definition.max_series),
            shared,
            // One more is for `OTHER` everywhere.
            reserve: Budget::new(RESERVE - 1),
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
        loop {
            let entry = match self.get(texts, &guard) {
                Some(entry) => entry,
                None => self.admit(texts, &guard),
            };
            write(&entry.series.cell);
            let lost = self.shape.definition.ttl.is_some() && entry.may_be_retired();
            // Whoever retires it may have seen the write and changed their mind.
            if !lost || !self.with_lock(|| entry.is_retired()) {
                return;
            }
        }
    }

    pub(super) fn with(&self, texts: &[&str]) -> Arc<Series<C>> {
        let texts = self.cut(texts);
        let guard = self.series.guard();
        loop {
            let entry = match self.get(texts.get(), &guard) {
                Some(entry) => entry,
                None => self.admit(texts.get(), &guard),
            };
            let take = || (!entry.is_retired()).then(|| Arc::clone(&entry.series));
            let series = match self.shape.definition.ttl {
                Some(_) => self.with_lock(take),
                None => take(),
            };
            if let Some(series) = series {
                return series;
            }
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
        let entry = Entry::new(series, charge, self.shape.clock.uptime());
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
            Warning { family: &self.shape.definition, label, refused, place: self.place }.say();
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

    /// Shows the series, sorted by their labels.
    pub(super) fn collect(&self, out: &mut dyn Collector) {
        self.sweep();
        let guard = self.series.guard();
        let mut shown: Vec<_> =
            self.series.values(&guard).filter(|entry| !entry.is_hidden()).collect();
        shown.sort_by(|a, b| a.series.labels.text().cmp(b.series.labels.text()));
        shown.iter().for_each(|entry| entry.series.show(out));
    }
}
