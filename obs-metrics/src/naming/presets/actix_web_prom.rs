//! actix-web-prom 0.10.

use super::endpoints;
use crate::naming::{FamilyNaming as Family, Naming};

/// It has no namespace of its own: every service tells one, which may be empty.
const NAMESPACE: &str = "";
const BUCKETS: [f64; 11] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

pub(super) fn naming() -> Naming {
    endpoints()
        .short_bounds(true)
        .family(
            "http_requests_total",
            named("http_requests_total", "Total number of HTTP requests"),
        )
        .family(
            "http_request_duration_seconds",
            named(
                "http_requests_duration_seconds",
                "HTTP request duration in seconds for all requests",
            )
            .buckets(BUCKETS),
        )
}

fn named(name: &str, help: &str) -> Family {
    Family::new().name_within(NAMESPACE, name).help(help)
}
