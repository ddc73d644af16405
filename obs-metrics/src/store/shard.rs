//! The rows of one thread.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::Row;
use super::key::{Key, Series};

/// How many addresses of one route's text a thread may remember. A route normally has one; a
/// router inside `nest_service` makes a new one for every request.
const ADDRESSES_PER_ROUTE: u8 = 4;

/// Written by the thread that leases it. The maps are locked only when that thread meets something
/// new, and by scrapes.
#[derive(Debug, Default)]
pub(super) struct Shard {
    started: AtomicU64,
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    rows: HashMap<Key, Arc<Row>>,
    addresses: HashMap<u32, u8>,
}

impl Shard {
    /// A request began. Only the leasing thread calls this.
    #[inline]
    pub(super) fn start(&self) {
        self.started.store(self.started.load(Ordering::Relaxed).wrapping_add(1), Ordering::Relaxed);
    }

    pub(super) fn started(&self) -> u64 {
        self.started.load(Ordering::Relaxed)
    }

    pub(super) fn row(&self, route: u32, series: Series, bounds: usize) -> Arc<Row> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let row = known.rows.entry(Key { route, series });
        Arc::clone(row.or_insert_with(|| Arc::new(Row::new(bounds))))
    }

    /// Whether one more address of this route may be remembered.
    pub(super) fn may_remember(&self, route: u32) -> bool {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let addresses = known.addresses.entry(route).or_default();
        let fine = *addresses < ADDRESSES_PER_ROUTE;
        *addresses += u8::from(fine);
        fine
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
