//! The shards that this thread writes to.

use std::cell::RefCell;
use std::sync::{Arc, Weak};

use obs_core::{Finished, Route};

use super::addresses::Addresses;
use super::candidates::Candidates;
use super::key::{Key, Series};
use super::shard::Shard;
use super::{Store, StoreId};

thread_local! {
    static LOCAL: RefCell<Option<Local>> = const { RefCell::new(None) };
}

/// Several stores may be at work in one process (tests, two services in one).
struct Local {
    leases: Vec<Lease>,
    addresses: Addresses,
    candidates: Candidates,
}

/// A shard that belongs to this thread until it ends.
struct Lease {
    store: StoreId,
    shard: Arc<Shard>,
    home: Weak<Store>,
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(store) = self.home.upgrade() {
            store.give_back(Arc::clone(&self.shard));
        }
    }
}

/// Writes to this thread's shard. `None` if the thread is being torn down.
#[inline]
pub(super) fn write(store: &Arc<Store>, write: impl FnOnce(&Shard)) -> Option<()> {
    with(store, |local, lease| local.leases.get(lease).map(|lease| write(&lease.shard)))
}

/// Records an end in this thread's shard. `None` if the thread is being torn down.
#[inline]
pub(super) fn record(
    store: &Arc<Store>,
    route: Route<'_>,
    series: Series,
    end: &Finished<'_>,
) -> Option<()> {
    with(store, |local, lease| {
        if let Some(row) =
            local.addresses.get(store.id, route.pattern).and_then(|entry| entry.row(series))
        {
            row.record(&store.bounds, end);
            return Some(());
        }
        local.record_new(lease, store, route, series, end)
    })
}

#[inline]
fn with<R>(store: &Arc<Store>, f: impl FnOnce(&mut Local, usize) -> Option<R>) -> Option<R> {
    LOCAL
        .try_with(|local| {
            let mut local = local.try_borrow_mut().ok()?;
            let local = local.get_or_insert_with(Local::new);
            let lease = match local.leases.iter().position(|lease| lease.store == store.id) {
                Some(lease) => lease,
                None => local.lease(store),
            };
            f(local, lease)
        })
        .ok()
        .flatten()
}

impl Local {
    fn new() -> Self {
        let (addresses, candidates) = (Addresses::new(), Candidates::new());
        Self { leases: Vec::new(), addresses, candidates }
    }

    /// A series that this thread has not met, or a route whose text does not last.
    #[cold]
    fn record_new(
        &mut self,
        lease: usize,
        store: &Store,
        route: Route<'_>,
        series: Series,
        end: &Finished<'_>,
    ) -> Option<()> {
        let known = self.addresses.get(store.id, route.pattern).map(|entry| entry.route());
        let number = known.unwrap_or_else(|| store.routes.number(route.pattern));
        let key = Key { route: number, series };
        let row = store.row(&self.leases.get(lease)?.shard, key, end);
        row.record(&store.bounds, end);
        if known.is_none()
            && let Some(text) = self.candidates.meet(store.id, number, route)
        {
            self.addresses.insert(store.id, text, number);
        }
        if let Some(entry) = self.addresses.get_mut(store.id, route.pattern) {
            entry.add(series, row);
        }
        Some(())
    }

    #[cold]
    fn lease(&mut self, store: &Arc<Store>) -> usize {
        self.leases.retain(|lease| lease.home.strong_count() > 0);
        let leases = &self.leases;
        let is_there = |store| leases.iter().any(|lease| lease.store == store);
        self.addresses.retain(is_there);
        self.candidates.retain(is_there);
        self.leases.push(Lease {
            store: store.id,
            shard: store.shards.lease(),
            home: Arc::downgrade(store),
        });
        self.leases.len() - 1
    }
}
