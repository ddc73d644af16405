//! Health checks and the answers to probes: concurrent, bounded, cached, one run for all probers.
//!
//! ```
//! use std::time::Duration;
//! use obs_core::{Clock, Shutdown};
//! use obs_health::{Check, Health, HealthSettings};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let shutdown = Shutdown::new(Duration::from_secs(30));
//! let health = Health::new(HealthSettings::default(), Clock::system(), shutdown.clone());
//! health.add(Check::new("database", || async { Ok::<_, std::io::Error>(()) }));
//! health.add(Check::new("payments", || async { Err("connection refused") }).optional());
//!
//! assert_eq!(health.live().await.body, br#"{"status":"alive"}"#);
//! assert_eq!(health.ready().await.status, 200);   // {"database":{"status":"healthy",...}}
//! let answer = health.health().await;             // {"status":"degraded","uptime":...}
//! assert_eq!(answer.status, 200);
//! let text = String::from_utf8(answer.body).unwrap();
//! assert!(text.contains(r#""error_kind":"error""#) && !text.contains("refused"));
//!
//! shutdown.begin();
//! assert_eq!(health.ready().await.body, br#"{"status":"draining"}"#);
//! # }
//! ```
//!
//! # Answers
//!
//! | probe | 200 | 503 | runs checks |
//! |---|---|---|---|
//! | [`live`](Health::live) | always | never | no |
//! | [`startup`](Health::startup) | `ready` has been 200 once | until then | the critical ones, until then |
//! | [`ready`](Health::ready) | every critical check passes, or there is none | one fails, or the service drains | the critical ones |
//! | [`health`](Health::health) | `healthy`, `degraded` | `unhealthy`: a critical check fails; `degraded`, if so set | all |
//!
//! ```json
//! {"status":"degraded","uptime":86400.25,"timestamp":"2026-01-31T08:15:30.042Z","checks":{
//!   "database":{"status":"healthy","latency":"3ms","latency_ms":3.142},
//!   "payments":{"status":"unhealthy","latency":"1001ms","latency_ms":1001.3,"error_kind":"timeout"}}}
//! ```
//!
//! That is `health`; `ready` is the map of the critical checks alone. `uptime` is in seconds since
//! the [`Clock`](obs_core::Clock) was made; `error_kind` is `timeout`, `error` or `panic`. With
//! [`Detail::Words`] only `{"status":"degraded"}` is left. Where the environment asks for a signal in a
//! way that cannot be used, the report of `health` ends in `"signals":{"traces":"off: invalid"}`.
//!
//! # Schedule
//!
//! Once [started](Health::start), every check also runs by itself, every 10 s: the metrics are fresh and
//! optional checks run even if probes ask only for `ready`, or never. obs-stack starts it.
//!
//! # Log
//!
//! What a check's error says goes to the log, redacted and bounded, once when the check begins to
//! fail and never into an answer; when it passes again, the log says that too.
//!
//! # Emits
//!
//! | metric | type | labels | unit |
//! |---|---|---|---|
//! | `health_check_status` | gauge | `check` | 1 passes, 0 fails |
//! | `health_check_duration_seconds` | gauge | `check` | seconds the last run took |
//!
//! # Environment
//!
//! [`HealthSettings`] names the variable of each setting, with its default and bounds.
//!
//! # What it does not do
//!
//! It knows no router: an adapter sends an [`Answer`], for HEAD without the body. Without
//! [`Health::start`] checks run only when a probe asks. It cannot interrupt a check
//! that blocks its thread; such a check is reported as a timeout and never started a second time
//! beside itself. It needs a tokio runtime with timers. With `panic = "abort"` a panicking check
//! ends the process.

mod cause;
mod check;
mod health;
mod news;
mod reading;
mod report;
mod run;
mod schedule;
mod settings;
mod slot;
mod source;

pub use self::check::Check;
pub use self::health::Health;
pub use self::settings::{Detail, HealthSettings};

pub use obs_core::Answer;
