//! RED metrics of HTTP services and typed families of their own, written as Prometheus text and
//! OpenMetrics.
//!
//! [`HttpMetrics`] observes exchanges; [`Families`] keeps what the application counts; [`Metrics`]
//! shows them together with every other [`Source`](obs_core::Source) of the service. Applications use
//! it through an adapter.
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
//! # Families of the application
//!
//! [`Counter`], [`Gauge`] and [`Histogram`] have typed labels. A closed label (`bool`,
//! [`label_enum!`]) has known values: the series is found by a number. An open one (`&'static str`,
//! [`Capped`]) has a budget: beyond it, its value becomes [`OTHER`], once with a warning. Nothing that
//! is written is lost, and nothing grows without bound:
//!
//! | budget | default | setting |
//! |---|---|---|
//! | values of an open label | 100 | [`Definition::limit`], [`Capped`]'s `LIMIT`, [`MetricsSettings::max_label_values`] |
//! | series of a family with an open label | 1 000, and 64 with [`OTHER`] | [`Definition::max_series`], [`MetricsSettings::max_series_per_family`] |
//! | series of all these families | 20 000, and 64 per family | [`MetricsSettings::max_series`] |
//! | bytes of an open label's value | 128 | |
//! | combinations of closed labels kept by number | 4 096 | with more, as a family with an open label |
//!
//! [`Metrics::cardinality`] says what is used, and what was wanted.
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
//! | `process_cpu_seconds_total` | counter | seconds | |
//! | `process_resident_memory_bytes`, `process_virtual_memory_bytes` | gauge | bytes | |
//! | `process_open_fds`, `process_max_fds` | gauge | file descriptors | |
//! | `process_threads` | gauge | threads | |
//! | `process_start_time_seconds` | gauge | seconds since 1970 | |
//! | `tokio_workers` | gauge | threads | |
//! | `tokio_alive_tasks`, `tokio_global_queue_depth` | gauge | tasks | |
//! | `tokio_worker_busy_seconds_total` | counter | seconds | `worker` |
//! | `tokio_worker_parks_total` | counter | parks | `worker` |
//! | `obs_scrapes_total` | counter | renderings | `format` = `text`, `openmetrics`, `protobuf` |
//! | `obs_scrape_encode_seconds_total` | counter | seconds | |
//! | `obs_scrape_bytes_total` | counter | bytes, after compression | |
//! | `obs_source_panics_total` | counter | panics | |
//! | `obs_series` | gauge | series | `family` |
//! | `obs_series_dropped_total` | counter | samples, look-ups | `family` |
//! | `obs_label_values` | gauge | values with series | `family`, `label`: the open ones |
//! | `obs_label_demand` | gauge | distinct values, estimated | the same |
//! | `obs_label_overflow_total` | counter | writes to `other` | the same |
//! | `obs_label_values_cut_total` | counter | writes with a long value | the same |
//! | `obs_values_refused_total` | counter | numbers that are not finite | `family`: gauges and histograms |
//!
//! The last five are there once the application has such a family.
//!
//! `route` is the matched pattern, `unknown` if none matched, `other` beyond
//! [`MetricsSettings::max_routes`]; an unusual method is `OTHER`. A client that left before the
//! headers counts as status 499, which is no error. Server-sent events, upgrades and routes marked
//! as streaming are counted, not timed.
//!
//! `process_*` and `tokio_*` are those of [`ProcessMetrics`], on Linux, and [`TokioMetrics`], where
//! they are added as sources.
//!
//! # Features
//!
//! | feature | adds |
//! |---|---|
//! | `native-histograms` | `Representation::PROTOBUF`: Prometheus' protobuf format, for scrapers that ask for it, with native histograms besides the classic buckets |
//! | `prometheus-client` | `interop::prometheus_client`: a registry of the crate of this name is served too |
//!
//! # Your own metrics
//!
//! One typed line each, with [`define_metrics!`]; read back in your tests by a
//! [`Recorder`](testing::Recorder).
//!
//! ```
//! use obs_metrics::testing::Recorder;
//! use obs_metrics::{define_metrics, label_enum};
//!
//! label_enum! {
//!     /// How an order is paid.
//!     pub enum Payment { Bkash = "bkash", Card = "card" }
//! }
//!
//! define_metrics! {
//!     /// What the shop counts.
//!     pub struct Shop namespace("shop") {
//!         /// Orders placed.
//!         counter orders { payment: Payment, gift: bool };
//!         /// Value of an order, in taka.
//!         histogram order_value { payment: Payment } unit("bdt") buckets(100.0, 1000.0, 10_000.0);
//!     }
//! }
//!
//! let recorder = Recorder::new();                     // in a service: obs.metrics()
//! let shop = Shop::new(recorder.metrics())?;
//! shop.orders.inc((Payment::Bkash, false));
//! shop.order_value.observe(Payment::Bkash, 1250.0);
//! recorder.assert("shop_orders_total{payment='bkash'}", 1);
//! # Ok::<(), obs_metrics::DefinitionErrors>(())
//! ```
//!
//! A label is a type, so that a `String` or an id is an error of the compiler; what comes from a
//! request is wrapped in [`Capped`] and has a limit.
//!
//! # What it does not do
//!
//! No spans, no log lines. It answers scrapes; that numbers are pushed is `obs-otlp`'s doing, for
//! which [`Metrics`] is a [`Source`](obs_core::Source) itself.

mod build_info;
mod calls;
#[doc(hidden)]
pub mod define;
mod durations;
mod exposition;
mod families;
mod governor;
mod http;
mod installed;
#[cfg(feature = "prometheus-client")]
pub mod interop;
mod metrics;
mod naming;
mod pushed;
mod runtime;
mod scrape;
mod settings;
mod store;
pub mod testing;

pub use self::exposition::{Format, Representation};
pub use self::families::{
    Bounded, Capped, Counter, CounterHandle, Definition, DefinitionError, DefinitionErrors,
    DefinitionFault, Families, FamilyDefinition, Gauge, GaugeHandle, Histogram, HistogramHandle,
    Info, Label, LabelDefinition, LabelText, LabelValue, LabelValues, Labels, OneOf, Scratch,
};
pub use self::governor::{
    Cardinality, FamilyCardinality, LabelCardinality, MAX_VALUE_BYTES, OTHER, RESERVE,
};
pub use self::http::{EndpointMetrics, HttpMetrics, MetricsReport, MetricsSummary};
pub use self::installed::{install, installed};
pub use self::metrics::Metrics;
pub use self::naming::{FamilyNaming, Naming, Preset, UnknownPreset};
pub use self::runtime::{ProcessMetrics, TokioMetrics};
pub use self::settings::MetricsSettings;
