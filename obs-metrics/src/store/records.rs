//! What all threads know of the series of a store.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use obs_core::source::{Exemplar, LabelSet};

use super::Texts;
use super::exemplars::Exemplars;
use super::key::Key;

/// There is one per series, however many threads count for it.
#[derive(Debug)]
pub(crate) struct Record {
    pub(crate) labels: LabelSet,
    /// Since when it counts, as time since the Unix epoch.
    pub(crate) created: Duration,
    pub(super) exemplars: Exemplars,
}

impl Record {
    /// The request that stands for each bucket.
    pub(crate) fn exemplars(&self) -> Vec<Exemplar> {
        self.exemplars.collect()
    }
}

#[derive(Debug)]
pub(super) struct Records {
    buckets: usize,
    texts: Arc<Texts>,
    known: RwLock<BTreeMap<Key, Arc<Record>>>,
}

impl Records {
    pub(super) fn new(buckets: usize, texts: Arc<Texts>) -> Self {
        Self { buckets, texts, known: RwLock::default() }
    }

    /// That of a series; made at `created`, the time since the Unix epoch, if it is new.
    pub(super) fn get(
        &self,
        key: Key,
        route: &str,
        created: impl FnOnce() -> Duration,
    ) -> Arc<Record> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(record) = known.get(&key) {
            return Arc::clone(record);
        }
        drop(known);
        let record = || Record {
            labels: self.texts.row(route, key.series),
            created: created(),
            exemplars: Exemplars::new(self.buckets),
        };
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(known.entry(key).or_insert_with(|| Arc::new(record())))
    }

    pub(super) fn all(&self) -> BTreeMap<Key, Arc<Record>> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
