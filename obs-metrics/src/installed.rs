use std::sync::{Arc, OnceLock};

use crate::Metrics;

static INSTALLED: OnceLock<Arc<Metrics>> = OnceLock::new();

/// Sets the process-wide handle that the macros write to; obs-stack's `install()` does it.
///
/// # Errors
/// Gives the handle back if there is one already.
pub fn install(metrics: Arc<Metrics>) -> Result<(), Arc<Metrics>> {
    INSTALLED.set(metrics)
}

/// The process-wide handle; `None` before [`install`].
#[must_use]
pub fn installed() -> Option<&'static Arc<Metrics>> {
    INSTALLED.get()
}
