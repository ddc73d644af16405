use papaya::Guard;

use super::Table;
use super::entry::{Charge, Entry};
use super::key::{Lookup, Texts};
use crate::families::series::Cell;

/// Where a write goes: to a series that is there, or to one that is to be created.
pub(super) struct Found<'g, 't, C> {
    pub(super) texts: Texts<'t>,
    pub(super) place: Result<&'g Entry<C>, Charge>,
}

impl<C: Cell> Table<C> {
    #[inline]
    pub(super) fn get<'g>(&self, texts: &[&str], guard: &'g impl Guard) -> Option<&'g Entry<C>> {
        self.series.get(&Lookup(texts), guard)
    }

    /// Decides by the budgets, without a lock. Only under the lock is it the last word.
    pub(super) fn find<'g, 't>(
        &self,
        mut texts: Texts<'t>,
        guard: &'g impl Guard,
    ) -> Found<'g, 't, C> {
        for (at, label) in self.labels.iter().enumerate() {
            if !label.admits(texts.get()[at]) {
                texts.fold(at);
            }
        }
        if let Some(entry) = self.get(texts.get(), guard) {
            return Found { texts, place: Ok(entry) };
        }
        if self.own.has_room() && self.shared.has_room() {
            return Found { texts, place: Err(Charge::Budget) };
        }
        loop {
            if texts.any_folded() {
                if let Some(entry) = self.get(texts.get(), guard) {
                    return Found { texts, place: Ok(entry) };
                }
                if self.reserve.has_room() {
                    return Found { texts, place: Err(Charge::Reserve) };
                }
            }
            match self.next_to_fold(&texts) {
                Some(at) => texts.fold(at),
                None => return Found { texts, place: Err(Charge::Nothing) },
            }
        }
    }

    /// The open label with the most values, then the closed ones.
    fn next_to_fold(&self, texts: &Texts<'_>) -> Option<usize> {
        let labels = self.labels.iter().enumerate().filter(|(at, _)| !texts.is_folded(*at));
        labels.max_by_key(|(_, label)| (label.is_open(), label.values())).map(|(at, _)| at)
    }
}
