//! Server spans of observed requests and client spans of their calls: traceparent continued, sampled before anything is allocated.
//!
//! [`ServerSpans`] observes exchanges. Applications use it through an adapter, and write
//! `#[tracing::instrument]` for spans of their own, which become children of the request's.
//!
//! ```
//! use std::sync::{Arc, Mutex};
//! use obs_core::Lifecycle;
//! use obs_core::export::{SpanRecord, SpanSink};
//! use obs_tracing::{ServerSpans, TracingSettings};
//!
//! #[derive(Default)]
//! struct Kept(Mutex<Vec<SpanRecord>>);
//! impl SpanSink for Kept {
//!     fn push(&self, spans: Vec<SpanRecord>) { self.0.lock().unwrap().extend(spans) }
//! }
//!
//! let kept = Arc::new(Kept::default());
//! let spans = ServerSpans::new(&TracingSettings::default(), Some(kept.clone()));
//! let lifecycle = Arc::new(Lifecycle::new(spans));
//! # let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
//! # runtime.block_on(async {
//! lifecycle.job("nightly-report", async { Ok::<_, String>(()) }).await.unwrap();
//! # });
//! assert_eq!(kept.0.lock().unwrap()[0].name, "nightly-report");
//! ```
//!
//! # Emits
//!
//! One span per kept request, of kind server, named `{method} {route}`, or `{method}` if no route
//! matched, by the
//! [HTTP conventions](https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-server-span);
//! one per kept job, of kind internal, named like the job; and the application's own spans, of kind
//! internal. A request and all spans that ended before it are handed over in one push, a span that
//! ends later on its own.
//!
//! | attribute | when | value |
//! |---|---|---|
//! | `http.request.method` | requests | `_OTHER` if unknown |
//! | `http.request.method_original` | the method is unknown | at most 64 bytes |
//! | `url.path` | requests | at most 2 KiB, redacted; never the query |
//! | `url.scheme` | requests | `https` if `Forwarded` or `X-Forwarded-Proto` of a [trusted proxy](TrustedProxies) says so, else `http` |
//! | `http.route` | a route matched | its pattern |
//! | `http.response.status_code` | unless cancelled before the headers | what was sent |
//! | `http.response.body.size` | likewise | bytes handed to the server |
//! | `server.address`, `server.port` | `Host` has them | |
//! | `network.protocol.version` | the adapter knows it | `1.1`, `2` |
//! | `user_agent.original` | it was sent | at most 512 bytes, redacted |
//! | `error.type` | it failed or was cancelled | `panic`, `body_error`, the status from 500 on, `cancelled`, `cancelled_in_body`; of a job `_OTHER` |
//! | `obs.outcome` | always | how the exchange ended: see [`Outcome`](obs_core::Outcome) |
//! | `obs.request_id` | always | |
//! | `obs.spans_dropped` | more than 256 spans, or 256 KiB, in a request | how many |
//! | what [`RequestContext::add`](obs_core::RequestContext::add) added | | |
//!
//! One span per outgoing call of a kept trace, of kind client (producer if a message was sent), a child
//! of the innermost span around it. Its name is `{operation} {collection}` of a database or cache,
//! `{method} {url.template}` or `{method}` of an HTTP request, `{operation} {destination}` of a message.
//!
//! | attribute | of |
//! |---|---|
//! | `db.system.name`, `db.operation.name`, `db.query.summary` | databases, caches |
//! | `db.collection.name` | databases |
//! | `http.request.method`, `server.address`, `http.response.status_code` | HTTP requests |
//! | `messaging.system`, `messaging.operation.name`, `messaging.operation.type`, `messaging.destination.name` | messages |
//! | `service.peer.name` | caches, other calls, and HTTP requests whose host is named |
//! | `error.type` | calls that failed (type of the error, status from 400 on, `panic`) or were `cancelled` |
//! | what the driver added | all |
//!
//! The span's status is an error after a panic, a failed body and from status 500 on, with the
//! recorded error and its causes as description. A client that left is no error.
//!
//! | metric | type | labels |
//! |---|---|---|
//! | `obs_traces_sampled_total` | counter | |
//! | `obs_spans_dropped_total` | counter | |
//! | `obs_traceparent_rejected_total` | counter | |
//!
//! How many were not sampled is what the requests exceed the first one by: nothing is counted, and
//! no memory shared, for a request that is not kept.
//!
//! # Environment
//!
//! | variable | default | allowed |
//! |---|---|---|
//! | `OTEL_TRACES_SAMPLER` | `parentbased_always_on` | `always_on`, `always_off`, `traceidratio`, `parentbased_always_on`, `parentbased_always_off`, `parentbased_traceidratio` |
//! | `OTEL_TRACES_SAMPLER_ARG` | 1 | 0 to 1; of the two ratios |
//! | `OTEL_SDK_DISABLED` | `false` | `true`, `false` |
//! | `OBS_TRUSTED_PROXIES` | `private` | `private`, `all`, `none`, or up to 64 addresses and networks |
//!
//! # Callers and the next service
//!
//! Headers are read as [W3C Trace Context level 2](https://www.w3.org/TR/trace-context-2/) says. All
//! flags of a caller go on, except that `sampled` is this service's own decision; `random` is set on
//! the ids that are made here. A `tracestate` of at most 32 entries and 512 bytes goes on and is
//! exported; a ratio adds to it the probability of the traces that it keeps (`ot=th:…`). What a call
//! to another service is to carry is in the context:
//!
//! ```
//! use obs_core::RequestContext;
//!
//! # fn send(_: &str, _: &str) {}
//! if let Some(context) = RequestContext::current()
//!     && let Some(trace) = context.trace()
//! {
//!     send("traceparent", trace.header().as_str());
//!     if let Some(state) = context.trace_state() {
//!         send("tracestate", state.as_str());
//!     }
//!     send("x-request-id", &context.request_id().to_string());
//! }
//! ```
//!
//! Where no spans are exported, a caller's context goes on as it came, the id of its span included,
//! and a trace that starts here is not sampled: no span is announced to the next service that is never exported.
//!
//! # What it does not do
//!
//! It sends nothing: spans go to a [`SpanSink`](obs_core::export::SpanSink). Callers are known by
//! `traceparent` and `tracestate`: no baggage, no B3, and `OTEL_PROPAGATORS` is not read. No
//! links, no events in spans. The server span does not depend on `RUST_LOG`; a span of the
//! application that a filter turns off is never made, also not for export.

mod calls;
mod client;
mod forwarded;
mod probability;
mod record;
mod sampler;
mod server_spans;
mod settings;
mod trace_parent;
mod trusted_proxies;

pub use self::forwarded::forwarded_scheme;
pub use self::sampler::Sampler;
pub use self::server_spans::{OpenSpan, ServerSpans};
pub use self::settings::TracingSettings;
pub use self::trace_parent::TraceParent;
pub use self::trusted_proxies::{Network, TrustedProxies};
