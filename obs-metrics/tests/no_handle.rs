//! Without a handle the macros do nothing: a process of its own, in which nobody installs one.

use std::time::Duration;

use obs_metrics::{
    active_users, calculation_timed, db_query, goods_processing, installed, order_created,
    rate_limit_hit, session_started, time_query, user_registered, warehouse_utilization,
};

#[tokio::test]
async fn a_macro_without_a_handle_does_nothing_and_evaluates_its_arguments_once() {
    assert!(installed().is_none());
    let mut times = 0;
    let mut once = |value: f64| {
        times += 1;
        value
    };
    order_created!("b2b", "card", once(1250.0));
    active_users!("all", "24h", once(1.0));
    warehouse_utilization!("china", once(f64::NAN));
    assert_eq!(times, 3);

    session_started!();
    user_registered!("farmer");
    rate_limit_hit!("/orders", "per_user");
    goods_processing!("china", "packing", Duration::from_secs(1));
    goods_processing!("china", "packing").stop();
    assert_eq!(calculation_timed!("load", 7), 7);
    assert_eq!(db_query!("select", Err::<(), _>("gone")), Err("gone"));
    assert_eq!(time_query("select", async { Ok::<_, ()>(7) }).await, Ok(7));
}
