//! Every macro once, read back over HTTP.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;
use std::thread::sleep;
use std::time::Duration;

use obs_core::ServiceIdentity;
use obs_metrics::prelude::*;
use obs_metrics::{Format, MetricsSettings};

use crate::harness::emits::{self, Emitted};
use crate::harness::target::Target;
use crate::served::scrape;

/// What the five systems ask for.
const WANTED: &str = "
    order_created order_status payment_processed goods_received goods_processing
    warehouse_utilization inventory_items active_users user_registered session_started session_ended
    product_viewed cart_added cart_started cart_abandoned funnel_stage workflow_executed
    project_created project_submitted deep_copy_finished calculation_timed report_generated
    export_finished cache_hit cache_miss cache_operation db_query db_error queue_depth
    queue_oldest_age login_attempt login_failed password_reset account_locked access_denied
    privilege_escalation rate_limit_hit";

const TOOK: Duration = Duration::from_millis(1);

/// A macro, and the sample that it leaves behind.
pub(crate) struct Told {
    by: &'static str,
    sample: &'static str,
    labels: &'static [(&'static str, &'static str)],
    value: f64,
}

macro_rules! tell {
    ($metrics:ident: $(
        $name:ident($($argument:expr),*) =>
            $sample:ident { $($label:ident = $text:literal),* } $value:literal;
    )+) => {
        vec![$({
            let _ = $name!(handle: $metrics $(, $argument)*);
            let labels = &[$((stringify!($label), $text)),*];
            let (by, sample) = (stringify!($name), stringify!($sample));
            Told { by, sample, labels, value: f64::from($value) }
        }),+]
    };
}

pub(crate) fn every(metrics: &Metrics) -> Vec<Told> {
    let query = || {
        sleep(TOOK);
        Ok::<(), fmt::Error>(())
    };
    tell! { metrics:
        order_created("b2b", "card", 1250) => order_value_sum { order_type = "b2b" } 1250;
        order_status("b2c", "card", "shipped") =>
            orders_total { order_type = "b2c", payment_method = "card", status = "shipped" } 1;
        payment_processed("bkash", "success", 70) =>
            payment_value_sum { gateway = "bkash", status = "success" } 70;
        goods_received("ghana", "PENDING") =>
            goods_received_total { warehouse = "ghana", status = "PENDING" } 1;
        goods_processing("ghana", "sorting", 2) =>
            goods_processing_seconds_sum { warehouse = "ghana", operation = "sorting" } 2;
        warehouse_utilization("ghana", 75) =>
            warehouse_utilization_percent { warehouse = "ghana" } 75;
        inventory_items(42) => inventory_items {} 42;
        active_users(12) => active_users_now {} 12;
        active_users("farmer", "24h", 340) =>
            active_users { user_type = "farmer", time_window = "24h" } 340;
        user_registered("farmer") => users_registered_total { user_type = "farmer" } 1;
        session_started() => sessions_started_total {} 1;
        session_ended(90) => session_duration_seconds_sum {} 90;
        product_viewed("milk") => product_views_total { product_category = "milk" } 1;
        cart_added("milk") => add_to_cart_total { product_category = "milk" } 1;
        cart_started() => cart_started_total {} 1;
        cart_abandoned() => cart_abandoned_total {} 1;
        funnel_stage("checkout") => conversion_funnel_total { stage = "checkout" } 1;
        workflow_executed("customs", "success") =>
            workflow_executions_total { workflow_name = "customs", status = "success" } 1;
        project_created() => projects_created_total {} 1;
        project_submitted("success") => projects_submitted_total { status = "success" } 1;
        deep_copy_finished("failed") => deep_copies_total { status = "failed" } 1;
        calculation_timed("wind", sleep(TOOK)) => calc_duration_seconds_count { kind = "wind" } 1;
        report_generated(3) => report_generation_duration_seconds_sum {} 3;
        export_finished("pdf", "success", 2) => export_duration_seconds_sum { format = "pdf" } 2;
        export_finished("csv", "failed") => exports_total { format = "csv", status = "failed" } 1;
        cache_hit() => cache_hits_total {} 1;
        cache_miss() => cache_misses_total {} 1;
        cache_operation("pages", "delete") =>
            cache_operations_total { cache = "pages", op = "delete" } 1;
        db_query("select", query()) => db_query_duration_seconds_count { query_type = "select" } 1;
        db_error() => db_errors_total {} 1;
        queue_depth("emails", 17) => queue_depth { queue = "emails" } 17;
        queue_oldest_age("emails", 30) => queue_oldest_age_seconds { queue = "emails" } 30;
        login_attempt("blocked") => auth_login_attempts_total { status = "blocked" } 1;
        login_failed("rate_limited") => auth_login_failures_total { reason = "rate_limited" } 1;
        password_reset("success") => auth_password_resets_total { status = "success" } 1;
        account_locked() => auth_account_lockouts_total {} 1;
        access_denied("invoice", "delete", "not_owner") => authz_access_denied_total {
            resource = "invoice", action = "delete", reason = "not_owner"
        } 1;
        privilege_escalation("clerk", "admin") =>
            authz_privilege_escalation_total { from_role = "clerk", to_role = "admin" } 1;
        rate_limit_hit("/orders", "per_user") =>
            rate_limit_hits_total { route = "/orders", category = "per_user" } 1;
    }
}

#[tokio::test]
async fn every_macro_is_read_back_over_http() {
    let mut settings = MetricsSettings::default();
    settings.naming = settings.naming.on("active_users_now");
    let metrics = Arc::new(Metrics::new(&settings, &ServiceIdentity::default()));
    let told = every(&metrics);

    let wanted: BTreeSet<&str> = WANTED.split_whitespace().collect();
    assert_eq!(told.iter().map(|told| told.by).collect::<BTreeSet<_>>(), wanted);
    assert_eq!(emits::macros(), wanted, "in the table of the crate");

    let target = Target::serve(Arc::clone(&metrics)).await;
    for format in [Format::Text, Format::OpenMetrics] {
        let seen = scrape(&target, format).await;
        for Told { by, sample, labels, value } in &told {
            assert_eq!(seen.get(sample, labels), Some(*value), "{by}! in {format:?}");
        }
        for Emitted { name: family, .. } in emits::tables().iter().filter(|own| own.is_of_macros())
        {
            let shown = seen.sum(family) + seen.sum(&format!("{family}_count"));
            assert!(shown > 0.0, "nothing in {family} in {format:?}");
        }
    }
}
