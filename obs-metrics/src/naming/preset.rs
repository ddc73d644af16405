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
    /// What `axum-prometheus` 0.10 shows, so that its dashboards go on:
    /// `axum_http_requests_total` and `axum_http_requests_duration_seconds` with `method`, `status`
    /// and `endpoint`, and `axum_http_requests_pending`; its help texts and buckets. To switch, take
    /// its layer and its route `/metrics` out, and instead:
    ///
    /// ```
    /// # use obs_metrics::{MetricsSettings, Naming, Preset};
    /// # let mut settings = MetricsSettings::default();
    /// // let obs = Obs::from_env()?.with_settings(|settings| settings.metrics.naming = …).install()?;
    /// settings.naming = Naming::preset(Preset::AxumPrometheus); // or OBS_METRICS_PRESET
    /// // let app = app.observe(&obs);
    /// ```
    ///
    /// [`Naming::namespace`](super::Naming::namespace) is its `with_prefix`. `cargo xtask full compat`
    /// asks a Prometheus the same of both. What differs, on purpose:
    ///
    /// - a request without a route has the endpoint `unknown`, not its path, which anybody can choose;
    /// - an unusual method is `OTHER`, not an empty label;
    /// - a panic counts as 500, and a client that leaves before the headers as 499: neither counts
    ///   there;
    /// - a duration ends with the response's body, not with its headers. Streams are counted, not timed;
    /// - requests in flight have no labels: a sum over them is the same;
    /// - requests to `/metrics` and the other endpoints do not count;
    /// - sizes of responses are not shown;
    /// - it shows more: errors, exceptions, slow requests, in the labels of this preset.
    AxumPrometheus,
    /// What `actix-web-prom` 0.10 shows, so that its dashboards go on: `http_requests_total` and
    /// `http_requests_duration_seconds` with `endpoint`, `method` and `status`; its help texts and
    /// buckets. To switch, take its middleware out, and instead:
    ///
    /// ```
    /// # use obs_metrics::{MetricsSettings, Naming, Preset};
    /// # let mut settings = MetricsSettings::default();
    /// // As `PrometheusMetricsBuilder::new("api")`; or OBS_METRICS_PRESET and OBS_METRICS_NAMESPACE.
    /// settings.naming = Naming::preset(Preset::ActixWebProm).namespace("api");
    /// // App::new().wrap(obs.middleware()).configure(obs.routes())
    /// ```
    ///
    /// The namespace goes before all other names too. `cargo xtask full compat` asks a Prometheus the
    /// same of both. What differs, on purpose:
    ///
    /// - a request without a route has the endpoint `unknown`, as with `mask_unmatched_patterns`, not
    ///   its path, which anybody can choose;
    /// - an unusual method is `OTHER`, not whatever the client sent;
    /// - a panic counts as 500, an error of a middleware further in with its status, and a handler that
    ///   was cancelled as 499: none of them counts there;
    /// - streams are counted, not timed;
    /// - requests to `/metrics` and the other endpoints do not count;
    /// - there is no label for the version of HTTP, and no parameter of a path in a label;
    /// - `exclude`, `exclude_regex` and `exclude_status` have no counterpart: every route and status counts.
    ///   Prometheus drops series that you do not want, with `metric_relabel_configs`;
    /// - labels that all series have (`const_labels`) are Prometheus' to add: `labels` of the target;
    /// - `process_*` have help texts of their own;
    /// - it shows more: errors, exceptions, slow requests, requests in flight.
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
#[error("unknown preset {name:?}: expected one of {}", known())]
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
