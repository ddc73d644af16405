use super::{Family, Naming, endpoints, latencies, named};

pub(super) fn naming() -> Naming {
    let on = |name: &str| Family::new().name(name).on();
    endpoints()
        .family(
            "http_requests_total",
            named("inventory_requests_total", "Total number of requests"),
        )
        .family(
            "http_request_duration_seconds",
            latencies().name("inventory_request_duration_seconds"),
        )
        .family("http_errors_total", Family::new().off())
        // A gauge with the name of a counter: dashboards know it so.
        .family("inventory_items", on("inventory_items_total"))
        .family("cache_hits_total", on("inventory_cache_hits_total"))
        .family("cache_misses_total", on("inventory_cache_misses_total"))
        .family("db_errors_total", on("inventory_db_errors_total"))
}
