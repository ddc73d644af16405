//! The shards that this thread writes to.

use std::cell::RefCell;
use std::sync::{Arc, Weak};

use obs_core::{Finished, Route};

use super::addresses::Addresses;
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

/// Counts a beginning in this thread's shard. `None` if the thread is being torn down.
#[inline]
pub(super) fn start(store: &Arc<Store>) -> Option<()> {
    with(store, |local, lease| local.leases.get(lease).map(|lease| lease.shard.start()))
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
        let shard = &local.leases.get(lease)?.shard;
        record_new(store, &mut local.addresses, shard, route, series, end);
        Some(())
    })
}

/// A route or series that this thread has not met, or whose text has no stable address.
#[cold]
fn record_new(
    store: &Store,
    addresses: &mut Addresses,
    shard: &Shard,
    route: Route<'_>,
    series: Series,
    end: &Finished<'_>,
) {
    let known = addresses.get(store.id, route.pattern).map(|entry| entry.route());
    let number = known.unwrap_or_else(|| store.routes.number(route.pattern));
    let key = Key { route: number, series };
    let row = shard.row(key, || store.row(key, end));
    row.record(&store.bounds, end);
    if known.is_none() && shard.may_remember(number) {
        let gone = addresses.insert(store.id, route, number);
        if let Some(gone) = gone.filter(|gone| gone.store() == store.id) {
            shard.forget_address(gone.route());
        }
    }
    if let Some(entry) = addresses.get_mut(store.id, route.pattern) {
        entry.add(series, row);
    }
}

#[inline]
fn with<R>(store: &Arc<Store>, f: impl FnOnce(&mut Local, usize) -> Option<R>) -> Option<R> {
    LOCAL
        .try_with(|local| {
            let mut local = local.try_borrow_mut().ok()?;
            let local = local
                .get_or_insert_with(|| Local { leases: Vec::new(), addresses: Addresses::new() });
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
    #[cold]
    fn lease(&mut self, store: &Arc<Store>) -> usize {
        self.leases.retain(|lease| lease.home.strong_count() > 0);
        let leases = &self.leases;
        self.addresses.retain(|id| leases.iter().any(|lease| lease.store == id));
        self.leases.push(Lease {
            store: store.id,
            shard: store.shards.lease(),
            home: Arc::downgrade(store),
        });
        self.leases.len() - 1
    }
}
