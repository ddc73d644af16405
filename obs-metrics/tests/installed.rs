//! The process-wide handle: there is one per process, so all of it is one test.

mod harness;

use std::sync::Arc;

use harness::{metrics, seen};
use obs_metrics::business::{OrderType, PaymentMethod};
use obs_metrics::{
    active_users, calculation_timed, db_query, funnel_stage, goods_processing, install, installed,
    order_created, project_created, time_query,
};

#[tokio::test]
async fn macros_write_to_the_installed_handle() {
    project_created!();
    let mine = metrics();
    install(Arc::clone(&mine)).unwrap();
    assert!(Arc::ptr_eq(installed().unwrap(), &mine));
    let other = metrics();
    assert!(Arc::ptr_eq(&install(Arc::clone(&other)).unwrap_err(), &other));

    order_created!(OrderType::B2c, PaymentMethod::Sslcommerz, 20);
    active_users!(1200);
    active_users!("farmer", "24h", 340,);
    funnel_stage!("checkout");
    goods_processing!("china", "packing").stop();
    assert_eq!(calculation_timed!("load", 1 + 1), 2);
    assert_eq!(db_query!("select", Ok::<_, ()>(7)), Ok(7));
    assert_eq!(time_query("insert", async { Err::<(), _>("gone") }).await, Err("gone"));
    project_created!(handle: other);

    let seen_here = seen(&mine);
    let order = [("order_type", "b2c"), ("payment_method", "sslcommerz"), ("status", "created")];
    assert_eq!(seen_here.value("orders_total", &order), 1.0);
    assert_eq!(seen_here.sum("active_users"), 1540.0);
    assert_eq!(seen_here.sum("conversion_funnel_total"), 1.0);
    assert_eq!(seen_here.sum("goods_processing_seconds_count"), 1.0);
    assert_eq!(seen_here.sum("calc_duration_seconds_count"), 1.0);
    assert_eq!(seen_here.sum("db_query_duration_seconds_count"), 2.0);
    assert_eq!(seen_here.value("db_errors_total", &[]), 1.0);
    assert_eq!(
        seen_here.get("projects_created_total", &[]),
        None,
        "told before there was a handle"
    );
    // A handle that is named is the one that is written to.
    assert_eq!(seen(&other).value("projects_created_total", &[]), 1.0);
    assert_eq!(seen(&other).get("orders_total", &order), None);
}
