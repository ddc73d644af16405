//! obs-* for axum: metrics, logs, traces, error events and probes with one line on a [`Router`](axum::Router).
//!
//! ```
//! use axum::{Router, routing::get};
//! use obs_axum::{Obs, Observe, Serve};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let obs = Obs::from_env()?.install()?;
//! obs.check("database", || async { Ok::<(), std::io::Error>(()) });           // optional
//! let app = Router::new()
//!     .route("/orders/{id}", get(|| async { "an order" }))
//!     .observe(&obs);                                                         // the one line
//! # obs.shutdown().begin();
//! # let obs = obs_axum::Setup::new(Default::default())
//! #     .with_settings(|settings| settings.shutdown.delay = std::time::Duration::ZERO).build();
//! # obs.shutdown().begin();
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
//! obs.serve(listener, app).await?;                                            // optional: drains
//! # Ok(())
//! # }
//! ```
//!
//! # Emits
//!
//! The metrics of [`obs-metrics`](obs_stack), for every request exactly once, from its arrival to
//! the end of the response body: also when the client leaves, the body fails or the handler panics.
//! Responses carry `x-request-id` and `traceresponse`, also errors and panics. An installed handle also writes one access
//! line per request to standard output, exports sampled spans if `OTEL_EXPORTER_OTLP_ENDPOINT` is set,
//! and reports server errors and panics if `SENTRY_DSN` is.
//!
//! | endpoint | answers |
//! |---|---|
//! | `/metrics` | Prometheus text 0.0.4, or OpenMetrics 1.0.0 if `Accept` prefers it |
//! | `/live` | 200 while the process answers |
//! | `/ready` | 200, or 503 while a critical check fails or the service drains |
//! | `/health` | the whole report as JSON |
//!
//! [`Endpoints`] and `OBS_ENDPOINTS_PREFIX` leave them out or move them.
//!
//! # Routes
//!
//! The label `route` is the pattern that matched; a request without one is `unknown`. A service
//! mounted with `nest_service` has none: wrap it in [`named`], or call
//! [`RequestContext::set_route`].
//!
//! # What it does not do
//!
//! It measures, formats and decides nothing: it translates axum for obs-core and mounts endpoints.

mod endpoints;
mod facts;
mod failure;
mod named;
mod observe;
mod observed;
mod serve;

pub use self::failure::{Failure, Result, add, attach};
pub use self::named::{Named, named};
pub use self::observe::Observe;
pub use self::observed::Observed;
pub use self::serve::Serve;

pub use obs_core::config::{ConfigError, Reader};
pub use obs_core::{
    CallKind, FieldValue, Panics, RequestContext, RequestId, Shutdown, observe_call, source, spawn,
    spawn_blocking,
};
pub use obs_health::Check;
pub use obs_stack::{Endpoint, Endpoints, InstallError, Obs, Settings, Setup};
