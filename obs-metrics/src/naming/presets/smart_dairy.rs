use super::{Family, Naming, named, on};

const API: [f64; 7] = [0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0];
const API_STRICT: [f64; 6] = [0.1, 0.5, 1.0, 2.0, 5.0, 10.0];
const ORDERS: [f64; 7] = [100.0, 500.0, 1000.0, 5000.0, 10_000.0, 50_000.0, 100_000.0];
const PAYMENTS: [f64; 6] = [100.0, 500.0, 1000.0, 5000.0, 10_000.0, 50_000.0];
const TYPES: [&str; 2] = ["b2b", "b2c"];
const GATEWAYS: [&str; 3] = ["bkash", "nagad", "sslcommerz"];

pub(super) fn naming() -> Naming {
    old_names(security(shop(Naming::default().fixed_currency("bdt"))))
        .family("http_requests_total", Family::new().help("Total number of HTTP requests"))
        .family(
            "http_request_duration_seconds",
            Family::new()
                .help("Duration of HTTP requests in seconds")
                .buckets(API)
                .strict_buckets(API_STRICT),
        )
        .family("http_errors_total", Family::new().off())
}

fn shop(naming: Naming) -> Naming {
    naming
        .family(
            "orders_total",
            named("smart_dairy_orders_total", "Total number of orders")
                .known("order_type", TYPES)
                .known("payment_method", GATEWAYS)
                .known("status", ["created"])
                .on(),
        )
        .family(
            "order_value",
            named("smart_dairy_order_value_bdt", "Order value in BDT")
                .known("order_type", TYPES)
                .buckets(ORDERS)
                .on(),
        )
        .family(
            "payments_total",
            named("smart_dairy_payments_total", "Total number of payment transactions")
                .known("gateway", GATEWAYS)
                .on(),
        )
        .family(
            "payment_value",
            named("smart_dairy_payment_value_bdt", "Payment value in BDT")
                .known("gateway", GATEWAYS)
                .known("status", ["success"])
                .buckets(PAYMENTS)
                .on(),
        )
        .family(
            "users_registered_total",
            named("smart_dairy_users_registered_total", "Total number of registered users").on(),
        )
        .family(
            "active_users",
            named("smart_dairy_active_users", "Number of active users")
                .known("time_window", ["24h"])
                .on(),
        )
        .family(
            "product_views_total",
            named("smart_dairy_product_views_total", "Total number of product views").on(),
        )
        .family(
            "add_to_cart_total",
            named("smart_dairy_add_to_cart_total", "Total number of add to cart events").on(),
        )
        .family(
            "conversion_funnel_total",
            named(
                "smart_dairy_conversion_funnel_total",
                "Users at each stage of conversion funnel",
            )
            .on(),
        )
        .on("sessions_started_total")
        .on("session_duration_seconds")
        .on("cart_started_total")
        .on("cart_abandoned_total")
}

fn security(naming: Naming) -> Naming {
    naming
        .family("auth_login_attempts_total", on("Total login attempts"))
        .family("auth_login_failures_total", on("Total failed login attempts"))
        .family("auth_password_resets_total", on("Total password reset requests"))
        .family("auth_account_lockouts_total", on("Total account lockouts"))
        .family("authz_access_denied_total", on("Total access denied events"))
        .family("authz_privilege_escalation_total", on("Total privilege escalation attempts"))
}

/// They count what other families count as well, so a service turns them on itself.
fn old_names(naming: Naming) -> Naming {
    naming
        .family(
            "orders_created_total",
            Family::new()
                .help("Total number of orders created")
                .known("order_type", TYPES)
                .known("payment_method", GATEWAYS),
        )
        .family(
            "payment_transactions_total",
            Family::new().help("Total number of payment transactions").known("gateway", GATEWAYS),
        )
        .family("active_users_now", named("active_users", "Number of currently active users"))
}
