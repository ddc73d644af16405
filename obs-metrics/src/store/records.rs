//! What all threads know of the series of a store.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use obs_core::notice;
use obs_core::source::{Exemplar, LabelSet};

use super::Texts;
use super::exemplars::Exemplars;
use super::key::Key;
use crate::OTHER;

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
    max: usize,
    known: RwLock<BTreeMap<Key, Arc<Record>>>,
    refused: AtomicU64,
}

impl Records {
    /// At most `max`, and those of the route `other`.
    pub(super) fn new(buckets: usize, texts: Arc<Texts>, max: usize) -> Self {
        Self { buckets, texts, max, known: RwLock::default(), refused: AtomicU64::new(0) }
    }

    /// That of a series; made at `created`, the time since the Unix epoch, if it is new. `None` beyond
    /// the budget.
    pub(super) fn get(&self, key: Key, route: &str, created: Duration) -> Option<Arc<Record>> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(record) = known.get(&key) {
            return Some(Arc::clone(record));
        }
        let is_full = known.len() >= self.max;
        drop(known);
        if is_full {
            self.refuse();
            return None;
        }
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        Some(self.insert(&mut known, key, route, created))
    }

    /// That of a series of the route [`OTHER`], whatever the budget says.
    pub(super) fn get_beyond(&self, key: Key, created: Duration) -> Arc<Record> {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        self.insert(&mut known, key, OTHER, created)
    }

    fn insert(
        &self,
        known: &mut BTreeMap<Key, Arc<Record>>,
        key: Key,
        route: &str,
        created: Duration,
    ) -> Arc<Record> {
        let record = known.entry(key).or_insert_with(|| {
            let labels = self.texts.row(route, key.series);
            Arc::new(Record { labels, created, exemplars: Exemplars::new(self.buckets) })
        });
        Arc::clone(record)
    }

    fn refuse(&self) {
        if self.refused.fetch_add(1, Ordering::Relaxed) == 0 {
            let max = self.max;
            notice::warn(&format!(
                "requests have more than {max} series of route, method and status; further ones are of the route {OTHER:?}"
            ));
        }
    }

    pub(super) fn refused(&self) -> u64 {
        self.refused.load(Ordering::Relaxed)
    }

    pub(super) fn len(&self) -> usize {
        self.known.read().unwrap_or_else(PoisonError::into_inner).len()
    }

    pub(super) fn max(&self) -> usize {
        self.max
    }

    pub(super) fn all(&self) -> BTreeMap<Key, Arc<Record>> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
