//! One row per (route, method, status), in shards that one thread at a time writes to.

mod addresses;
mod key;
mod lease;
mod routes;
mod row;
mod shard;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use obs_core::{Finished, Route};

use self::routes::Routes;
use self::row::Row;
use self::shard::Shard;

pub(crate) use self::key::Series;
pub(crate) use self::row::Totals;

/// Tells stores apart on a thread that serves several. Never used again, unlike an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct StoreId(u64);

#[derive(Debug)]
pub(crate) struct Store {
    id: StoreId,
    /// Upper bounds of the buckets, in nanoseconds.
    bounds: Box<[u64]>,
    routes: Routes,
    shards: Mutex<Shards>,
    /// For threads that are being torn down: written under its lock.
    last_resort: Mutex<Arc<Shard>>,
}

/// A shard is never dropped: its counts belong to the totals. It goes from thread to thread.
#[derive(Debug, Default)]
struct Shards {
    all: Vec<Arc<Shard>>,
    free: Vec<Arc<Shard>>,
}

/// What one scrape sees.
pub(crate) struct Snapshot {
    pub(crate) rows: BTreeMap<(Arc<str>, Series), Totals>,
    pub(crate) in_flight: u64,
}

impl Store {
    pub(crate) fn new(bounds: &[Duration], max_routes: usize) -> Arc<Self> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let last_resort = Arc::new(Shard::default());
        Arc::new(Self {
            id: StoreId(NEXT.fetch_add(1, Ordering::Relaxed)),
            bounds: bounds.iter().map(|bound| bound.as_nanos() as u64).collect(),
            routes: Routes::new(max_routes),
            shards: Mutex::new(Shards { all: vec![Arc::clone(&last_resort)], free: Vec::new() }),
            last_resort: Mutex::new(last_resort),
        })
    }

    #[inline]
    pub(crate) fn start(self: &Arc<Self>) {
        if lease::start(self).is_none() {
            self.last_resort.lock().unwrap_or_else(PoisonError::into_inner).start();
        }
    }

    #[inline]
    pub(crate) fn record(self: &Arc<Self>, route: Route<'_>, series: Series, end: &Finished<'_>) {
        if lease::record(self, route, series, end).is_none() {
            let shard = self.last_resort.lock().unwrap_or_else(PoisonError::into_inner);
            let row = shard.row(self.routes.number(route.pattern), series, self.bounds.len());
            row.record(&self.bounds, end);
        }
    }

    pub(crate) fn snapshot(&self) -> Snapshot {
        let shards = self.shards.lock().unwrap_or_else(PoisonError::into_inner).all.clone();
        let mut sums: BTreeMap<_, Totals> = BTreeMap::new();
        for shard in &shards {
            shard.rows(|key, row| sums.entry(key).or_default().add(row));
        }
        // Ends are read before beginnings: a request that moves on meanwhile is seen in flight.
        let finished: u64 = sums.values().map(Totals::requests).sum();
        let started: u64 = shards.iter().map(|shard| shard.started()).sum();
        let names = self.routes.names();
        let rows = sums
            .into_iter()
            .filter_map(|(key, totals)| {
                let route = names.get(key.route as usize)?;
                Some(((Arc::clone(route), key.series), totals))
            })
            .collect();
        Snapshot { rows, in_flight: started.saturating_sub(finished) }
    }

    pub(crate) fn routes_overflowed(&self) -> u64 {
        self.routes.overflowed()
    }

    fn lease(&self) -> Arc<Shard> {
        let mut shards = self.shards.lock().unwrap_or_else(PoisonError::into_inner);
        shards.free.pop().unwrap_or_else(|| {
            let shard = Arc::new(Shard::default());
            shards.all.push(Arc::clone(&shard));
            shard
        })
    }

    fn give_back(&self, shard: Arc<Shard>) {
        shard.forget_addresses();
        self.shards.lock().unwrap_or_else(PoisonError::into_inner).free.push(shard);
    }
}
