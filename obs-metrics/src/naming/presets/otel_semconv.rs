use super::{Family, Naming, named};

const BUCKETS: [f64; 14] =
    [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];

/// [HTTP metrics](https://opentelemetry.io/docs/specs/semconv/http/http-metrics/), as Prometheus
/// names them.
pub(super) fn naming() -> Naming {
    Naming::default()
        .label("method", "http_request_method")
        .label("route", "http_route")
        .label("status_code", "http_response_status_code")
        .other_method("_OTHER")
        .family("http_requests_total", Family::new().off())
        .family("http_errors_total", Family::new().off())
        .family(
            "http_request_duration_seconds",
            named("http_server_request_duration_seconds", "Duration of HTTP server requests.")
                .with("error_type")
                .buckets(BUCKETS),
        )
        .family(
            "http_requests_in_flight",
            named("http_server_active_requests", "Number of active HTTP server requests."),
        )
}
