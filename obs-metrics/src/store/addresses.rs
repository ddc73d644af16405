//! From the address of a route's text to its rows, per thread.

use std::cell::Cell;
use std::sync::Arc;

use super::kept::KeptText;
use super::key::Series;
use super::{Row, StoreId};

const SLOTS: usize = 512;
/// How many slots may hold an address. All are looked at, so an entry can be taken out at will.
const PROBES: usize = 8;

/// A fixed number of slots. If none is free, that of an unused entry is taken.
pub(super) struct Addresses(Box<[Option<Entry>; SLOTS]>);

pub(super) struct Entry {
    store: StoreId,
    text: KeptText,
    route: u32,
    /// Used since its slot was wanted for another entry.
    used: Cell<bool>,
    /// Few, and the usual one comes first.
    rows: Vec<(Series, Arc<Row>)>,
}

impl Addresses {
    pub(super) fn new() -> Self {
        Self(Box::new(std::array::from_fn(|_| None)))
    }

    #[inline]
    pub(super) fn get(&self, store: StoreId, pattern: &str) -> Option<&Entry> {
        let entry = slots(store, pattern.as_ptr().addr())
            .find_map(|slot| self.0[slot].as_ref().filter(|entry| entry.is(store, pattern)))?;
        entry.used.set(true);
        Some(entry)
    }

    pub(super) fn get_mut(&mut self, store: StoreId, pattern: &str) -> Option<&mut Entry> {
        let is_it = |slot: &usize| self.0[*slot].as_ref().is_some_and(|it| it.is(store, pattern));
        let slot = slots(store, pattern.as_ptr().addr()).find(is_it)?;
        self.0[slot].as_mut()
    }

    /// Remembers an address.
    pub(super) fn insert(&mut self, store: StoreId, text: KeptText, route: u32) {
        let address = text.address();
        let free = slots(store, address).find(|slot| self.0[*slot].is_none());
        let unused = |slot: &usize| self.0[*slot].as_ref().is_some_and(|entry| !entry.used.take());
        let slot = free.or_else(|| slots(store, address).find(unused));
        // All were in use; from now on they have to prove it again.
        if let Some(slot) = slot.or_else(|| slots(store, address).next()) {
            let used = Cell::new(false);
            self.0[slot] = Some(Entry { store, text, route, used, rows: Vec::new() });
        }
    }

    pub(super) fn retain(&mut self, mut keep: impl FnMut(StoreId) -> bool) {
        for slot in self.0.iter_mut() {
            if slot.as_ref().is_some_and(|entry| !keep(entry.store)) {
                *slot = None;
            }
        }
    }
}

#[inline]
fn slots(store: StoreId, address: usize) -> impl Iterator<Item = usize> {
    let mixed = (address as u64 ^ store.0 << 48).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let first = (mixed >> 32) as usize;
    (first..first + PROBES).map(|slot| slot % SLOTS)
}

impl Entry {
    #[inline]
    fn is(&self, store: StoreId, pattern: &str) -> bool {
        self.text.is(pattern) && self.store == store
    }

    pub(super) fn route(&self) -> u32 {
        self.route
    }

    #[inline]
    pub(super) fn row(&self, series: Series) -> Option<&Row> {
        self.rows.iter().find(|(known, _)| *known == series).map(|(_, row)| &**row)
    }

    pub(super) fn add(&mut self, series: Series, row: Arc<Row>) {
        self.rows.push((series, row));
    }
}

#[cfg(test)]
mod tests {
    use obs_core::Route;

    use super::*;

    const STORE: StoreId = StoreId(7);

    fn insert(addresses: &mut Addresses, text: &Arc<str>, number: u32) {
        addresses.insert(STORE, KeptText::new(Route { pattern: text, owner: text }), number);
    }

    #[test]
    fn what_nobody_asks_for_makes_room() {
        let texts = |name: &str| -> Vec<Arc<str>> {
            (0..100).map(|number| format!("/{name}/{number}").into()).collect()
        };
        let (hot, one_off) = (texts("hot"), texts("one-off"));
        let mut addresses = Addresses::new();
        for _ in 0..60 {
            one_off.iter().for_each(|text| insert(&mut addresses, text, 0));
        }
        for (number, text) in hot.iter().enumerate() {
            insert(&mut addresses, text, number as u32);
            assert!(addresses.get(STORE, text).is_some_and(|entry| entry.route() == number as u32));
        }
        let found = |addresses: &Addresses| {
            hot.iter().filter(|text| addresses.get(STORE, text).is_some()).count()
        };
        let before = found(&addresses);
        for texts in one_off.chunks(10) {
            texts.iter().for_each(|text| insert(&mut addresses, text, 0));
            found(&addresses);
        }
        let after = found(&addresses);
        assert!(before >= 97 && after >= 95, "{before} were there, {after} are left");
    }
}
