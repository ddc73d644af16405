use crate::built_in::families;
use crate::event::event;
use crate::naming::Canonical;
use crate::{Metrics, Number};

families! {
    Stock {
        items: GaugeCell = Canonical::gauge("inventory_items", "Items in stock.");
    }
}

/// So many items are in stock.
#[track_caller]
pub fn inventory_items(metrics: Option<&Metrics>, items: impl Number) {
    let Some(metrics) = metrics else { return };
    metrics.built_in().stock.items.set((), items.number());
}

event! {
    ($)
    /// How many items are in stock: sets `inventory_items`.
    ///
    /// ```
    /// obs_metrics::inventory_items!(4200);
    /// ```
    inventory_items { (items) => inventory_items; }
}
