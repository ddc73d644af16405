//! The presets, as data.

mod actix_web_prom;
mod axum_prometheus;

use super::{FamilyNaming as Family, Naming, Preset};

const SLOW_API: [f64; 10] = [0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 2.5, 5.0, 10.0];
const SLOW_API_STRICT: [f64; 9] = [0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
const DAIRY_API: [f64; 7] = [0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0];
const DAIRY_API_STRICT: [f64; 6] = [0.1, 0.5, 1.0, 2.0, 5.0, 10.0];

pub(super) fn naming(preset: Preset) -> Naming {
    match preset {
        Preset::Canonical => Naming::default(),
        Preset::Primepre => primepre(),
        Preset::SmartDairy => smart_dairy(),
        Preset::Ahsp => ahsp(),
        Preset::Inventory => inventory(),
        Preset::Apex => apex(),
        Preset::OtelSemconv => otel_semconv(),
        Preset::AxumPrometheus => axum_prometheus::naming(),
        Preset::ActixWebProm => actix_web_prom::naming(),
    }
}

fn named(name: &str, help: &str) -> Family {
    Family::new().name(name).help(help)
}

fn endpoints() -> Naming {
    Naming::default().label("route", "endpoint").label("status_code", "status")
}

fn primepre() -> Naming {
    endpoints()
        .family(
            "http_requests_total",
            named("primepre_api_requests_total", "Total number of API requests").off(),
        )
        .family(
            "http_request_duration_seconds",
            named("primepre_api_request_duration_seconds", "API request duration")
                .buckets(SLOW_API)
                .strict_buckets(SLOW_API_STRICT),
        )
        .family("http_errors_total", named("primepre_api_errors_total", "Total API errors"))
}

fn smart_dairy() -> Naming {
    Naming::default()
        .currency("bdt")
        .family("http_requests_total", Family::new().help("Total number of HTTP requests"))
        .family(
            "http_request_duration_seconds",
            Family::new()
                .help("Duration of HTTP requests in seconds")
                .buckets(DAIRY_API)
                .strict_buckets(DAIRY_API_STRICT),
        )
        .family("http_errors_total", Family::new().off())
}

fn ahsp() -> Naming {
    endpoints().family("http_request_duration_seconds", Family::new().without("status_code"))
}

fn inventory() -> Naming {
    endpoints()
        .family(
            "http_requests_total",
            named("inventory_requests_total", "Total number of requests"),
        )
        .family(
            "http_request_duration_seconds",
            Family::new().name("inventory_request_duration_seconds").without("status_code"),
        )
        .family("http_errors_total", Family::new().off())
}

fn apex() -> Naming {
    endpoints()
        .family("http_request_duration_seconds", Family::new().without("status_code"))
        .family("http_errors_total", Family::new().off())
}

/// [HTTP metrics](https://opentelemetry.io/docs/specs/semconv/http/http-metrics/), as Prometheus
/// names them.
fn otel_semconv() -> Naming {
    Naming::default()
        .label("method", "http_request_method")
        .label("route", "http_route")
        .label("status_code", "http_response_status_code")
        .family("http_requests_total", Family::new().off())
        .family(
            "http_request_duration_seconds",
            named("http_server_request_duration_seconds", "Duration of HTTP server requests."),
        )
        .family(
            "http_requests_in_flight",
            named("http_server_active_requests", "Number of active HTTP server requests."),
        )
}
