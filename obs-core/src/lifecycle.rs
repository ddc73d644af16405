use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::source::{Collector, Family, Kind, Source, Value};
use crate::{Clock, Observer, RequestContext, RequestId, RequestIds, Shutdown, notice};

/// What all exchanges of one installation share: the observer, the clock, the rules for ids.
///
/// One handle on it is held per request. It is also a [`Source`] of its own counters.
pub struct Lifecycle<O> {
    observer: O,
    clock: Clock,
    pub(crate) request_ids: RequestIds,
    #[cfg(feature = "tower")]
    pub(crate) id_header: http::HeaderName,
    panics: Panics,
    shutdown: Shutdown,
    ids_replaced: AtomicU64,
    mounted_twice: AtomicU64,
    fields_dropped: AtomicU64,
}

/// What the client gets when a handler panics before the response headers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Panics {
    /// An empty 500 that carries the request id. The default.
    #[default]
    Answer,
    /// The panic goes on to whatever is outside; without a catcher the connection is closed.
    Resume,
}

impl<O: Observer> Lifecycle<O> {
    /// A lifecycle with the system clock and default rules.
    #[must_use]
    pub fn new(observer: O) -> Self {
        Self {
            observer,
            clock: Clock::system(),
            #[cfg(feature = "tower")]
            id_header: RequestIds::default().header_name(),
            request_ids: RequestIds::default(),
            panics: Panics::default(),
            shutdown: Shutdown::default(),
            ids_replaced: AtomicU64::new(0),
            mounted_twice: AtomicU64::new(0),
            fields_dropped: AtomicU64::new(0),
        }
    }

    /// Uses this clock for every stamp.
    #[must_use]
    pub fn with_clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Uses these rules for request ids.
    #[must_use]
    pub fn with_request_ids(mut self, rules: RequestIds) -> Self {
        #[cfg(feature = "tower")]
        {
            self.id_header = rules.header_name();
        }
        self.request_ids = rules;
        self
    }

    /// What a client gets when a handler panics. Environment: `OBS_ON_PANIC` (`answer`, `resume`).
    #[must_use]
    pub fn with_panics(mut self, panics: Panics) -> Self {
        self.panics = panics;
        self
    }

    /// Tells HTTP/1 clients to leave (`Connection: close`) while this shutdown drains.
    #[must_use]
    pub fn with_shutdown(mut self, shutdown: Shutdown) -> Self {
        self.shutdown = shutdown;
        self
    }

    /// The observer that every exchange is reported to.
    #[inline]
    pub fn observer(&self) -> &O {
        &self.observer
    }

    /// The clock of all stamps.
    #[inline]
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The rules for request ids.
    pub fn request_ids(&self) -> &RequestIds {
        &self.request_ids
    }

    /// What a client gets when a handler panics.
    pub fn panics(&self) -> Panics {
        self.panics
    }

    /// The shutdown that is watched while responding.
    pub fn shutdown(&self) -> &Shutdown {
        &self.shutdown
    }

    #[inline]
    pub(crate) fn count_dropped_fields(&self, count: u64) {
        if count > 0 {
            self.fields_dropped.fetch_add(count, Ordering::Relaxed);
        }
    }

    /// The context of a request that begins now, or `None` if this lifecycle is already at work on
    /// it further out.
    pub(crate) fn context(
        self: &Arc<Self>,
        given: Option<&[u8]>,
        start: std::time::Instant,
    ) -> Option<RequestContext> {
        let identity = Arc::as_ptr(self).addr();
        if RequestContext::is_current(|outer| outer.belongs_to(identity)) {
            if self.mounted_twice.fetch_add(1, Ordering::Relaxed) == 0 {
                notice::warn(
                    "the request layer is mounted twice: the inner one does nothing. \
                     Call `observe` once, on the outermost router",
                );
            }
            return None;
        }
        Some(self.new_context(given, start))
    }

    /// The context of work that begins now.
    pub(crate) fn new_context(
        self: &Arc<Self>,
        given: Option<&[u8]>,
        start: std::time::Instant,
    ) -> RequestContext {
        let given = given.filter(|_| self.request_ids.accept);
        let accepted = given.and_then(RequestId::accept);
        if given.is_some() && accepted.is_none() {
            self.ids_replaced.fetch_add(1, Ordering::Relaxed);
        }
        let id = accepted.unwrap_or_else(|| RequestId::generate(self.clock.unix(start)));
        RequestContext::new(id, Arc::as_ptr(self).addr())
    }
}

impl<O> std::fmt::Debug for Lifecycle<O> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lifecycle")
            .field("request_ids", &self.request_ids)
            .field("panics", &self.panics)
            .finish_non_exhaustive()
    }
}

impl<O: Send + Sync> Source for Lifecycle<O> {
    fn collect(&self, out: &mut dyn Collector) {
        let mut count = |name, help, value: &AtomicU64| {
            out.family(&Family { name, kind: Kind::Counter, help });
            out.sample(&[], Value::Integer(value.load(Ordering::Relaxed)));
        };
        count(
            "obs_request_ids_replaced_total",
            "Request ids of clients that were not acceptable and were replaced.",
            &self.ids_replaced,
        );
        count(
            "obs_requests_observed_twice_total",
            "Requests that met the request layer again further in; the inner one did nothing.",
            &self.mounted_twice,
        );
        count(
            "obs_request_fields_dropped_total",
            "Fields that were added to a request beyond its bounds.",
            &self.fields_dropped,
        );
    }
}
