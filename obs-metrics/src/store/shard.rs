//! The rows of one thread.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::Row;
use super::key::Key;
use super::row::Cells;

/// How many addresses of one route's text a thread may remember. A route normally has one; a
/// router inside `nest_service` makes a new one for every request.
const ADDRESSES_PER_ROUTE: u8 = 4;

/// Written by the thread that leases it. The maps are locked only when that thread meets something
/// new, and by scrapes.
#[derive(Debug)]
pub(super) struct Shard {
    started: Cells,
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    rows: HashMap<Key, Arc<Row>>,
    addresses: HashMap<u32, u8>,
}

impl Default for Shard {
    fn default() -> Self {
        Self { started: Cells::new(1), known: Mutex::default() }
    }
}

impl Shard {
    /// A request began. Only the leasing thread calls this.
    #[inline]
    pub(super) fn start(&self) {
        self.started.add(0, 1);
    }

    pub(super) fn started(&self) -> u64 {
        let mut started = [0];
        self.started.read(&mut started);
        started[0]
    }

    pub(super) fn row(&self, key: Key, new: impl FnOnce() -> Row) -> Arc<Row> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(known.rows.entry(key).or_insert_with(|| Arc::new(new())))
    }

    /// Whether one more address of this route may be remembered.
    pub(super) fn may_remember(&self, route: u32) -> bool {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let addresses = known.addresses.entry(route).or_default();
        let fine = *addresses < ADDRESSES_PER_ROUTE;
        *addresses += u8::from(fine);
        fine
    }

    /// An address of this route made room for another one.
    pub(super) fn forget_address(&self, route: u32) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(addresses) = known.addresses.get_mut(&route) {
            *addresses = addresses.saturating_sub(1);
        }
    }

    /// The thread that remembered them has ended; the next one starts afresh.
    pub(super) fn forget_addresses(&self) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.addresses.clear();
    }

    pub(super) fn rows(&self, mut each: impl FnMut(Key, &Row)) {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        for (key, row) in &known.rows {
            each(*key, row);
        }
    }
}
