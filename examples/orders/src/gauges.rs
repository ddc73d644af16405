//! Gauges that have to be looked up.

use std::time::Duration;

use obs_stack::api::Obs;
use obs_stack::api::metrics::{Capped, inventory_items, warehouse_utilization};

use crate::store::{Store, StoreError};

const INTERVAL: Duration = Duration::from_secs(1);

/// Refreshes how full the warehouses are, what they hold and who uses the database, until the
/// service stops.
pub fn refresh(obs: &Obs, store: &Store) {
    let (store, pool, metrics) = (store.clone(), store.clone(), obs.metrics().clone());
    obs.every(INTERVAL, "warehouses", move || {
        let store = store.clone();
        async move {
            let mut items = 0;
            for warehouse in store.warehouses().await? {
                items += warehouse.used;
                let name = warehouse.name.clone();
                warehouse_utilization!(
                    Capped::new(name.as_str()),
                    warehouse.utilization().percent()
                );
            }
            inventory_items!(items as f64);
            Ok::<(), StoreError>(())
        }
    });
    obs.every(INTERVAL, "database_pool", move || {
        let (used, idle, max) = pool.connections();
        metrics.db_pool(used, idle, max);
        async { Ok::<(), StoreError>(()) }
    });
}
