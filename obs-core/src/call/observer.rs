use std::sync::{Arc, OnceLock};

use super::{CallSite, FinishedCall};
use crate::{Clock, Lifecycle, Observer, Place, RequestContext, RequestIds};

/// A [`Lifecycle`] as calls see it, whatever it observes with.
///
/// Implemented by `Lifecycle<O>`: the call's request leads to it, a handle is named with
/// [`CallSite::with`], or the installed one is used.
pub trait CallObserver: Send + Sync {
    /// The clock of all stamps.
    fn clock(&self) -> &Clock;

    /// The rules for request ids.
    fn request_ids(&self) -> &RequestIds;

    /// A call begins: see [`Observer::begin_call`].
    fn begin_call(&self, site: &CallSite, context: Option<&RequestContext>) -> Option<Place>;

    /// A call ended: see [`Observer::finish_call`].
    fn finish_call(&self, call: &mut FinishedCall<'_>);
}

impl<O: Observer> CallObserver for Lifecycle<O> {
    fn clock(&self) -> &Clock {
        Self::clock(self)
    }

    fn request_ids(&self) -> &RequestIds {
        Self::request_ids(self)
    }

    fn begin_call(&self, site: &CallSite, context: Option<&RequestContext>) -> Option<Place> {
        self.observer().begin_call(site, context)
    }

    fn finish_call(&self, call: &mut FinishedCall<'_>) {
        self.observer().finish_call(call);
    }
}

static INSTALLED: OnceLock<Arc<dyn CallObserver>> = OnceLock::new();

/// Sets the handle of the process, which observes calls outside of requests; `install()` does it.
///
/// # Errors
/// Gives the handle back if one is already set.
pub fn set_call_observer(handle: Arc<dyn CallObserver>) -> Result<(), Arc<dyn CallObserver>> {
    INSTALLED.set(handle)
}

/// The handle of the process. `None` before [`set_call_observer`].
#[must_use]
pub fn call_observer() -> Option<&'static Arc<dyn CallObserver>> {
    INSTALLED.get()
}
