//! What tests of an application's metrics need: a [`Recorder`] with a clock that stands still, and
//! [`Readings`] with asserts that say what is there instead.
//!
//! Nothing here is global: tests run in parallel, each with metrics of its own.
//!
//! ```
//! use std::time::Duration;
//! use obs_metrics::define_metrics;
//! use obs_metrics::testing::Recorder;
//!
//! define_metrics! {
//!     pub struct Mail {
//!         /// Mails sent.
//!         counter mails { urgent: bool };
//!         /// Time until a mail was sent.
//!         histogram waited unit("seconds") buckets(1.0, 60.0);
//!     }
//! }
//!
//! let recorder = Recorder::new();
//! let mail = Mail::new(recorder.metrics())?;
//! mail.mails.inc(true);
//! let before = recorder.read();
//! mail.mails.add(true, 2);
//! mail.waited.observe(7.5);
//!
//! recorder.assert("mails_total{urgent='true'}", 3);
//! recorder.since(&before).assert("mails_total", 2);
//! let waited = recorder.histogram("waited_seconds").unwrap();
//! assert_eq!((waited.count, waited.sum, waited.bucket(60.0)), (1, 7.5, Some(1)));
//! # Ok::<(), obs_metrics::DefinitionErrors>(())
//! ```
//!
//! The metrics of an adapter's handle, also of one that was not installed, are read as
//! `Readings::of(obs.metrics())`.
//!
//! # Selectors
//!
//! As in PromQL: a name, and labels in braces with `=` or `!=` and a value in quotes of either kind.
//! Labels that are not named are summed over. A histogram `x` is `x_count`, `x_sum` and
//! `x_bucket{le='0.5'}`, which counts all observations up to its bound.

mod failure;
mod histogram;
mod readings;
mod recorder;
mod selector;

pub use self::histogram::Histogram;
pub use self::readings::Readings;
pub use self::recorder::Recorder;
