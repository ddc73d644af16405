//! The rows of one thread.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError};

use super::Row;
use super::key::Key;
use super::row::Cells;
use super::sync::RwLock;

/// Written by the thread that leases it. The map is locked against scrapes only when that thread
/// meets a new series.
#[derive(Debug)]
pub(super) struct Shard {
    started: Cells,
    rows: RwLock<HashMap<Key, Arc<Row>>>,
}

impl Default for Shard {
    fn default() -> Self {
        Self { started: Cells::new(1), rows: RwLock::new(HashMap::new()) }
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

    pub(super) fn find(&self, key: Key) -> Option<Arc<Row>> {
        self.rows.read().unwrap_or_else(PoisonError::into_inner).get(&key).cloned()
    }

    pub(super) fn row(&self, key: Key, new: impl FnOnce() -> Row) -> Arc<Row> {
        let mut rows = self.rows.write().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(rows.entry(key).or_insert_with(|| Arc::new(new())))
    }

    pub(super) fn rows(&self, mut each: impl FnMut(Key, &Row)) {
        let rows = self.rows.read().unwrap_or_else(PoisonError::into_inner);
        for (key, row) in rows.iter() {
            each(*key, row);
        }
    }
}
