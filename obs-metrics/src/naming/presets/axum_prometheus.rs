//! axum-prometheus 0.10, as its builder describes the families.

use super::endpoints;
use crate::naming::{FamilyNaming as Family, Naming};

const NAMESPACE: &str = "axum";
const BUCKETS: [f64; 11] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

pub(super) fn naming() -> Naming {
    endpoints()
        .short_bounds(true)
        .family(
            "http_requests_total",
            named("http_requests_total", "The number of times a HTTP request was processed."),
        )
        .family(
            "http_request_duration_seconds",
            named("http_requests_duration_seconds", "The distribution of HTTP response times.")
                .buckets(BUCKETS),
        )
        .family(
            "http_requests_in_flight",
            named("http_requests_pending", "The number of currently in-flight requests."),
        )
}

fn named(name: &str, help: &str) -> Family {
    Family::new().name_within(NAMESPACE, name).help(help)
}
