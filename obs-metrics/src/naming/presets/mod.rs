//! The presets, as data.

mod actix_web_prom;
mod ahsp;
mod apex;
mod axum_prometheus;
mod inventory;
mod otel_semconv;
mod primepre;
mod smart_dairy;

use super::{FamilyNaming as Family, Naming, Preset};

/// Upper bounds in seconds of the latencies of AHSP, Inventory and APEX.
const LATENCIES: [f64; 13] =
    [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.25, 0.5, 1.0, 2.0, 2.5, 5.0, 10.0];

pub(super) fn naming(preset: Preset) -> Naming {
    match preset {
        Preset::Canonical => Naming::default(),
        Preset::Primepre => primepre::naming(),
        Preset::SmartDairy => smart_dairy::naming(),
        Preset::Ahsp => ahsp::naming(),
        Preset::Inventory => inventory::naming(),
        Preset::Apex => apex::naming(),
        Preset::OtelSemconv => otel_semconv::naming(),
        Preset::AxumPrometheus => axum_prometheus::naming(),
        Preset::ActixWebProm => actix_web_prom::naming(),
    }
}

fn named(name: &str, help: &str) -> Family {
    Family::new().name(name).help(help)
}

/// Shown from the start.
fn on(help: &str) -> Family {
    Family::new().help(help).on()
}

/// Latencies of AHSP, Inventory and APEX.
fn latencies() -> Family {
    Family::new().without("status_code").buckets(LATENCIES)
}

fn endpoints() -> Naming {
    Naming::default().label("route", "endpoint").label("status_code", "status")
}
