//! RED metrics of HTTP services, written as Prometheus text and OpenMetrics.
//!
//! [`HttpMetrics`] observes exchanges; [`Metrics`] shows them together with every other
//! [`Source`](obs_core::Source) of the service. Applications use it through an adapter.
//!
//! ```
//! use obs_core::ServiceIdentity;
//! use obs_metrics::{Format, Metrics, MetricsSettings};
//!
//! let metrics = Metrics::new(&MetricsSettings::default(), &ServiceIdentity::default());
//! let text = metrics.render(Format::Text);
//! assert!(text.contains("http_requests_in_flight 0\n"));
//! ```
//!
//! # Emits
//!
//! | metric | type | unit | labels |
//! |---|---|---|---|
//! | `http_requests_total` | counter | requests | `method`, `route`, `status_code` |
//! | `http_request_duration_seconds` | histogram | seconds | `method`, `route`, `status_code` |
//! | `http_errors_total` | counter | requests | `route`, `error_type` = `client_error`, `server_error` |
//! | `exceptions_total` | counter | requests | `route`, `kind` = `error`, `panic` |
//! | `slow_requests_total` | counter | requests | `route` |
//! | `rate_limit_hits_total` | counter | requests | `route`, `category` |
//! | `http_requests_in_flight` | gauge | requests | |
//! | `obs_requests_aborted_total` | counter | responses | `outcome` = `body_error`, `cancelled_in_body` |
//! | `db_query_duration_seconds` | histogram | seconds | `query_type` |
//! | `db_errors_total` | counter | queries | |
//! | `external_request_duration_seconds` | histogram | seconds | `target`, `outcome` |
//! | `job_duration_seconds` | histogram | seconds | `job`, `outcome` |
//! | `build_info` | gauge, always 1 | | `version`, `revision`, `environment` |
//! | `obs_series_dropped_total` | counter | samples, look-ups | `family` |
//!
//! `route` is the matched pattern, `unknown` if none matched, `other` beyond
//! [`MetricsSettings::max_routes`]; an unusual method is `OTHER`. A client that left before the
//! headers counts as status 499, which is no error. Server-sent events, upgrades and routes marked
//! as streaming are counted, not timed.
//!
//! # What it does not do
//!
//! No spans, no log lines, no push: it answers scrapes.

mod build_info;
mod built_in;
pub mod business;
mod event;
mod exposition;
mod families;
mod governor;
mod http;
mod installed;
mod metrics;
mod naming;
mod number;
mod settings;
mod store;
pub mod technical;
mod timer;

pub use self::exposition::Format;
pub use self::families::{
    Capped, Counter, CounterHandle, Definition, DefinitionError, DefinitionFault, Families,
    FamilyDefinition, Gauge, GaugeHandle, Histogram, HistogramHandle, Label, LabelDefinition,
    LabelText, LabelValue, LabelValues, Labels, Scratch,
};
pub use self::governor::{
    Cardinality, FamilyCardinality, LabelCardinality, MAX_VALUE_BYTES, OTHER, RESERVE,
};
pub use self::http::{EndpointMetrics, HttpMetrics, MetricsReport, MetricsSummary};
pub use self::installed::{install, installed};
pub use self::metrics::Metrics;
pub use self::naming::{FamilyNaming, Naming, Preset, UnknownPreset};
pub use self::number::{Number, Seconds};
pub use self::settings::MetricsSettings;
pub use self::technical::time_query;
pub use self::timer::Timer;

/// What the macros call.
#[doc(hidden)]
pub mod __private {
    use crate::Metrics;

    pub use crate::business::events::*;
    pub use crate::technical::events::*;

    /// The process-wide handle.
    #[must_use]
    pub fn installed() -> Option<&'static Metrics> {
        crate::installed().map(|metrics| &**metrics)
    }

    /// A handle that the caller has.
    #[must_use]
    pub fn handle(metrics: &Metrics) -> Option<&Metrics> {
        Some(metrics)
    }
}
