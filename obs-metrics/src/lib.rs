//! Metrics of a service: of its HTTP requests, of its business, and of what it works with, written
//! as Prometheus text and OpenMetrics.
//!
//! [`HttpMetrics`] observes exchanges; macros record events; [`Metrics`] shows all of it together
//! with every other [`Source`](obs_core::Source) of the service. Applications use it through an
//! adapter.
//!
//! ```
//! use obs_core::ServiceIdentity;
//! use obs_metrics::business::{OrderType, PaymentMethod};
//! use obs_metrics::{Format, Metrics, MetricsSettings, order_created};
//!
//! let metrics = Metrics::new(&MetricsSettings::default(), &ServiceIdentity::default());
//! order_created!(handle: metrics, OrderType::B2b, PaymentMethod::Bkash, 1250.0);
//!
//! let text = metrics.render(Format::Text);
//! assert!(text.contains("http_requests_in_flight 0\n"));
//! assert!(text.contains("order_value_sum{order_type=\"b2b\"} 1250\n"));
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
//! | routes of requests | 1 000 | [`MetricsSettings::max_routes`] |
//! | series of requests | 20 000, and those of the route [`OTHER`] | [`MetricsSettings::max_series`], or ten for a route |
//! | bytes of an open label's value, and of a route | 128 | |
//! | combinations of closed labels kept by number | 4 096 | with more, as a family with an open label |
//!
//! [`Metrics::cardinality`] says what is used, and what was wanted.
//!
//! A series of requests takes about 1 KB, and about 390 bytes more for every further thread that counts
//! for it; one of a family 340 (a counter) to 470 bytes (a histogram of 12 buckets). With
//! `native-histograms` a series of requests takes 2 KB more per thread.
//!
//! # Emits
//!
//! From the start:
//!
//! | metric | type | unit | labels |
//! |---|---|---|---|
//! | `http_requests_total` | counter | requests | `method`, `route`, `status_code` |
//! | `http_request_duration_seconds` | histogram | seconds | `method`, `route`, `status_code`, on request `error_type` |
//! | `http_errors_total` | counter | errors | `route`, `error_type` = `client_error`, `server_error` |
//! | `exceptions_total` | counter | requests that failed with an error or a panic, and panics of the tasks that they spawned | `route`, `kind` = `error`, `panic` |
//! | `slow_requests_total` | counter | requests | `route` |
//! | `http_requests_in_flight` | gauge | requests | |
//! | `obs_requests_aborted_total` | counter | responses | `outcome` = `body_error`, `cancelled_in_body` |
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
//! | `obs_series_dropped_total` | counter | samples, look-ups, events | `family` |
//! | `obs_label_values` | gauge | values with series | `family`, `label`: the open ones |
//! | `obs_label_demand` | gauge | distinct values, estimated | the same |
//! | `obs_label_overflow_total` | counter | writes to `other` | the same |
//! | `obs_label_values_cut_total` | counter | writes with a long value | the same |
//! | `obs_values_refused_total` | counter | numbers that are not finite, negative observations | `family`: gauges and histograms |
//!
//! The last one is there once there is such a family. Routes of requests are such a label, too.
//!
//! `route` is the matched pattern, `unknown` if none matched, `other` beyond the budgets of routes and
//! of series; an unusual method is `OTHER`. A client that left before the
//! headers counts as status 499, which is no error. Server-sent events, upgrades and routes marked
//! as streaming are counted, not timed.
//!
//! Adapters observe requests. Without an adapter, report requests with [`HttpMetrics::record`], and
//! errors that no status shows with [`HttpMetrics::record_error`].
//!
//! `process_*` (Linux only) and `tokio_*` come from [`ProcessMetrics`] and [`TokioMetrics`], if you add
//! these as sources.
//!
//! From their first use, or from the start if [`Naming`] or a [`Preset`] says so:
//!
//! | metric | type | unit | labels | fed by |
//! |---|---|---|---|---|
//! | `orders_total` | counter | orders | `order_type`, `payment_method`, `status` | [`order_created!`], [`order_status!`] |
//! | `order_value` | histogram | money | `order_type` | [`order_created!`] |
//! | `payments_total` | counter | payments | `gateway`, `status`, `amount_range` | [`payment_processed!`] |
//! | `payment_value` | histogram | money | `gateway`, `status` | [`payment_processed!`] |
//! | `goods_received_total` | counter | goods | `warehouse`, `status` | [`goods_received!`] |
//! | `goods_processing_seconds` | histogram | seconds | `warehouse`, `operation` | [`goods_processing!`] |
//! | `warehouse_utilization_percent` | gauge | percent | `warehouse` | [`warehouse_utilization!`] |
//! | `inventory_items` | gauge | items | | [`inventory_items!`] |
//! | `active_users` | gauge | users | `user_type`, `time_window` | [`active_users!`] |
//! | `users_registered_total` | counter | users | `user_type` | [`user_registered!`] |
//! | `sessions_started_total` | counter | sessions | | [`session_started!`] |
//! | `session_duration_seconds` | histogram | seconds | | [`session_ended!`] |
//! | `product_views_total` | counter | views | `product_category`, on request `product_id` | [`product_viewed!`] |
//! | `add_to_cart_total` | counter | products | `product_category` | [`cart_added!`] |
//! | `cart_started_total`, `cart_abandoned_total` | counter | carts | | [`cart_started!`], [`cart_abandoned!`] |
//! | `conversion_funnel_total` | counter | times | `stage` | [`funnel_stage!`] |
//! | `workflow_executions_total` | counter | runs | `workflow_name`, `status` | [`workflow_executed!`] |
//! | `projects_created_total` | counter | projects | | [`project_created!`] |
//! | `projects_submitted_total` | counter | projects | `status` | [`project_submitted!`] |
//! | `deep_copies_total` | counter | projects | `status` | [`deep_copy_finished!`] |
//! | `calc_duration_seconds` | histogram | seconds | `kind` | [`calculation_timed!`] |
//! | `report_generation_duration_seconds` | histogram | seconds | | [`report_generated!`] |
//! | `exports_total` | counter | exports | `format`, `status` | [`export_finished!`] |
//! | `export_duration_seconds` | histogram | seconds | `format` | [`export_finished!`] |
//! | `auth_login_attempts_total` | counter | attempts | `status` | [`login_attempt!`] |
//! | `auth_login_failures_total` | counter | attempts | `reason` | [`login_failed!`] |
//! | `auth_password_resets_total` | counter | requests | `status` | [`password_reset!`] |
//! | `auth_account_lockouts_total` | counter | accounts | | [`account_locked!`] |
//! | `authz_access_denied_total` | counter | events | `resource`, `action`, `reason` | [`access_denied!`] |
//! | `authz_privilege_escalation_total` | counter | attempts | `from_role`, `to_role` | [`privilege_escalation!`] |
//! | `rate_limit_hits_total` | counter | hits | `route`, `category` | requests answered with 429, [`rate_limit_hit!`] |
//! | `db_query_duration_seconds` | histogram | seconds | `query_type` | drivers, [`db_query!`], [`time_query`] |
//! | `db_slow_queries_total` | counter | queries | `query_type` | the same |
//! | `db_errors_total` | counter | queries | on request `query_type` | the same, [`db_error!`] |
//! | `db_queries_per_request` | histogram | queries | `route` | the same, at the end of a request |
//! | `db_pool_connections` | gauge | connections | `state` = `used`, `idle`, `max` | [`Metrics::db_pool`] |
//! | `cache_hits_total`, `cache_misses_total` | counter | look-ups | on request `cache` | [`cache_hit!`], [`cache_miss!`] |
//! | `cache_operations_total` | counter | operations | `cache`, `op` | [`cache_operation!`], calls |
//! | `cache_operation_duration_seconds` | histogram | seconds | `cache`, `op` | calls |
//! | `queue_depth` | gauge | entries | `queue` | [`queue_depth!`] |
//! | `queue_oldest_age_seconds` | gauge | seconds | `queue` | [`queue_oldest_age!`] |
//! | `external_request_duration_seconds` | histogram | seconds | `target`, `outcome` | calls |
//! | `messaging_operation_duration_seconds` | histogram | seconds | `destination`, `outcome` | calls |
//! | `job_duration_seconds` | histogram | seconds | `job`, `outcome` | work without a request |
//! | `refresh_errors_total` | counter | runs | `refresh` | [`Metrics::refreshed`] |
//! | `refresh_last_success_timestamp_seconds` | gauge | seconds since 1970 | `refresh` | [`Metrics::refreshed`] |
//!
//! Money is in the currency of the [`Naming`], which ends the name: `order_value_eur`. Only if asked
//! for: `orders_created_total`, `payment_transactions_total`, `active_users_now`,
//! `cache_requests_total`, `pg_pool_used` and `pg_pool_total` count the same under the names of
//! before. [`Metrics::catalog`] has all of it as data.
//!
//! # Presets
//!
//! A [`Preset`] has the names that dashboards and alerts of a system know:
//! [`MetricsSettings::preset`], or `OBS_METRICS_PRESET`. What it does not name stays as in the tables
//! above; what it does is shown from the start, known values with 0.
//!
//! | preset | requests | labels | latency buckets | named besides |
//! |---|---|---|---|---|
//! | `Primepre` | `primepre_api_request_duration_seconds`, `primepre_api_errors_total`; `primepre_api_requests_total` on request | `endpoint`, `status` | 0.01, 0.05, 0.1, 0.25, 0.5, 1, **2**, 2.5, 5, 10 | goods, warehouses, workflows, active users, queries as `primepre_…` |
//! | `SmartDairy` | no `http_errors_total` | | 0.1, **0.25**, 0.5, 1, 2, 5, 10 | orders, payments, users, products, carts, funnel as `smart_dairy_…`, money in BDT; help texts of log-ins and access; on request `orders_created_total`, `payment_transactions_total`, `active_users` |
//! | `Ahsp` | durations without a status | `endpoint`, `status` | default | |
//! | `Inventory` | `inventory_requests_total`, `inventory_request_duration_seconds` without a status; no `http_errors_total` | `endpoint`, `status` | default | `inventory_items_total` (a gauge), `inventory_cache_hits_total`, `inventory_cache_misses_total`, `inventory_db_errors_total` |
//! | `Apex` | durations without a status; no `http_errors_total` | `endpoint`, `status` | default | projects, calculations, reports, pool, cache, queue as `apex_…`; no `cache_misses_total` |
//! | `OtelSemconv` | `http_server_request_duration_seconds`, `http_server_active_requests`; no `http_requests_total`, `http_errors_total` | `http_request_method`, `http_route`, `http_response_status_code`, `error_type` | of the conventions | |
//!
//! `inventory_items_total`, `apex_pg_pool_total` and, where it is turned on, `pg_pool_total` are gauges
//! that end in `_total`, since dashboards know them so. `promtool check metrics` fails for them;
//! Prometheus takes them.
//!
//! Bounds in bold are additions of ours, so that every alert threshold is a bucket bound.
//! [`Naming::strict_buckets`] leaves them out; under `Primepre` it also leaves out the bounds 10 and 30
//! of queries. Buckets from the settings win over those of the preset. Turn on a family that is off by
//! default with [`Naming::on`]; rename anything with [`Naming::family`]. Invalid names and unknown
//! families are errors of [`MetricsSettings::check`], and so of obs-stack's `install`.
//!
//! `OtelSemconv` has no `url_scheme`, which is unknown here, and no attributes on the number of active
//! requests. `error_type` is the status, from 500 on. An unknown route is `unknown`, not left out; a
//! client that left has the status 499.
//!
//! Frameworks know route patterns, not route names. If your dashboards use names, map patterns to
//! names with [`MetricsSettings::route_names`].
//!
//! # Macros
//!
//! They write to the handle that is [`install`]ed (obs-stack installs it), or to the handle that you pass:
//! `order_created!(handle: metrics, …)`. Without a handle they only evaluate their arguments, each
//! once. A label can be anything that implements [`Label`]: an enum of [`business`], your own
//! [`label_enum!`], a `&'static str`, or [`Capped::new`] around any text; every label is bounded.
//! Numbers can be of any type; times are a [`Duration`](std::time::Duration) or seconds.
//!
//! NaN, a negative value where a sum must not decrease, and a percentage out of bounds are dropped or
//! clamped, and counted in `obs_values_refused_total`. Nothing panics.
//!
//! If two families share a name, the first one registered wins. If your application registers its own
//! family before the first event, the macro's events are counted in `obs_series_dropped_total`. If it
//! registers the family after the first event, or if the preset or [`Naming::on`] shows the family from
//! the start, registering it is a [`DefinitionError`]. The name of a request family is always one.
//!
//! # Two endpoints
//!
//! By default one endpoint, `/metrics`, serves everything. With
//! [`split_business`](MetricsSettings::split_business) or `OBS_METRICS_SPLIT_BUSINESS=true` there are
//! two endpoints in the same format, and each family is served by one of them:
//!
//! | endpoint | [`Part`] | shows |
//! |---|---|---|
//! | `/business-metrics` | [`Part::Business`] | the families of [`business`], from `orders_total` to `authz_privilege_escalation_total`, and those that the application registers |
//! | `/metrics` | [`Part::Rest`] | requests, `rate_limit_hits_total` and all below it in the table, `process_*`, `tokio_*`, every added source, `obs_*` |
//!
//! **Both must be scraped then**, with a `ServiceMonitor` like this. What is exported or pushed is
//! everything, in any case.
//!
//! ```yaml
//! endpoints:
//!   - { port: http, path: /metrics }
//!   - { port: http, path: /business-metrics }
//! ```
//!
//! Names, limits and `obs_*` do not change: a name is unique across both endpoints, and `/metrics`
//! also reports on the business families, such as how many series they have. A slow source delays
//! `/metrics` only.
//!
//! If you mount endpoints without an adapter, request one part: [`Metrics::stream_part`].
//!
//! ```
//! use obs_core::ServiceIdentity;
//! use obs_metrics::{Format, Metrics, MetricsSettings, Part, session_started};
//!
//! let metrics = Metrics::new(&MetricsSettings::default(), &ServiceIdentity::default());
//! session_started!(handle: metrics);
//! let mut business = Vec::new();
//! metrics.scrape_part(Part::Business, Format::Text.into(), &mut |chunk| business.extend(chunk));
//! assert!(business.ends_with(b"\nsessions_started_total 1\n"));
//! ```
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
//! Most of what a service needs is in the [`prelude`].
//!
//! # What it does not do
//!
//! No spans, no log lines. It answers scrapes; that numbers are pushed is `obs-otlp`'s doing, for
//! which [`Metrics`] is a [`Source`](obs_core::Source) itself.

mod buckets;
mod build_info;
mod built_in;
// `prelude` names their macros: those that a macro made have no path within this crate.
#[macro_use]
pub mod business;
#[doc(hidden)]
pub mod define;
mod event;
mod exposition;
mod families;
mod governor;
mod http;
mod installed;
#[cfg(feature = "prometheus-client")]
pub mod interop;
mod metrics;
mod names;
mod naming;
mod number;
mod part;
mod pushed;
mod runtime;
mod scrape;
mod settings;
mod store;
#[macro_use]
mod technical;
pub mod prelude;
pub mod testing;
mod timer;

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
pub use self::number::{Number, Seconds};
pub use self::part::Part;
pub use self::runtime::{ProcessMetrics, TokioMetrics};
pub use self::settings::{MetricsSettings, SettingsError, SettingsErrors};
pub use self::technical::time_query;
pub use self::timer::Timer;
pub use obs_core::ErrorClass;

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
