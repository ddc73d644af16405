//! The assembly of obs-*: one configuration, every signal in one order, one handle.
//!
//! Applications get all of this from an adapter such as `obs-axum`, under the same names.
//!
//! ```
//! use obs_stack::{Endpoint, Settings, Setup};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let obs = Setup::new(Settings::default()).with_service_name("orders").build();
//! obs.check("database", || async { Ok::<(), std::io::Error>(()) });
//! let answer = obs.answer(Endpoint::Ready, &()).await;
//! assert_eq!(answer.status, 200);
//! # }
//! ```
//!
//! # Features
//!
//! Each signal is a feature: `metrics`, `health`, `logging`, `tracing`, `errors`; so is `admin`, the
//! listener of its own for metrics and health ([`AdminSettings`]). All are on by default. Without one, its settings, methods and endpoints do not exist, and **its variables are
//! ignored**. Those of export, `OTEL_EXPORTER_…`, `OBS_EXPORT_…` and
//! `OBS_PUSHGATEWAY_…`, belong to the feature `export`, which `tracing` and `errors` bring along; with
//! `metrics` alone it is yours to add. What each costs is in the table
//! of `obs-axum`.
//!
//! # Numbers
//!
//! Metrics are pulled from `/metrics`; besides, [`Setup::install`] sends them by OTLP or pushes them to
//! a gateway if the environment says where; the interval 0 of `OBS_PUSHGATEWAY_INTERVAL_MS` is a push
//! at the end only. With nothing to export no thread is started. [`Obs::finish`] sends and pushes a
//! last time, so that a job that lives for milliseconds leaves its numbers.
//!
//! The process is always among them, and the tokio runtime on which `install` or an adapter's `serve`
//! is called. With actix-web that is the runtime of the main thread: those of its workers, one for
//! each, are not shown.
//!
//! `OBS_METRICS_SPLIT_BUSINESS` moves the families of the business and of the application to
//! `/business-metrics`, which must be scraped as well then. What is sent or pushed is everything.
//!
//! `native-histograms` and `prometheus-client` are parts of `metrics` that are not on by default: the
//! table of `obs-metrics` has them.
//!
//! # Gauges and routes
//!
//! [`Obs::every`] sets gauges whose values have to be queried, now and on a schedule, until the
//! shutdown begins. [`Obs::declare_route`] shows a route before its first request, so that the first one
//! is an increase.
//!
//! ```
//! use std::time::Duration;
//!
//! use obs_metrics::queue_depth;
//! use obs_stack::{Settings, Setup};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! # async fn waiting() -> Result<u64, std::io::Error> { Ok(3) }
//! let obs = Setup::new(Settings::default()).build();          // in a service, the installed one
//! obs.every(Duration::from_secs(15), "emails", || async {
//!     queue_depth!("emails", waiting().await?);
//!     Ok::<(), std::io::Error>(())
//! });
//! obs.declare_route("POST", "/orders");
//! # let shown = obs.metrics().render(obs_metrics::Format::Text);
//! # assert!(shown.contains("route=\"/orders\",status_code=\"200\"} 0\n"), "{shown}");
//! # }
//! ```
//!
//! # Environment
//!
//! The most used variables; `docs/reference/environment.md` has all of them, and
//! [`VARIABLES`](obs_core::config::VARIABLES) has them as data.
//!
//! | variable | default | allowed |
//! |---|---|---|
//! | `OTEL_SERVICE_NAME` | name of the executable | any text |
//! | `OBS_ENVIRONMENT` | `development` | any text |
//! | `OBS_METRICS_BUCKETS` | of the preset, else 16 bounds, 0.0005 to 10 | ascending seconds |
//! | `OBS_METRICS_PRESET` | `canonical` | `canonical`, `primepre`, `smart_dairy`, `ahsp`, `inventory`, `apex`, `otel_semconv`, `axum_prometheus`, `actix_web_prom` |
//! | `RUST_LOG` | `info` | levels and `target=level`, separated by commas |
//! | `OBS_LOG_FORMAT` | `auto` | `auto`, `json`, `console` |
//! | `OTEL_TRACES_SAMPLER` | `parentbased_always_on` | `always_on`, `always_off`, `traceidratio`, `parentbased_always_on`, `parentbased_always_off`, `parentbased_traceidratio` |
//! | `OTEL_EXPORTER_OTLP_ENDPOINT`, `OTEL_ENDPOINT` | none: no export | an `http` or `https` URL; over HTTP `/v1/traces` or `/v1/metrics` is added |
//! | `SENTRY_DSN` | none: off | `https://KEY@HOST/PROJECT`, also `http`; secret |
//! | `OBS_SHUTDOWN_DELAY_MS` | 3000 | 0 to 600000 |
//! | `OBS_SHUTDOWN_TIMEOUT_MS` | 25000 | 1 to 600000 |
//! | `OBS_ENDPOINTS_PREFIX` | empty | a path such as `/internal` |
//! | `OBS_ADMIN_ADDR` | none: every endpoint is on the application's port | an IP address and a port, such as `127.0.0.1:9464` |
//! | `OBS_ADMIN_TOKEN_FILE` | none | the path of a file with a token |
//! | `OBS_ADMIN_PUBLIC` | `false` | `true`, `false` |
//!
//! Variables that begin with `OBS_` are read strictly: every value that cannot be used is named in one
//! error, and an unknown name is a warning with the nearest known one. Variables of others, such as
//! `OTEL_*`, `RUST_LOG` and `SENTRY_*`, are read as their owner's specification says: what cannot be
//! used is a warning, written to the log by [`Setup::install`]. `OBS_STRICT=true` makes all of it an
//! error.
//!
//! # What it does not do
//!
//! It contains no logic of a signal, and knows no framework.

#[cfg(feature = "admin")]
mod admin;
pub mod api;
mod drive;
mod endpoint_answer;
mod endpoints;
mod listeners;
mod obs;
#[cfg(feature = "metrics")]
mod refresh;
mod settings;
mod setup;
mod signals;
mod stack;
mod terminate;

#[cfg(feature = "admin")]
pub use self::admin::AdminSettings;
pub use self::endpoint_answer::{Body, Chunks, EndpointAnswer};
pub use self::endpoints::{Endpoint, Endpoints};
pub use self::obs::Obs;
pub use self::settings::{Settings, ShutdownSettings};
pub use self::setup::{InstallError, Setup};
pub use self::stack::{Open, Stack};
