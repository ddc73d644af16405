//! Shards that go from thread to thread.

use std::sync::{Arc, PoisonError};

use super::sync::Mutex;

/// A shard is never dropped: its counts belong to the totals. The lock hands what one thread wrote
/// on to the next one that leases it.
#[derive(Debug)]
pub(super) struct Pool<T>(Mutex<Shards<T>>);

#[derive(Debug)]
struct Shards<T> {
    all: Vec<Arc<T>>,
    free: Vec<Arc<T>>,
}

impl<T: Default> Pool<T> {
    pub(super) fn new() -> Self {
        Self(Mutex::new(Shards { all: Vec::new(), free: Vec::new() }))
    }

    /// A shard that no other thread writes to until it is given back.
    pub(super) fn lease(&self) -> Arc<T> {
        let mut shards = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        shards.free.pop().unwrap_or_else(|| {
            let shard = Arc::new(T::default());
            shards.all.push(Arc::clone(&shard));
            shard
        })
    }

    pub(super) fn give_back(&self, shard: Arc<T>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).free.push(shard);
    }

    /// Leased or not.
    pub(super) fn all(&self) -> Vec<Arc<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).all.clone()
    }
}
