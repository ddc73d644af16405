//! The presets, as data.

mod ahsp;
mod apex;
mod inventory;
mod otel_semconv;
mod primepre;
mod smart_dairy;

use super::{FamilyNaming as Family, Naming, Preset};

pub(super) fn naming(preset: Preset) -> Naming {
    match preset {
        Preset::Canonical => Naming::default(),
        Preset::Primepre => primepre::naming(),
        Preset::SmartDairy => smart_dairy::naming(),
        Preset::Ahsp => ahsp::naming(),
        Preset::Inventory => inventory::naming(),
        Preset::Apex => apex::naming(),
        Preset::OtelSemconv => otel_semconv::naming(),
        Preset::AxumPrometheus => axum_prometheus(),
        Preset::ActixWebProm => actix_web_prom(),
    }
}

fn named(name: &str, help: &str) -> Family {
    Family::new().name(name).help(help)
}

/// Shown from the start.
fn on(help: &str) -> Family {
    Family::new().help(help).on()
}

fn endpoints() -> Naming {
    Naming::default().label("route", "endpoint").label("status_code", "status")
}

fn axum_prometheus() -> Naming {
    endpoints()
        .family("http_requests_total", Family::new().name("axum_http_requests_total"))
        .family(
            "http_request_duration_seconds",
            Family::new().name("axum_http_requests_duration_seconds"),
        )
        .family("http_requests_in_flight", Family::new().name("axum_http_requests_pending"))
}

fn actix_web_prom() -> Naming {
    endpoints()
        .family("http_requests_total", Family::new().help("Total number of HTTP requests"))
        .family(
            "http_request_duration_seconds",
            named(
                "http_requests_duration_seconds",
                "HTTP request duration in seconds for all requests",
            ),
        )
}
