use super::{Family, Naming, endpoints, latencies};

pub(super) fn naming() -> Naming {
    let on = |name: &str| Family::new().name(name).on();
    endpoints()
        .family("http_request_duration_seconds", latencies())
        .family("http_errors_total", Family::new().off())
        .family("projects_created_total", on("apex_projects_created_total"))
        .family("projects_submitted_total", on("apex_projects_submitted_total"))
        .family("calc_duration_seconds", on("apex_calc_duration_seconds"))
        .family("report_generation_duration_seconds", on("apex_report_generation_duration_seconds"))
        .family("pg_pool_used", on("apex_pg_pool_used"))
        .family("pg_pool_total", on("apex_pg_pool_total"))
        .family("cache_hits_total", on("apex_cache_hits_total"))
        .family("cache_requests_total", on("apex_cache_requests_total"))
        // They are the requests that were no hits.
        .family("cache_misses_total", Family::new().off())
        .family("queue_oldest_age_seconds", on("apex_celery_queue_age_seconds"))
}
