//! Server errors and panics as events of the Sentry protocol, with the ids of their request.
//!
//! [`Errors`] observes exchanges and makes one event of each that fails; what sends it is behind
//! an [`EnvelopeSink`](obs_core::export::EnvelopeSink). A request that succeeds costs two
//! comparisons. Applications use it through an adapter.
//!
//! ```
//! use std::sync::{Arc, Mutex};
//! use std::time::Duration;
//! use obs_core::export::{Envelope, EnvelopeSink};
//! use obs_core::{Lifecycle, ServiceIdentity};
//! use obs_errors::{ErrorSettings, Errors};
//!
//! #[derive(Default)]
//! struct Sink(Mutex<Vec<Envelope>>);
//! impl EnvelopeSink for Sink {
//!     fn push(&self, envelope: Envelope) { self.0.lock().unwrap().push(envelope) }
//!     fn flush(&self, _: Duration) -> bool { true }
//! }
//!
//! let mut settings = ErrorSettings::default();                     // off
//! settings.dsn = Some("https://0123abcd@errors.example.com/7".parse()?);
//! let (url, _auth) = settings.target().unwrap();
//! assert_eq!(url, "https://errors.example.com/api/7/envelope/");
//!
//! let sink = Arc::new(Sink::default());
//! let errors = Errors::new(settings, &ServiceIdentity::default(), sink.clone());
//! errors.install_panic_hook();
//! let lifecycle = Arc::new(Lifecycle::new(errors));
//!
//! # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
//! let report = lifecycle.job("nightly-report", async { Err::<(), _>("disk full") });
//! assert_eq!(report.await, Err("disk full"));
//! # });
//! let envelopes = sink.0.lock().unwrap();
//! let text = String::from_utf8_lossy(&envelopes[0].body);
//! assert!(text.contains(r#""transaction":"nightly-report""#) && text.contains("disk full"));
//! # Ok::<(), obs_errors::DsnError>(())
//! ```
//!
//! # An event
//!
//! | part | holds |
//! |---|---|
//! | `level` | `fatal` for a panic, else `error` |
//! | `transaction` | `GET /orders/{id}`, `GET unknown` if no route matched; the name of a job |
//! | `exception` | the error's type and message and those of its causes, innermost first; a panic's message and place |
//! | `logentry` | without an error: `GET /orders/{id} answered 500` |
//! | `contexts.trace` | the ids of the request's own span, if the tracing signal is there |
//! | `contexts.fields` | what the application added to the request |
//! | `tags` | `route`, `method`, `status_code`, `request_id`, `outcome`; `job`; `thread`, outside of requests |
//! | `breadcrumbs` | the last 32 outgoing calls of the request: what was called, how long it took, how it ended |
//! | `request` | method and path: no query, no headers, no cookies, no body |
//! | `release`, `environment` | see [`ErrorSettings`] |
//!
//! No user, no address, no host name. Texts are redacted ([`obs_core::redact`]). An event has at
//! most 200 KiB: what is larger loses its fields and breadcrumbs, then its causes, and gets the tag `obs.cut`.
//!
//! # Emits
//!
//! | metric | type | labels |
//! |---|---|---|
//! | `obs_errors_captured_total` | counter, events handed over | |
//! | `obs_errors_dropped_total` | counter, events | `reason` = `budget`, `sampled_out`, `no_thread`, `repeated` |
//!
//! Every failure is in one of them: `repeated` if a job or request inside of it failed with the same error
//! before, else `sampled_out` by [`ErrorSettings::sample_rate`], else over the `budget` of
//! [`ErrorSettings::max_per_second`], else captured. `no_thread`: a panic outside of a request, and the
//! system gave no thread to hand it over.
//!
//! # Environment
//!
//! | variable | default | allowed |
//! |---|---|---|
//! | `SENTRY_DSN` | none: off | `https://KEY@HOST/PROJECT`, also `http` |
//! | `SENTRY_ENVIRONMENT` | that of the service | a name of at most 64 bytes |
//! | `SENTRY_RELEASE` | `name@version` of the service, else `name@revision` | a name of at most 200 bytes |
//! | `SENTRY_SAMPLE_RATE` | 1 | 0 to 1 |
//! | `OBS_ERRORS_MAX_PER_SECOND` | 20, and 50 at once | 1 to 1000 |
//!
//! # What it does not do
//!
//! It sends nothing: obs-otlp does. It takes no stack traces and no `tracing` events. A panic of the main
//! thread is delivered before the process ends, within 2 s; with `panic = "abort"`, one of any other
//! thread is not.

mod breadcrumbs;
mod budget;
mod describe;
mod dsn;
mod envelope;
mod errors;
mod event;
mod panics;
mod settings;
mod text;

pub use self::dsn::{Dsn, DsnError};
pub use self::errors::Errors;
pub use self::panics::capture_panics;
pub use self::settings::ErrorSettings;
