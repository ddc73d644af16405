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
//! # Handlers that use macros
//!
//! A macro of an event without `handle:` writes to the handle that is [`install`](crate::install)ed, of
//! which there is one for the process; before that it writes nowhere. So what such a handler counts is
//! not in a [`Recorder`] of the test. There are two ways:
//!
//! - the handler has a handle in its state, and passes it: `order_created!(handle: metrics, …)`. Each
//!   test gives it a recorder's [`metrics`](Recorder::metrics), and tests run in parallel;
//! - the test installs one, once for its process, and looks at differences, since other tests of the same
//!   file write to it as well.
//!
//! ```
//! use std::sync::Arc;
//! use obs_core::ServiceIdentity;
//! use obs_metrics::testing::{Readings, Recorder};
//! use obs_metrics::{Metrics, MetricsSettings, install, installed, order_created};
//!
//! fn order(metrics: &Metrics) {
//!     order_created!(handle: metrics, "b2b", "bkash", 1250.0);
//! }
//! fn order_somewhere() {
//!     order_created!("b2b", "bkash", 1250.0);
//! }
//!
//! let recorder = Recorder::new();
//! order(recorder.metrics());
//! recorder.assert("orders_total", 1);
//!
//! let metrics = Metrics::new(&MetricsSettings::default(), &ServiceIdentity::default());
//! let _ = install(Arc::new(metrics));          // an error if another test was first: that one stays
//! let metrics = installed().unwrap();
//! let before = Readings::of(metrics);
//! order_somewhere();
//! Readings::of(metrics).since(&before).assert("orders_total", 1);
//! ```
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
