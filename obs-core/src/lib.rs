//! The heart of obs-*: one HTTP exchange, observed once, whatever the signal and the framework.
//!
//! An adapter translates a framework's request into [`Facts`] and drives an [`Exchange`]; signals
//! implement [`Observer`] and see each exchange begin, be polled and end exactly once. The adapters
//! re-export what applications need, with one exception: a tower service without an adapter of its own, such
//! as tonic's, takes the layer of `tower` from here. On the registry this crate is `obs-kit-core`.
//!
//! ```
//! use std::sync::Arc;
//! use obs_core::{Exchange, Facts, Finished, Head, Headers, Lifecycle, Observer, Outcome};
//! use obs_core::{RequestContext, RequestInfo, Route};
//!
//! struct Print;
//! impl Observer for Print {
//!     type State = ();
//!     fn begin(&self, _: &RequestInfo<'_>, _: &RequestContext) {}
//!     fn finish(&self, (): (), end: &Finished<'_>) {
//!         println!("{} {} {}", end.facts.method(), end.status, end.outcome);
//!         assert_eq!((end.status, end.outcome), (200, Outcome::Complete));
//!     }
//! }
//!
//! struct Get;
//! impl Facts for Get {
//!     fn method(&self) -> &str { "GET" }
//!     fn path(&self) -> &str { "/orders/42" }
//!     fn route(&self) -> Option<Route<'_>> {
//!         Some(Route { pattern: "/orders/{id}", owner: &"/orders/{id}" })
//!     }
//! }
//! struct NoHeaders;
//! impl Headers for NoHeaders {
//!     fn get(&self, _: &str) -> Option<&[u8]> { None }
//! }
//!
//! let lifecycle = Arc::new(Lifecycle::new(Print));
//! let mut exchange = Exchange::begin(lifecycle, Get, &NoHeaders);
//! let body = exchange.in_scope(|| "hello");          // the handler
//! exchange.headers(Head { status: 200, bodyless: false, length: Some(5), streaming: false });
//! exchange.bytes(body.len());                        // the response body
//! exchange.finish(Outcome::Complete);                // prints: GET 200 complete
//! ```
//!
//! # Emits
//!
//! | metric | type | labels |
//! |---|---|---|
//! | `http_upgraded_connections` | gauge, connections that left HTTP and are open: see [`upgraded`] | |
//! | `obs_request_ids_replaced_total` | counter | |
//! | `obs_requests_observed_twice_total` | counter | |
//! | `obs_request_fields_dropped_total` | counter | |
//! | `obs_requests_cut_total` | counter | |
//!
//! # What it does not do
//!
//! It knows no signal, no framework and no exporter.
//!
//! # Features
//!
//! | feature | adds |
//! |---|---|
//! | `mutants` | faults, for the conformance suite of the adapters |
//! | `spans` | [`spans`]: a `tracing` span recorded once, for log lines and exported spans |
//! | `tower` | [`tower`]: the one generic layer, service, future and body |

mod answer;
mod call;
mod clock;
pub mod config;
mod context;
mod display;
mod error_chain;
mod error_class;
mod error_record;
mod exchange;
pub mod export;
mod facts;
mod failure;
mod finished;
mod grpc;
mod hex;
mod http_types;
mod inject;
mod job;
mod lifecycle;
#[doc(hidden)]
pub mod mutant;
pub mod notice;
mod observer;
mod outcome;
mod recycle;
pub mod redact;
mod request_id;
mod request_ids;
mod response;
mod service;
mod shutdown;
pub mod source;
#[cfg(feature = "spans")]
pub mod spans;
mod task_failure;
#[cfg(feature = "tower")]
pub mod tower;
mod trace;
mod trace_flags;
mod trace_state;
mod value;

/// The request or job that this thread works on.
#[cfg(not(feature = "spans"))]
pub(crate) use self::context::current_context;
#[cfg(feature = "spans")]
pub(crate) use self::spans::current_context;

pub use self::answer::Answer;
pub use self::call::{
    Call, CallKind, CallObserver, CallOutcome, CallSite, CallStart, FinishedCall, MAX_CALL_SITES,
    MAX_CALL_TEXT, ObservedCall, call_observer, observe_call, set_call_observer,
};
pub use self::clock::{Clock, FakeClock};
pub use self::context::{
    Breadcrumb, InContext, RequestContext, Upgraded, UpgradedConnection, in_context, spawn,
    spawn_blocking, upgraded,
};
pub use self::display::is_display_control;
pub use self::error_class::ErrorClass;
pub use self::error_record::ErrorRecord;
pub use self::exchange::{Exchange, Head};
pub use self::facts::{Facts, Headers, Keep, METHODS, Route, UNKNOWN_ROUTE, Work};
pub use self::failure::add;
pub use self::finished::Finished;
pub use self::inject::inject_with;
pub use self::lifecycle::{Lifecycle, Panics};
pub use self::observer::{Observer, Place, RequestInfo};
pub use self::outcome::Outcome;
pub use self::redact::Secret;
pub use self::request_id::{MAX_REQUEST_ID, RequestId, UUID_TEXT};
pub use self::request_ids::{NewId, RequestIds, TraceEcho};
pub use self::response::ResponseHeader;
pub use self::service::ServiceIdentity;
pub use self::shutdown::{Hold, Shutdown};
pub use self::source::Source;
pub use self::task_failure::TaskFailure;
pub use self::trace::{Hex, SpanId, TraceContext, TraceId};
pub use self::trace_flags::TraceFlags;
pub use self::trace_state::TraceState;
pub use self::value::FieldValue;
