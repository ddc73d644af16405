//! Server spans of observed requests: traceparent continued, sampled before anything is allocated.
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

mod client;
mod record;
mod sampler;
mod server_spans;
mod settings;
mod trace_parent;

pub use self::sampler::Sampler;
pub use self::server_spans::{OpenSpan, ServerSpans};
pub use self::settings::TracingSettings;
pub use self::trace_parent::TraceParent;
