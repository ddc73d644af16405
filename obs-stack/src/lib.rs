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
//! [`Obs::every`] runs what sets a gauge that somebody has to look up, now and on a schedule, until the
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
//! | variable | default | allowed |
//! |---|---|---|
//! | `OTEL_SERVICE_NAME` | name of the executable | any text |
//! | `OTEL_RESOURCE_ATTRIBUTES` | | `service.version` and `deployment.environment.name` are used everywhere, all others in spans |
//! | `APP_VERSION`, `GIT_SHA` | | any text |
//! | `OBS_ENVIRONMENT` | `development` | any text |
//! | `OBS_REQUEST_ID_HEADER` | `x-request-id` | a header name |
//! | `OBS_REQUEST_ID_ACCEPT` | `true` | `true`, `false` |
//! | `OBS_REQUEST_ID` | `auto`: the trace id if the trace starts here, else an id of its own | `auto`, `trace` |
//! | `OBS_REQUEST_ID_ECHO` | `true` | `true`, `false` |
//! | `OBS_REQUEST_ID_ON_REQUEST` | `false` | `true`: inner services see the id in the request's headers; `false` |
//! | `OBS_TRACE_ID_ECHO` | `off` | `off`, `server-timing`, `traceresponse`, `both`; `true` is `traceresponse`, `false` is `off` |
//! | `OBS_TRUSTED_PROXIES` | `private`: this host and private networks | `private`, `all`, `none`, or addresses and networks, with commas: whose `Forwarded` and `X-Forwarded-Proto` say the scheme |
//! | `OBS_ON_PANIC` | `answer` | `answer`, `resume` |
//! | `OBS_METRICS_BUCKETS` | of the preset, else 13 bounds, 0.005 to 10 | ascending seconds |
//! | `OBS_METRICS_PRESET` | `canonical` | `canonical`, `primepre`, `smart_dairy`, `ahsp`, `inventory`, `apex`, `otel_semconv`, `axum_prometheus`, `actix_web_prom` |
//! | `OBS_METRICS_NAMESPACE` | | letters, digits and `_`, beginning with a letter and not ending in `_` |
//! | `OBS_METRICS_STRICT_BUCKETS` | `false` | `true`, `false` |
//! | `OBS_CURRENCY` | of the preset, else none | letters and digits, none of `total`, `count`, `sum`, `bucket`, `created`, `info`; beside `smart_dairy`, whose names have it, only `bdt` |
//! | `OBS_METRICS_MAX_ROUTES` | 1000 | 1 to 100000 |
//! | `OBS_METRICS_ZERO_STATUSES` | 200 and 500 | up to 16 statuses, with commas |
//! | `OBS_SLOW_REQUEST_MS` | 2000 | 1 to 3600000 |
//! | `OBS_SLOW_QUERY_MS` | 1000 | 1 to 3600000 |
//! | `OBS_METRICS_MAX_LABEL_VALUES` | 100 | 1 to 10000 |
//! | `OBS_METRICS_MAX_SERIES_PER_FAMILY` | 1000 | 1 to 100000 |
//! | `OBS_METRICS_MAX_SERIES` | 20000 | 1 to 1000000 |
//! | `OBS_METRICS_SPLIT_BUSINESS` | `false` | `true`, `false` |
//! | `RUST_LOG` | `info` | levels and `target=level`, separated by commas |
//! | `OBS_LOG_FORMAT` | `auto` | `auto`, `json`, `console` |
//! | `OBS_LOG_BUFFER_BYTES` | 1048576 | 4096 to 1073741824 |
//! | `OBS_ACCESS_LOG` | `true` | `true`, `false` |
//! | `NO_COLOR` | | anything turns colours off |
//! | `OTEL_TRACES_SAMPLER` | `parentbased_always_on` | `always_on`, `always_off`, `traceidratio`, `parentbased_always_on`, `parentbased_always_off`, `parentbased_traceidratio` |
//! | `OTEL_TRACES_SAMPLER_ARG` | the whole | a share of traces, from 0 up to 1, for the two ratios |
//! | `OTEL_SDK_DISABLED` | `false` | `true`, `false` |
//! | `OTEL_EXPORTER_OTLP_ENDPOINT`, `OTEL_ENDPOINT` | none: no export | an `http` or `https` URL; over HTTP `/v1/traces` or `/v1/metrics` is added |
//! | `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT` | none | the same, taken as it is |
//! | `OTEL_EXPORTER_OTLP_PROTOCOL`, `OTEL_EXPORTER_OTLP_TRACES_PROTOCOL`, `OTEL_EXPORTER_OTLP_METRICS_PROTOCOL` | `http/protobuf` | `grpc`, `http/protobuf` |
//! | `OTEL_EXPORTER_OTLP_HEADERS`, `OTEL_EXPORTER_OTLP_TRACES_HEADERS`, `OTEL_EXPORTER_OTLP_METRICS_HEADERS` | none | `name=value` pairs, values percent-encoded; secret |
//! | `OTEL_EXPORTER_OTLP_TIMEOUT`, `OTEL_EXPORTER_OTLP_TRACES_TIMEOUT`, `OTEL_EXPORTER_OTLP_METRICS_TIMEOUT` | 10000 | 1 to 600000 |
//! | `OTEL_EXPORTER_OTLP_COMPRESSION`, `OTEL_EXPORTER_OTLP_TRACES_COMPRESSION`, `OTEL_EXPORTER_OTLP_METRICS_COMPRESSION` | `none` | `gzip`, `none` |
//! | `OTEL_TRACES_EXPORTER`, `OTEL_EXPORTER` | `otlp` | `otlp`, `none` |
//! | `OTEL_METRICS_EXPORTER` | `none`: only pulled | `otlp`, `prometheus`, `none` |
//! | `OTEL_EXPORTER_OTLP_METRICS_ENDPOINT` | none | a URL, taken as it is; metrics are then exported without `OTEL_METRICS_EXPORTER` |
//! | `OTEL_METRIC_EXPORT_INTERVAL` | 60000 | 100 to 3600000 |
//! | `OTEL_METRIC_EXPORT_TIMEOUT` | 30000 | 1 to 600000 |
//! | `OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE` | `cumulative` | `cumulative`, `delta`, `lowmemory` |
//! | `OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION` | `explicit_bucket_histogram` | `explicit_bucket_histogram`, `base2_exponential_bucket_histogram` |
//! | `OBS_PUSHGATEWAY_URL` | none: no push | an `http` or `https` URL, with or without `user:password@` |
//! | `OBS_PUSHGATEWAY_JOB` | name of the service | any text |
//! | `OBS_PUSHGATEWAY_INSTANCE` | none | any text |
//! | `OBS_PUSHGATEWAY_INTERVAL_MS` | 0 | 0 to 3600000 |
//! | `OBS_EXPORT_QUEUE_BYTES` | 16777216 | 65536 to 1073741824 |
//! | `OBS_EXPORT_INTERVAL_MS` | 1000 | 10 to 60000 |
//! | `SENTRY_DSN` | none: off | `https://KEY@HOST/PROJECT`, also `http`; secret |
//! | `SENTRY_ENVIRONMENT` | that of the service | a name of at most 64 bytes |
//! | `SENTRY_RELEASE` | `name@version` of the service, else `name@revision` | a name of at most 200 bytes |
//! | `SENTRY_SAMPLE_RATE` | all | a share of errors, from 0 up to 1 |
//! | `OBS_ERRORS_MAX_PER_SECOND` | 20 | 1 to 1000 |
//! | `OBS_HEALTH_CHECK_TIMEOUT_MS` | 1000 | 1 to 60000 |
//! | `OBS_HEALTH_CACHE_MS` | 1000 | 0 to 600000 |
//! | `OBS_HEALTH_DETAIL` | `full` | `full`, `words` |
//! | `OBS_SHUTDOWN_DELAY_MS` | 3000 | 0 to 600000 |
//! | `OBS_SHUTDOWN_TIMEOUT_MS` | 25000 | 1 to 600000 |
//! | `OBS_ENDPOINTS_PREFIX` | empty | a path such as `/internal` |
//! | `OBS_ADMIN_ADDR` | none: every endpoint is on the application's port | an IP address and a port, such as `127.0.0.1:9464` |
//! | `OBS_ADMIN_TOKEN_FILE` | none | the path of a file with a token |
//! | `OBS_ADMIN_PUBLIC` | `false` | `true`, `false` |
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
