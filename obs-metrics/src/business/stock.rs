use crate::built_in::families;
use crate::naming::Canonical;

families! {
    Stock {
        items: GaugeCell = Canonical::gauge("inventory_items", "Items in stock.");
    }
}
