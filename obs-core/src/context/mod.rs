mod current;
mod pool;

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use crate::{RequestId, Route};

pub(crate) use current::enter;

/// What is known of the current request while it runs: its id, and what the application adds.
///
/// Cheap to clone. [`RequestContext::current`] gives it anywhere below the observed handler.
#[derive(Clone)]
pub struct RequestContext(Arc<Inner>);

struct Inner {
    id: RequestId,
    /// The lifecycle it belongs to, so that mounting that one twice is noticed.
    lifecycle: usize,
    route: OnceLock<Arc<str>>,
    streaming: AtomicBool,
}

impl RequestContext {
    pub(crate) fn new(id: RequestId, lifecycle: usize) -> Self {
        pool::take(id, lifecycle)
    }

    /// Gives the allocation back, unless a clone of the application's still holds it.
    pub(crate) fn recycle(self) {
        pool::give(self);
    }

    pub(crate) fn belongs_to(&self, lifecycle: usize) -> bool {
        self.0.lifecycle == lifecycle
    }

    /// The context of the request that this thread is working on right now.
    ///
    /// `None` outside of a request, and in a task that was spawned without it.
    #[must_use]
    pub fn current() -> Option<Self> {
        current::clone()
    }

    /// Looks at the current context without a clone.
    pub(crate) fn is_current(predicate: impl FnOnce(&Self) -> bool) -> bool {
        current::is(predicate)
    }

    /// The id of the request.
    #[must_use]
    pub fn request_id(&self) -> &RequestId {
        &self.0.id
    }

    /// Names the route, for applications that route by themselves. It wins over the framework's.
    ///
    /// Give a pattern, never a path: the text becomes a label. The first call counts. Passing
    /// clones of one `Arc` is cheapest.
    pub fn set_route(&self, pattern: impl Into<Arc<str>>) {
        let _ = self.0.route.set(pattern.into());
    }

    pub(crate) fn route(&self) -> Option<Route<'_>> {
        self.0.route.get().map(|pattern| Route { pattern, owner: pattern })
    }

    /// Marks the response as a stream: counted and gauged, but kept out of the latency histogram.
    ///
    /// Server-sent events (`text/event-stream`), `101` and `CONNECT` are streams by themselves.
    pub fn mark_streaming(&self) {
        self.0.streaming.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_streaming(&self) -> bool {
        self.0.streaming.load(Ordering::Relaxed)
    }
}

impl fmt::Debug for RequestContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestContext")
            .field("request_id", &self.0.id)
            .field("route", &self.0.route.get())
            .finish_non_exhaustive()
    }
}
