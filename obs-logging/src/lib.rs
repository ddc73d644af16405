//! JSON log lines with request ids, one access line per request, a bounded writer.
//!
//! [`Logging`] gives three parts: [`LogLayer`] writes the events of `tracing`, [`LogFilter`] chooses
//! them by `RUST_LOG`, and [`AccessLog`] writes a line per finished request and job. Applications
//! get them from an adapter.
//!
//! ```
//! use std::time::Duration;
//! use obs_core::spans::SpanLayer;
//! use obs_core::{Clock, ServiceIdentity};
//! use obs_logging::{Logging, LoggingSettings};
//! use tracing_subscriber::layer::SubscriberExt;
//!
//! let clock = Clock::system();
//! let service = ServiceIdentity::default();
//! let logging = Logging::new(LoggingSettings::default(), &service, clock.clone());
//! let subscriber = tracing_subscriber::registry()
//!     .with(SpanLayer::new(clock, None))      // the fields and ids of spans
//!     .with(logging.layer())
//!     .with(logging.filter());
//! tracing::subscriber::with_default(subscriber, || {
//!     let _span = tracing::info_span!("place", order = 42).entered();
//!     tracing::info!(items = 3, "order placed");
//! });
//! assert!(logging.flush(Duration::from_secs(1)));
//! ```
//!
//! # Emits
//!
//! ```json
//! {"timestamp":"2026-01-31T08:15:30.042Z","level":"INFO","message":"order placed","service":"orders","environment":"production","target":"orders::cart","request_id":"0198c0de-...","trace_id":"4bf92f35...","span_id":"00f067aa...","items":3,"order":42}
//! {"timestamp":"2026-01-31T08:15:30.054Z","level":"INFO","message":"HTTP Request","service":"orders","environment":"production","target":"obs.access","request_id":"0198c0de-...","trace_id":"4bf92f35...","span_id":"53995c3f...","method":"POST","path":"/orders","route":"/orders","status_code":201,"duration_ms":12.34,"outcome":"complete"}
//! ```
//!
//! The ids are those of the request or job, on whatever thread its span is; `trace_id` and `span_id`
//! need the tracing signal. Then come the fields of the event, and those of the spans around it, from
//! inner to outer. **No key is ever there twice**: the event wins over spans, inner spans over outer
//! ones. A field with a name that the line has itself gets a `_` before it (`level` becomes
//! `_level`, and `_level` then `__level`). Values of secret names and credentials in texts are
//! `[redacted]`; NaN and infinities are `null`; 128-bit numbers are text. A line has at most 64 KiB,
//! or the size of the buffer if that is smaller; what was cut ends in `…`, and the line has
//! `"line_cut":true`.
//!
//! Lines wait in a buffer for a thread that writes them. What does not fit is dropped, and in its
//! place stands `{"level":"WARN","message":"3 log lines were dropped",...,"dropped":3}`.
//!
//! | metric | type | labels |
//! |---|---|---|
//! | `obs_log_lines_written_total` | counter | |
//! | `obs_log_lines_dropped_total` | counter | `reason` = `buffer_full`, `io_error` |
//! | `obs_log_buffer_bytes` | gauge | |
//!
//! Every line is in one of the counters, or still waiting. The lines that report a loss are not
//! counted.
//!
//! # Other layers, and the `log` crate
//!
//! [`LogFilter`] as a layer filters for the whole subscriber. Beside layers of the application it is a
//! filter of our own layers, so that `RUST_LOG` does not change what theirs see:
//!
//! ```
//! # use obs_core::{Clock, ServiceIdentity, spans::SpanLayer};
//! # use obs_logging::{Logging, LoggingSettings};
//! use tracing_subscriber::Layer;
//! use tracing_subscriber::layer::SubscriberExt;
//!
//! # let (clock, service) = (Clock::system(), ServiceIdentity::default());
//! # let logging = Logging::new(LoggingSettings::default(), &service, clock.clone());
//! # let theirs = tracing_subscriber::layer::Identity::new();
//! let ours = SpanLayer::new(clock, None).and_then(logging.layer()).with_filter(logging.filter());
//! let subscriber = tracing_subscriber::registry().with(ours).with(theirs);
//! # drop(subscriber);
//! ```
//!
//! [`Logging::install_log_crate`] makes events of the records of the `log` crate. A line has the target
//! and the level of the record, and none of the fields that carry them.
//!
//! # Environment
//!
//! | variable | default | allowed |
//! |---|---|---|
//! | `RUST_LOG` | `info` | levels and `target=level`, separated by commas: [`Levels`] |
//! | `OBS_LOG_FORMAT` | `auto` | `auto` (`console` on a terminal, else `json`), `json`, `console` |
//! | `OBS_LOG_BUFFER_BYTES` | 1048576 | 4096 to 1073741824 |
//! | `OBS_ACCESS_LOG` | `true` | `true`, `false` |
//! | `OBS_LOG_CRATE` | `true` | `true`, `false`: whether records of the `log` crate become lines |
//! | `OBS_SLOW_CALL_MS` | 1000 | 0 to 3600000 |
//! | `NO_COLOR` | | anything turns colours off |
//!
//! # What it does not do
//!
//! It sets no subscriber: that is the caller's to build. It writes no files, and does not flush by itself when the process ends: call
//! [`Logging::flush`]. An event with an explicit parent span (`parent: &span`) shows the fields of
//! the current one; with `parent: None` those of none.

mod access;
mod filter;
mod layer;
mod levels;
mod line;
mod log_crate;
mod logging;
mod settings;
mod writer;

pub use self::access::AccessLog;
pub use self::filter::LogFilter;
pub use self::layer::LogLayer;
pub use self::levels::{Levels, LevelsError};
pub use self::log_crate::LoggerTaken;
pub use self::logging::Logging;
pub use self::settings::{Format, LoggingSettings};
