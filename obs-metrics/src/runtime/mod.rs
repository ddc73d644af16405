//! The process, and the runtime in it.

mod process;
mod tokio;

pub use self::process::ProcessMetrics;
pub use self::tokio::TokioMetrics;

use obs_core::source::{Collector, Family, Kind, Value};

/// A family of one series; nothing if the value is not known.
fn one(
    out: &mut dyn Collector,
    name: &'static str,
    kind: Kind,
    help: &'static str,
    value: Option<Value<'_>>,
) {
    if let Some(value) = value {
        out.family(&Family::new(name, kind, help));
        out.sample(&[], value);
    }
}
