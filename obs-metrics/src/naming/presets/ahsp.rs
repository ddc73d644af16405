use super::{Naming, endpoints, latencies};

pub(super) fn naming() -> Naming {
    endpoints()
        .family("http_request_duration_seconds", latencies())
        .on("projects_created_total")
        .on("deep_copies_total")
        .on("exports_total")
        .on("export_duration_seconds")
        .on("active_users")
        .on("cache_hits_total")
        .on("cache_misses_total")
        .on("cache_operations_total")
        .on("db_queries_per_request")
        .on("queue_depth")
}
