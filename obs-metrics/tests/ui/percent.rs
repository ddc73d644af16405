//! A percentage is from 0 to 100.
use obs_metrics::business::Warehouse;
use obs_metrics::warehouse_utilization;

fn main() {
    warehouse_utilization!(Warehouse::China, 100);
    warehouse_utilization!(Warehouse::China, 100.5);
    warehouse_utilization!(Warehouse::China, -1);
}
