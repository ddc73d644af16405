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
//! **Who sees it**: by default `/metrics`, `/metrics/summary`, `/metrics/cardinality` and `/health` are on
//! the application's port, for each of its clients. `OBS_ADMIN_ADDR=127.0.0.1:9464` moves them to a port of
//! their own: see [`AdminSettings`].
//!
//! # Emits
//!
//! The metrics of [`obs-metrics`](metrics), for every request exactly once, from its arrival to
//! the end of the response body: also when the client leaves, the body fails or the handler panics.
//! Responses carry `x-request-id`, also errors and panics. An installed handle also writes one access
//! line per request to standard output, exports sampled spans if `OTEL_EXPORTER_OTLP_ENDPOINT` is set,
//! and reports server errors and panics if `SENTRY_DSN` is: with all [features](#features), the default.
//!
//! | endpoint | answers |
//! |---|---|
//! | `/metrics` | Prometheus text 0.0.4, or OpenMetrics 1.0.0 if `Accept` prefers it |
//! | `/metrics/summary` | requests, errors and times by route, as JSON |
//! | `/metrics/cardinality` | how many series there are, may be and would be, as JSON |
//! | `/business-metrics` | with `OBS_METRICS_SPLIT_BUSINESS`: the business, which `/metrics` does not have then |
//! | `/live` | 200 while the process answers |
//! | `/startup` | 503 until `/ready` was 200 for the first time, then 200 |
//! | `/ready` | 200, or 503 while a critical check fails or the service drains |
//! | `/health` | the whole report as JSON |
//!
//! [`Endpoints`] and `OBS_ENDPOINTS_PREFIX` leave them out or move them.
//!
//! # Features
//!
//! Each signal is a feature, and all of them are on. A signal that is left out is not compiled, and neither
//! is what only it needs: `obs-axum = { default-features = false, features = ["metrics"] }`.
//!
//! | feature | gives | crates |
//! |---|---|---|
//! | none | the lifecycle: request ids, panics answered, drain | 55, of which axum is most |
//! | `metrics` | `/metrics`, [`Obs::metrics`], [`Obs::add_source`], [`metrics::define_metrics!`]; measures what drivers report | +23 |
//! | `health` | `/live`, `/startup`, `/ready`, `/health`, [`Obs::check`], [`Obs::health`] | +7 |
//! | `logging` | lines on standard output, the access line, `RUST_LOG` | +11 |
//! | `tracing` | `traceparent`, trace ids, spans by OTLP | +54 |
//! | `errors` | events of the Sentry protocol, the messages of panics | +54 |
//! | `export` | on with `tracing` or `errors`; with `metrics`: metrics by OTLP, and pushed to a gateway | +49 |
//! | `admin` | [`AdminSettings`]: a port of its own for metrics and health | +1 |
//! | all, the default | | +78 |
//! | `native-histograms`, not by default | Prometheus' protobuf format at `/metrics`, with native histograms | `metrics` +6 |
//! | `prometheus-client`, not by default | `metrics::interop::prometheus_client`: your own registry at `/metrics` | `metrics` +14 |
//!
//! The crates are those of `cargo tree --edges normal`, all of them counted once; `cargo xtask
//! features` prints them and runs each choice.
//!
//! What one signal has from another:
//!
//! - without `tracing`, lines and error events have a request id and no trace id;
//! - without `errors`, the access line of a panic does not say what the panic said; standard error
//!   does;
//! - without `logging` or `tracing`, [`Setup::install`] sets no `tracing` subscriber. With `tracing`
//!   alone it sets one for the spans of the application, from INFO up; if there is one already, only
//!   the spans of requests and jobs are exported;
//! - without `logging`, what the library itself has to say is on standard error.
//!
//! The settings and methods of a signal exist only with its feature. **Environment variables of a
//! signal that is left out are ignored**, such as `SENTRY_DSN` without `errors`: the same environment
//! serves any choice.
//!
//! # Your own layers, loggers and subscribers
//!
//! What you already have in your `tracing` subscriber can stay, in one of two ways. `RUST_LOG` filters our
//! lines and spans; your layers see everything, unless you give them a filter with `with_filter`.
//!
//! [`Setup::install`] sets the subscriber, with your layers in it:
//!
//! ```no_run
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let error_layer = tracing_subscriber::layer::Identity::new();
//! # let file_layer = tracing_subscriber::layer::Identity::new();
//! let obs = obs_axum::Obs::from_env()?
//!     .with_layer(error_layer)                   // such as tracing_error::ErrorLayer::default()
//!     .with_layer(file_layer)                    // such as fmt::layer().with_writer(file)
//!     .install()?;
//! # Ok(())
//! # }
//! ```
//!
//! or you set it, with our layer in it:
//!
//! ```no_run
//! use tracing_subscriber::layer::SubscriberExt;
//! use tracing_subscriber::util::SubscriberInitExt;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let error_layer = tracing_subscriber::layer::Identity::new();
//! let (obs, layer) = obs_axum::Obs::from_env()?.install_without_subscriber()?;
//! tracing_subscriber::registry().with(layer).with(error_layer).init();
//! # Ok(())
//! # }
//! ```
//!
//! | you have | it |
//! |---|---|
//! | `tracing_error::ErrorLayer`, `sentry_tracing::layer()`, `tracing_opentelemetry::layer()`, a file by tracing-appender, `console_subscriber` | stays, as a layer |
//! | `fmt::layer()` to standard output | goes: every line would be there twice |
//! | a bare `EnvFilter` or `LevelFilter` as a layer | filters for all layers, ours too: put it on the layer it is for, by `with_filter` |
//! | `LogTracer::init()` | goes: records of the `log` crate become lines by themselves |
//! | env_logger or another logger of the `log` crate | goes, or keeps the records: with `OBS_LOG_CRATE=false` no warning says so |
//! | `.init()` of a subscriber without our layer | before [`Setup::install`] that is an error, after it `.init()` panics: use one of the two ways above |
//! | a layer that makes a span or a line for each request, such as `tower_http::trace::TraceLayer` | may stay, inside of `observe`; you then have two of each |
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
//! use obs_axum::metrics::queue_depth;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! # async fn waiting() -> Result<u64, std::io::Error> { Ok(3) }
//! # let obs = obs_axum::Setup::new(Default::default()).build();
//! obs.every(Duration::from_secs(15), "emails", || async {
//!     queue_depth!("emails", waiting().await?);
//!     Ok::<(), std::io::Error>(())
//! });
//! obs.declare_route("POST", "/orders");
//! # let shown = obs.metrics().render(obs_axum::metrics::Format::Text);
//! # assert!(shown.contains("route=\"/orders\",status_code=\"200\"} 0\n"), "{shown}");
//! # }
//! ```
//!
//! # Outgoing calls
//!
//! [`observe_call`] observes a query, a command or a request to another service: its duration in
//! the metrics of its kind, a client span if the trace is kept, a line if it was slow, a count on the
//! access line, and a breadcrumb in the error event of the request.
//!
//! ```
//! use obs_axum::{CallSite, observe_call};
//!
//! static FIND: CallSite = CallSite::database("postgresql", "SELECT", "orders");
//!
//! # async fn find(_: u64) -> Result<u64, std::io::Error> { Ok(7) }
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), std::io::Error> {
//! let order = observe_call(&FIND, find(42)).await?;
//! # Ok(()) }
//! ```
//!
//! By hand, with the headers that let the called service continue the trace:
//!
//! ```
//! use axum::http::HeaderMap;
//! use obs_axum::{Call, CallSite};
//!
//! static CHARGE: CallSite = CallSite::http("POST", "payment-gateway");
//!
//! # async fn send(_: HeaderMap) -> Result<u16, std::io::Error> { Ok(200) }
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let mut call = Call::begin(&CHARGE);
//! call.server("pay.example.com", 443);
//! let mut headers = HeaderMap::new();
//! call.inject(&mut headers);             // or obs_axum::inject, outside of a call
//! let status = send(headers).await;
//! if let Ok(status) = &status {
//!     call.http_status(*status);         // from 400 on the call has failed
//! }
//! call.end(&status);
//! # }
//! ```
//!
//! A call that is dropped before its end was cancelled. In a request it belongs to the handle of the
//! request; outside to the one that is named with [`CallSite::with`], else to the installed one.
//!
//! # Routes
//!
//! The label `route` is the pattern that matched; a request without one is `unknown`. A router inside
//! `nest_service` that is observed as well says its own pattern. Another service mounted with
//! `nest_service` has none: wrap it in [`named`], or call [`RequestContext::set_route`].
//!
//! # Tasks and websockets
//!
//! [`spawn`], [`spawn_blocking`] and [`in_context`] carry the context of the request into a task: its lines
//! have the request's ids, and its panic is reported with them. The callback of an upgrade runs in a task
//! that axum spawns; [`upgraded`] does the same for it, and counts the connection in
//! `http_upgraded_connections` while it is open. The request itself ends with its headers.
//!
//! ```
//! # use axum::response::{IntoResponse, Response};
//! # struct WebSocket;
//! # struct WebSocketUpgrade;
//! # impl WebSocketUpgrade {
//! #     fn on_upgrade<C, F>(self, _: C) -> Response
//! #     where
//! #         C: FnOnce(WebSocket) -> F + Send + 'static,
//! #         F: Future<Output = ()> + Send + 'static,
//! #     {
//! #         ().into_response()
//! #     }
//! # }
//! use obs_axum::{spawn, upgraded};
//!
//! async fn chat(socket: WebSocketUpgrade) -> Response {
//!     spawn(async { /* it may outlive the request */ });
//!     socket.on_upgrade(upgraded(|socket: WebSocket| async move { /* talk */ }))
//! }
//! # let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
//! # runtime.block_on(chat(WebSocketUpgrade));
//! ```
//!
//! # Two ports
//!
//! `OBS_ADMIN_ADDR` moves the metrics and `/health` to a port of their own. Routers of your own on several
//! ports share one handle: each observes its own requests, and a signal drains all of them. One of them
//! needs the endpoints:
//!
//! ```
//! use axum::{Router, routing::get};
//! use obs_axum::{Endpoints, Obs, Observe, Serve};
//! use tokio::net::TcpListener;
//!
//! # async fn serve(obs: Obs) -> std::io::Result<()> {
//! let probes = Endpoints::new().without_metrics().without_health();
//! let public = Router::new().route("/", get(|| async { "hello" })).observe_with(&obs, probes);
//! let internal = Router::new().route("/orders", get(|| async { "all" })).observe(&obs);
//! tokio::try_join!(
//!     obs.serve(TcpListener::bind("0.0.0.0:8080").await?, public),
//!     obs.serve(TcpListener::bind("127.0.0.1:8081").await?, internal),
//! )?;
//! # Ok(())
//! # }
//! ```
//!
//! # Other servers and services
//!
//! [`Obs::drive`] drains any server that is a future and can be asked to stop; [`Serve::serve`] is this for
//! `axum::serve`. A tower service that is no axum router, such as tonic's, takes the plain layer of obs-core.
//! Depend on `obs-stack` and on `obs-kit-core` with the feature `tower`, under the name `obs-core`; for
//! services that are not gRPC take `HttpFacts`.
//!
//! ```
//! use std::sync::Arc;
//!
//! use obs_axum::Obs;
//! use obs_core::tower::{GrpcFacts, ObserveLayer};
//! use obs_stack::Stack;
//!
//! fn layer(obs: &Obs) -> ObserveLayer<Stack, GrpcFacts> {
//!     // For `tonic::transport::Server::builder().layer(..)`.
//!     ObserveLayer::new(Arc::clone(obs.lifecycle()))
//! }
//! # layer(&obs_axum::Setup::new(Default::default()).build());
//! ```
//!
//! # Beside other layers
//!
//! `observe` comes last, so it is outside of every layer of the router. Take out what does the same a second
//! time: tower-http's `TraceLayer` writes two more lines per request and a span below the server span;
//! `SetRequestIdLayer` makes a second id, but a response that has the header already keeps it. Inside of
//! `CatchPanicLayer` a panic is still counted and reported as a panic. Timeouts, compression and
//! authentication belong inside: what they answer is observed.
//!
//! # Settings in code
//!
//! [`Setup::with_settings`] changes what the environment said, before anything runs:
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let levels = "info,my_crate=debug".parse()?;
//! let setup = obs_axum::Obs::from_env()?.with_settings(|settings| {
//!     settings.logging.levels = levels;
//!     settings.shutdown.delay = std::time::Duration::from_secs(2);
//! });
//! # drop(setup);
//! # Ok(())
//! # }
//! ```
//!
//! # The end
//!
//! [`Serve::serve`] drains: its page has `ConnectInfo` and services around the observed router. Several
//! listeners of one handle, such as a public and an internal port, drain together:
//!
//! ```
//! # use obs_axum::{Obs, Observed, Serve};
//! # use tokio::net::TcpListener;
//! # async fn f(obs: Obs, public: (TcpListener, Observed), internal: (TcpListener, Observed))
//! # -> std::io::Result<()> {
//! tokio::try_join!(obs.serve(public.0, public.1), obs.serve(internal.0, internal.1))?;
//! # Ok(())
//! # }
//! ```
//!
//! A server of your own goes into [`Obs::drive`]. Without either, call [`Obs::finish`] at the end;
//! [`Obs::flush`] delivers without ending anything, for functions that are frozen between two calls.
//!
//! # Calls to other services
//!
//! What goes with a call is in the request's context: where it stands in its trace, what other tracing
//! systems added to that, and the request id. Nothing is allocated to read it.
//!
//! ```
//! use obs_axum::RequestContext;
//!
//! # fn with_header(_: &str, _: &str) {}
//! if let Some(context) = RequestContext::current() {
//!     with_header("x-request-id", context.request_id().encode(&mut [0; 36]));
//!     if let Some(trace) = context.trace() {
//!         with_header("traceparent", trace.header().as_str());
//!     }
//!     if let Some(state) = context.trace_state() {
//!         with_header("tracestate", state.as_str());
//!     }
//! }
//! ```
//!
//! Services further in, behind a `Router` or a middleware that only see the request, find the id in its
//! headers with `OBS_REQUEST_ID_ON_REQUEST=true`.
//!
//! # What it does not do
//!
//! It measures, formats and decides nothing: it translates axum for obs-core and mounts endpoints.

/// The README's example.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;

mod context;
mod endpoints;
mod facts;
mod failure;
mod named;
mod observe;
mod observed;
mod serve;

pub use self::context::Context;
pub use self::failure::{Failure, Result, attach};
pub use self::named::{Named, named};
pub use self::observe::Observe;
pub use self::observed::Observed;
pub use self::serve::{Incoming, Serve};

pub use obs_core::tower::inject;
pub use obs_stack::api::*;
