//! What all threads know of the series of a store.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use obs_core::source::{Exemplar, LabelSet};

use super::exemplars::Exemplars;
use super::key::{Key, Series};

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
    /// The names for method, route and status.
    labels: [String; 3],
    known: RwLock<BTreeMap<Key, Arc<Record>>>,
}

impl Records {
    pub(super) fn new(buckets: usize, labels: [String; 3]) -> Self {
        Self { buckets, labels, known: RwLock::default() }
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
            labels: self.labels(route, key.series),
            created: created(),
            exemplars: Exemplars::new(self.buckets),
        };
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(known.entry(key).or_insert_with(|| Arc::new(record())))
    }

    pub(super) fn all(&self) -> BTreeMap<Key, Arc<Record>> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn labels(&self, route: &str, series: Series) -> LabelSet {
        let status = series.status().to_string();
        let [method_name, route_name, status_name] = &self.labels;
        let labels: [(&str, &str); 3] =
            [(method_name, series.method()), (route_name, route), (status_name, &status)];
        LabelSet::new(&labels).unwrap_or_default()
    }
}
