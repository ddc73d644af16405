use super::{Family, Naming, endpoints, named};

const API: [f64; 10] = [0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 2.5, 5.0, 10.0];
const API_STRICT: [f64; 9] = [0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
const QUERIES: [f64; 10] = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0, 30.0];
const QUERIES_STRICT: [f64; 8] = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0];
const PROCESSING: [f64; 9] = [0.1, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0];

pub(super) fn naming() -> Naming {
    endpoints()
        .family(
            "http_requests_total",
            named("primepre_api_requests_total", "Total number of API requests").off(),
        )
        .family(
            "http_request_duration_seconds",
            named("primepre_api_request_duration_seconds", "API request duration")
                .buckets(API)
                .strict_buckets(API_STRICT),
        )
        .family("http_errors_total", named("primepre_api_errors_total", "Total API errors"))
        .family(
            "goods_received_total",
            warehouses("primepre_goods_received_total", "Total number of goods received"),
        )
        .family(
            "goods_processing_seconds",
            warehouses("primepre_goods_processing_seconds", "Time taken to process goods")
                .buckets(PROCESSING),
        )
        .family(
            "warehouse_utilization_percent",
            warehouses(
                "primepre_warehouse_utilization_percent",
                "Warehouse utilization percentage",
            ),
        )
        .family(
            "db_query_duration_seconds",
            named("primepre_database_query_duration_seconds", "Database query duration")
                .buckets(QUERIES)
                .strict_buckets(QUERIES_STRICT)
                .on(),
        )
        .family("active_users_now", named("primepre_active_users", "Number of active users").on())
        .family(
            "workflow_executions_total",
            named("primepre_workflow_executions_total", "Total workflow executions").on(),
        )
}

fn warehouses(name: &str, help: &str) -> Family {
    named(name, help).known("warehouse", ["china", "ghana"]).on()
}
