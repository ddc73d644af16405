use std::sync::Arc;
use std::time::{Duration, Instant};

use super::site::Held;
use super::{CallObserver, CallSite};

/// How a call begins: its site and, where wanted, the handle that observes it and the time that was
/// measured. A `&'static CallSite` and an `Arc<CallSite>` turn into one.
pub struct CallStart {
    pub(super) site: Held,
    pub(super) handle: Option<Arc<dyn CallObserver>>,
    pub(super) measured: Option<(Instant, Duration)>,
}

impl CallStart {
    fn new(site: Held) -> Self {
        Self { site, handle: None, measured: None }
    }

    /// See [`CallSite::with`].
    #[must_use]
    pub fn with(mut self, handle: impl Into<Arc<dyn CallObserver>>) -> Self {
        self.handle = Some(handle.into());
        self
    }

    /// See [`CallSite::measured`].
    #[must_use]
    pub fn measured(mut self, began: Instant, duration: Duration) -> Self {
        self.measured = Some((began, duration));
        self
    }
}

impl From<&'static CallSite> for CallStart {
    #[inline]
    fn from(site: &'static CallSite) -> Self {
        Self::new(Held::Static(site))
    }
}

impl From<Arc<CallSite>> for CallStart {
    #[inline]
    fn from(site: Arc<CallSite>) -> Self {
        Self::new(Held::Shared(site))
    }
}

impl std::fmt::Debug for CallStart {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CallStart")
            .field("site", &*self.site)
            .field("measured", &self.measured)
            .finish_non_exhaustive()
    }
}
