//! The rows of one thread.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::Row;
use super::key::Key;
use super::row::Cells;

/// Written by the thread that leases it. The map is locked only when that thread meets something
/// new, and by scrapes.
#[derive(Debug)]
pub(super) struct Shard {
    started: Cells,
    rows: Mutex<HashMap<Key, Arc<Row>>>,
}

impl Default for Shard {
    fn default() -> Self {
        Self { started: Cells::new(1), rows: Mutex::default() }
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
        let mut rows = self.rows.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(rows.entry(key).or_insert_with(|| Arc::new(new())))
    }

    pub(super) fn rows(&self, mut each: impl FnMut(Key, &Row)) {
        let rows = self.rows.lock().unwrap_or_else(PoisonError::into_inner);
        for (key, row) in rows.iter() {
            each(*key, row);
        }
    }
}
