//! Zero-valued series for label values that are known in advance.

use papaya::Guard;

use super::Table;
use super::entry::Charge;
use crate::families::series::Cell;

/// How many series may come unasked.
const MOST: usize = 128;

impl<C: Cell> Table<C> {
    /// All combinations, if the values of every label are known.
    pub(super) fn show_known(&self) {
        let labels = &self.shape.definition.labels;
        if labels.iter().all(|label| !label.known.is_empty()) {
            let texts = vec![""; labels.len()];
            self.with_lock(|| self.show_companions(&texts, &self.series.guard()));
        }
    }

    /// The series that differ from this one only in labels whose values are known. Only under the
    /// lock.
    pub(super) fn show_companions(&self, texts: &[&str], guard: &impl Guard) {
        let labels = &self.shape.definition.labels;
        let combinations = labels.iter().map(|label| label.known.len().max(1)).product::<usize>();
        if combinations > MOST || labels.iter().all(|label| label.known.is_empty()) {
            return;
        }
        for mut combination in 0..combinations {
            let mut texts = texts.to_vec();
            for (text, label) in texts.iter_mut().zip(labels) {
                if let Some(known) = label.known.get(combination % label.known.len().max(1)) {
                    *text = known;
                    combination /= label.known.len();
                }
            }
            self.show(&texts, guard);
        }
    }

    pub(super) fn show(&self, texts: &[&str], guard: &impl Guard) {
        let mut labels = self.labels.iter().zip(texts);
        let room = labels.all(|(label, text)| label.admits(text)) && self.own.has_room();
        if room && self.get(texts, guard).is_none() && self.pay(Charge::Budget) {
            self.insert(texts, Charge::Budget, guard);
        }
    }
}
