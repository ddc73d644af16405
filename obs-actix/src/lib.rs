//! obs-* for actix-web: metrics, logs, traces, error events and probes with one line on an [`App`](actix_web::App).
//!
//! ```
//! use actix_web::{App, HttpServer, web};
//! use obs_actix::{Obs, Observe, Serve};
//!
//! # #[actix_web::main]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let obs = Obs::from_env()?.install()?;
//! obs.check("database", || async { Ok::<(), std::io::Error>(()) });           // optional
//! # obs.shutdown().begin();
//! # let obs = obs_actix::Setup::new(Default::default())
//! #     .with_settings(|settings| settings.shutdown.delay = std::time::Duration::ZERO).build();
//! # obs.shutdown().begin();
//! let handle = obs.clone();
//! let server = HttpServer::new(move || {
//!     App::new()
//!         .route("/orders/{id}", web::get().to(|| async { "an order" }))
//!         .wrap(handle.middleware()).configure(handle.routes())               // the one line
//! });
//! obs.serve(server.bind(("127.0.0.1", 0))?).await?;                           // optional: drains
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
//! the end of the response body: also when the body fails or the handler panics. Responses carry
//! `x-request-id`, also errors and panics. An installed handle also writes one access
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
//! [`Endpoints`] and `OBS_ENDPOINTS_PREFIX` leave them out or move them. They answer GET and HEAD, and
//! are not observed, also where a middleware such as `NormalizePath` leads to them.
//!
//! # Features
//!
//! Each signal is a feature, and all of them are on. A signal that is left out is not compiled, and neither
//! is what only it needs: `obs-actix = { default-features = false, features = ["metrics"] }`.
//!
//! | feature | gives | crates |
//! |---|---|---|
//! | none | the lifecycle: request ids, panics answered, drain | 107, of which actix is most |
//! | `metrics` | `/metrics`, [`Obs::metrics`], [`Obs::add_source`], [`metrics::define_metrics!`]; measures what drivers report | +18 |
//! | `health` | `/live`, `/startup`, `/ready`, `/health`, [`Obs::check`], [`Obs::health`] | +4 |
//! | `logging` | lines on standard output, the access line, `RUST_LOG` | +8 |
//! | `tracing` | `traceparent`, trace ids, spans by OTLP | +66 |
//! | `errors` | events of the Sentry protocol, the messages of panics | +63 |
//! | `export` | on with `tracing` or `errors`; with `metrics`: metrics by OTLP, and pushed to a gateway | +61 |
//! | `admin` | [`AdminSettings`]: a port of its own for metrics and health | +6 |
//! | all, the default | | +84 |
//! | `native-histograms`, not by default | Prometheus' protobuf format at `/metrics`, with native histograms | `metrics` +5 |
//! | `prometheus-client`, not by default | `metrics::interop::prometheus_client`: your own registry at `/metrics` | `metrics` +9 |
//!
//! The settings and methods of a signal exist only with its feature. **Environment variables of a
//! signal that is left out are ignored.** What one signal has from another is as in obs-axum.
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
//! let obs = obs_actix::Obs::from_env()?
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
//! let (obs, layer) = obs_actix::Obs::from_env()?.install_without_subscriber()?;
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
//! use obs_actix::metrics::queue_depth;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! # async fn waiting() -> Result<u64, std::io::Error> { Ok(3) }
//! # let obs = obs_actix::Setup::new(Default::default()).build();
//! obs.every(Duration::from_secs(15), "emails", || async {
//!     queue_depth!("emails", waiting().await?);
//!     Ok::<(), std::io::Error>(())
//! });
//! obs.declare_route("POST", "/orders");
//! # let shown = obs.metrics().render(obs_actix::metrics::Format::Text);
//! # assert!(shown.contains("route=\"/orders\",status_code=\"200\"} 0\n"), "{shown}");
//! # }
//! ```
//!
//! # Routes
//!
//! The label `route` is the pattern that matched, with the scopes around it; a request without one is
//! `unknown`. A service that answers whatever is below a path, such as `actix_files::Files`, counts as
//! `/files/{*}`. Applications that route by themselves call [`RequestContext::set_route`].
//!
//! actix routes inside of the middleware. Where there is no routed response to ask, the route is the
//! first pattern that fits the path: when the handler panicked or was dropped, and when a middleware
//! further in answered (unless with 404) or failed. Guards have no say in it.
//!
//! # Errors
//!
//! A handler returns [`Result`], so that `?` reports any error with its causes; or it reports the error
//! behind a response of its own with [`attach`]. Of other errors that become a 5xx, a `ResponseError` of
//! the application's or an error of a middleware, the text is reported, without causes: actix keeps
//! none.
//!
//! # Differences from obs-axum
//!
//! They are those of the servers:
//!
//! - a client that closes its connection, or only its sending side, before the response has begun (a FIN)
//!   does not stop the handler: the request counts with the status it got. Over axum it is cancelled, and
//!   counts as 499; so it is over HTTP/1 with `HttpServer::h1_allow_half_closed(false)`. A connection that
//!   is reset (an RST) does cancel the handler of HTTP/1, with status 499;
//! - a client that leaves a body that writes nothing is noticed at its next chunk, hence never if there is
//!   none: let server-sent events send a comment now and then, or set the same;
//! - actix does not tell HTTP/2 clients to leave: a drain waits for their connections, as long as it
//!   waits for requests;
//! - [`spawn`] is `actix_web::rt::spawn`: the task stays on its worker, and need not be `Send`;
//! - `wrap` observes the whole `App`, also what is added after it; a route of the application's own at the
//!   path of an endpoint, if it is added first, wins. The log says so at the first request, where obs-axum
//!   refuses to start.
//!
//! actix's own messages become log lines too: they are `tracing` events. Two targets are off by default,
//! `actix_http::h1::dispatcher` and `actix_http::h1::decoder`: they log at level ERROR for requests that
//! cannot be parsed or are too large, and any client can send those. A response body that fails, which the
//! first one also logs, is on the access line. A `RUST_LOG` that names one of these targets or the beginning of
//! it, such as `RUST_LOG=info,actix_http=debug`, brings them back.
//!
//! # Tasks and websockets
//!
//! [`spawn`], [`spawn_blocking`] and [`in_context`] carry the context of the request into a task: its lines
//! have the request's ids, and its panic is reported with them. The request of an upgrade ends with its
//! headers; its connection is the body of the response, and is counted in `http_upgraded_connections` while it
//! is open. The task that reads the messages is the application's own:
//!
//! ```
//! use actix_web::{HttpResponse, web::Payload};
//! use futures_util::StreamExt;
//!
//! async fn chat(mut messages: Payload) -> HttpResponse {
//!     obs_actix::spawn(async move { while let Some(Ok(_)) = messages.next().await {} });
//!     let answers = futures_util::stream::pending::<Result<_, std::io::Error>>();
//!     HttpResponse::SwitchingProtocols().upgrade("websocket").streaming(answers)
//! }
//! # let _ = actix_web::web::get().to(chat);
//! ```
//!
//! # Two ports
//!
//! `OBS_ADMIN_ADDR` moves the metrics and `/health` to a port of their own. Servers of your own on several
//! ports share one handle, and a signal drains all of them. One of them needs the endpoints, by `routes`:
//!
//! ```
//! use actix_web::{App, HttpServer, web};
//! use obs_actix::{Obs, Observe, Serve};
//!
//! # async fn serve(obs: Obs) -> std::io::Result<()> {
//! let (public, internal) = (obs.clone(), obs.clone());
//! let public = HttpServer::new(move || {
//!     App::new().route("/", web::get().to(|| async { "hello" })).wrap(public.middleware())
//! });
//! let internal = HttpServer::new(move || {
//!     App::new().wrap(internal.middleware()).configure(internal.routes())
//! });
//! tokio::try_join!(
//!     obs.serve(public.bind(("0.0.0.0", 8080))?),
//!     obs.serve(internal.bind(("127.0.0.1", 8081))?),
//! )?;
//! # Ok(())
//! # }
//! ```
//!
//! # Settings in code
//!
//! [`Setup::with_settings`] changes what the environment said, before anything runs. [`Obs::drive`] drains
//! servers that are started in another way.
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let levels = "info,actix_server=warn".parse()?;
//! let setup = obs_actix::Obs::from_env()?.with_settings(|settings| settings.logging.levels = levels);
//! # drop(setup);
//! # Ok(())
//! # }
//! ```
//!
//! # Outgoing calls
//!
//! [`observe_call`] observes a query, a command or a request to another service: its duration in
//! the metrics of its kind, a client span if the trace is kept, a line if it was slow, a count on the
//! access line, and a breadcrumb in the error event of the request. [`Call`] does it by hand,
//! [`inject`] lets the called service continue the trace.
//!
//! ```
//! use obs_actix::{CallSite, observe_call};
//!
//! static FIND: CallSite = CallSite::database("postgresql", "SELECT", "orders");
//!
//! # async fn find(_: u64) -> Result<u64, std::io::Error> { Ok(7) }
//! # #[actix_web::main]
//! # async fn main() -> Result<(), std::io::Error> {
//! let order = observe_call(&FIND, find(42)).await?;
//! # Ok(()) }
//! ```
//!
//! # The end
//!
//! [`Serve::serve`] drains an `HttpServer`, or a `Server` that the application's own builder has run.
//! Several servers of one handle drain together. Any other server goes into [`Obs::drive`]. Without
//! either, call [`Obs::finish`] at the end; [`Obs::flush`] delivers without ending anything.
//!
//! # Calls to other services
//!
//! What goes with a call is in the request's context: where it stands in its trace, what other tracing
//! systems added to that, and the request id. Nothing is allocated to read it.
//!
//! ```
//! use obs_actix::RequestContext;
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
//! It measures, formats and decides nothing: it translates actix for obs-core and mounts endpoints.

mod body;
mod context;
mod endpoints;
mod facts;
mod failure;
mod future;
mod headers;
mod http_types;
mod inject;
mod middleware;
mod observe;
mod routes;
mod serve;
mod worker;

pub use self::body::ResponseBody;
pub use self::context::{Context, spawn};
pub use self::failure::{Failure, Result, attach};
pub use self::future::ResponseFuture;
pub use self::inject::inject;
pub use self::middleware::{Middleware, Observed};
pub use self::observe::Observe;
pub use self::serve::Serve;

// `spawn` of the worker is nearer: a task of actix need not be `Send`.
pub use obs_stack::api::*;
