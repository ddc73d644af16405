//! From the address of a route's text to its rows, per thread.

use std::any::Any;
use std::sync::Arc;

use obs_core::Route;

use super::key::Series;
use super::{Row, StoreId};

const SLOTS: usize = 512;
/// How many slots may hold an address. All are looked at, so an entry can be taken out at will.
const PROBES: usize = 8;

/// A fixed number of slots. A route that finds none free is looked up by its text.
pub(super) struct Addresses(Box<[Option<Entry>; SLOTS]>);

pub(super) struct Entry {
    store: StoreId,
    address: usize,
    length: usize,
    /// Keeps the text where it is: the address of a dropped one is used again.
    _owner: Box<dyn Any>,
    route: u32,
    /// Few, and the usual one comes first.
    rows: Vec<(Series, Arc<Row>)>,
}

impl Addresses {
    pub(super) fn new() -> Self {
        Self(Box::new(std::array::from_fn(|_| None)))
    }

    #[inline]
    pub(super) fn get(&self, store: StoreId, pattern: &str) -> Option<&Entry> {
        let address = pattern.as_ptr().addr();
        slots(store, address).find_map(|slot| {
            self.0[slot].as_ref().filter(|entry| entry.is(store, address, pattern.len()))
        })
    }

    pub(super) fn get_mut(&mut self, store: StoreId, pattern: &str) -> Option<&mut Entry> {
        let address = pattern.as_ptr().addr();
        let is_it = |entry: &Entry| entry.is(store, address, pattern.len());
        let slot = slots(store, address).find(|slot| self.0[*slot].as_ref().is_some_and(is_it))?;
        self.0[slot].as_mut()
    }

    pub(super) fn insert(&mut self, store: StoreId, route: Route<'_>, number: u32) {
        let address = route.pattern.as_ptr().addr();
        if let Some(slot) = slots(store, address).find(|slot| self.0[*slot].is_none()) {
            self.0[slot] = Some(Entry {
                store,
                address,
                length: route.pattern.len(),
                _owner: route.owner.keep(),
                route: number,
                rows: Vec::new(),
            });
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
    fn is(&self, store: StoreId, address: usize, length: usize) -> bool {
        self.address == address && self.length == length && self.store == store
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
