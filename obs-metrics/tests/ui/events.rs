//! An event with a wrong number of arguments says what its form is.
use obs_metrics::{active_users, calculation_timed, order_created, session_started};
use obs_metrics::{testing::Recorder, warehouse_utilization};

fn main() {
    let recorder = Recorder::new();
    order_created!("b2b", "bkash");
    order_created!(handle: recorder.metrics(), "b2b", "bkash", 10, 20);
    active_users!("farmer", 3);
    session_started!("web");
    warehouse_utilization!(50);
    calculation_timed!(handle: recorder.metrics(), 3.5 * 1.2);
}
