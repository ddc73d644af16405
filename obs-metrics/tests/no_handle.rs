//! Without a handle the macros do nothing: a process of its own, in which nobody installs one.
#![allow(clippy::unwrap_used, reason = "helpers of tests, outside of #[test]")]

#[path = "harness/emits.rs"]
mod emits;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::time::Duration;

use obs_metrics::installed;
use obs_metrics::prelude::*;

const SECOND: Duration = Duration::from_secs(1);

/// Calls every form, and has the names of the macros. An argument is told when it is evaluated.
macro_rules! call {
    ($($name:ident($($argument:expr),*);)+) => {
        [$({
            let told = RefCell::new(Vec::<&str>::new());
            let _ = $name!($({
                told.borrow_mut().push(stringify!($argument));
                $argument
            }),*);
            let arguments: &[&str] = &[$(stringify!($argument)),*];
            assert_eq!(told.into_inner(), arguments, "{}! evaluates each once", stringify!($name));
            stringify!($name)
        }),+]
    };
}

/// The macros of the prelude.
fn in_prelude() -> BTreeSet<&'static str> {
    let (_, list) = include_str!("../src/prelude.rs").split_once("pub use {").unwrap();
    let (list, _) = list.split_once('}').unwrap();
    list.split(',').map(str::trim).filter(|name| !name.is_empty()).collect()
}

#[test]
fn every_macro_without_a_handle_does_nothing_and_evaluates_its_arguments_once() {
    let called = call! {
        order_created("b2b", "card", 1250.0);
        order_status("b2c", "card", "shipped");
        payment_processed("bkash", "success", f64::NAN);
        goods_received("ghana", "PENDING");
        goods_processing("ghana", "sorting", SECOND);
        goods_processing("ghana", "sorting");
        warehouse_utilization("ghana", f64::NAN);
        inventory_items(-1);
        active_users(12);
        active_users("farmer", "24h", 340);
        user_registered("farmer");
        session_started();
        session_ended(-90.0);
        product_viewed("milk");
        product_viewed("milk", Capped::<_, 500>(String::from("p-17")));
        cart_added("milk");
        cart_started();
        cart_abandoned();
        funnel_stage(business::FunnelStage::Checkout);
        workflow_executed("customs", "success");
        project_created();
        project_submitted("success");
        deep_copy_finished("failed");
        calculation_timed("wind_load", 3.5);
        report_generated(f64::INFINITY);
        export_finished("pdf", "success");
        export_finished("pdf", "success", SECOND);
        cache_hit();
        cache_hit("pages");
        cache_miss();
        cache_miss("pages");
        cache_operation("pages", "delete");
        db_query("select", Err::<(), _>("gone"));
        db_error();
        db_error("select");
        queue_depth("emails", 17);
        queue_oldest_age("emails", SECOND);
        login_attempt("blocked");
        login_failed("rate_limited");
        password_reset("success");
        account_locked();
        access_denied("invoice", "delete", "not_owner");
        privilege_escalation("clerk", "admin");
        rate_limit_hit("/orders", "per_user");
    };
    // Only a literal has this form.
    warehouse_utilization!("ghana", 75);

    let called = BTreeSet::from(called);
    assert_eq!(called, emits::macros(), "in the table of the crate");
    assert_eq!(called, in_prelude());
    assert!(installed().is_none());
}

#[tokio::test]
async fn what_is_measured_without_a_handle_is_what_it_would_be() {
    assert_eq!(calculation_timed!("load", 7), 7);
    assert_eq!(calculation_timed!("load", async { 7 }.await), 7);
    assert_eq!(db_query!("select", Err::<(), _>("gone")), Err("gone"));
    assert_eq!(db_query!("select", async { Ok::<_, ()>(7) }.await), Ok(7));
    assert_eq!(time_query("select", async { Ok::<_, ()>(7) }).await, Ok(7));
    goods_processing!("china", "packing").stop();
    assert!(installed().is_none());
}
