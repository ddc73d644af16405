use std::fmt;
use std::str::FromStr;

/// A set of names that dashboards and alerts exist for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Preset {
    /// Our own names.
    #[default]
    Canonical,
    /// PRIMEPRE: `primepre_…`, labels `endpoint` and `status`.
    Primepre,
    /// Smart Dairy: HTTP as ours, business families `smart_dairy_…`, money in BDT.
    SmartDairy,
    /// AHSP: labels `endpoint` and `status`, durations without a status.
    Ahsp,
    /// Inventory Manager: `inventory_…`.
    Inventory,
    /// APEX: labels `endpoint` and `status`, business families `apex_…`.
    Apex,
    /// The [semantic conventions](https://opentelemetry.io/docs/specs/semconv/http/http-metrics/) of
    /// OpenTelemetry, in the form that Prometheus gives them.
    OtelSemconv,
    /// What `axum-prometheus` shows, so that its dashboards go on.
    AxumPrometheus,
    /// What `actix-web-prom` shows, so that its dashboards go on.
    ActixWebProm,
}

impl Preset {
    /// All of them, with the names that `OBS_METRICS_PRESET` takes.
    pub const ALL: [(Self, &str); 9] = [
        (Self::Canonical, "canonical"),
        (Self::Primepre, "primepre"),
        (Self::SmartDairy, "smart_dairy"),
        (Self::Ahsp, "ahsp"),
        (Self::Inventory, "inventory"),
        (Self::Apex, "apex"),
        (Self::OtelSemconv, "otel_semconv"),
        (Self::AxumPrometheus, "axum_prometheus"),
        (Self::ActixWebProm, "actix_web_prom"),
    ];
}

impl fmt::Display for Preset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = Self::ALL.iter().find(|(preset, _)| preset == self).map(|(_, name)| *name);
        f.write_str(name.unwrap_or_default())
    }
}

/// No preset has that name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no preset is called {name:?}: there are {}", known())]
pub struct UnknownPreset {
    name: String,
}

fn known() -> String {
    Preset::ALL.map(|(_, name)| name).join(", ")
}

impl FromStr for Preset {
    type Err = UnknownPreset;

    /// Whatever the case, with `-` for `_` if you like.
    fn from_str(name: &str) -> Result<Self, UnknownPreset> {
        let wanted = name.trim().to_ascii_lowercase().replace('-', "_");
        let found = Self::ALL.iter().find(|(_, name)| *name == wanted);
        found.map(|(preset, _)| *preset).ok_or_else(|| UnknownPreset { name: name.to_owned() })
    }
}
