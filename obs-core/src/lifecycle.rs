use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use crate::source::{Collector, Family, Kind, Source, Value};
use crate::{
    Clock, Headers, NewId, Observer, Place, RequestContext, RequestId, RequestIds, RequestInfo,
    Shutdown, mutant, notice,
};

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
    requests_cut: AtomicU64,
    jobs_cut: AtomicU64,
    pub(crate) upgraded_connections: AtomicU64,
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
            id_header: crate::tower::http_types::id_header(&RequestIds::default()),
            request_ids: RequestIds::default(),
            panics: Panics::default(),
            shutdown: Shutdown::default(),
            ids_replaced: AtomicU64::new(0),
            mounted_twice: AtomicU64::new(0),
            fields_dropped: AtomicU64::new(0),
            requests_cut: AtomicU64::new(0),
            jobs_cut: AtomicU64::new(0),
            upgraded_connections: AtomicU64::new(0),
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
            self.id_header = crate::tower::http_types::id_header(&rules);
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

    /// How many requests were still open at the end of the service and were cut off by it.
    pub fn requests_cut(&self) -> u64 {
        self.requests_cut.load(Ordering::Relaxed)
    }

    /// A request was dropped before its end: by the client, or because the service ends.
    /// How many jobs still ran when the time of the shutdown was over.
    pub fn jobs_cut(&self) -> u64 {
        self.jobs_cut.load(Ordering::Relaxed)
    }

    #[cold]
    pub(crate) fn count_cut_job(&self) {
        self.jobs_cut.fetch_add(1, Ordering::Relaxed);
    }

    #[cold]
    pub(crate) fn count_dropped_request(&self) {
        if self.shutdown.is_cut_off() {
            self.requests_cut.fetch_add(1, Ordering::Relaxed);
        }
    }

    #[inline]
    pub(crate) fn count_dropped_fields(&self, count: u64) {
        if count > 0 {
            self.fields_dropped.fetch_add(count, Ordering::Relaxed);
        }
    }

    /// The context of a request that begins now, and that of another lifecycle's request around it,
    /// whose id it has. `None` if this lifecycle is already at work on it further out.
    pub(crate) fn context(
        self: &Arc<Self>,
        request: &RequestInfo<'_>,
        start: Instant,
    ) -> Option<RequestContext> {
        let identity = Arc::as_ptr(self).addr();
        let mut outer = None;
        let twice = RequestContext::is_current(|current| {
            let same = current.belongs_to(identity) && !mutant::is("mounted-twice-counted");
            if !same {
                outer = Some(current.clone());
            }
            same
        });
        if twice {
            self.note_mounted_twice();
            return None;
        }
        let place = self.observer.place(request);
        let id = outer
            .as_ref()
            .map(|outer| outer.request_id().clone())
            .or_else(|| self.given_id(request.headers))
            .unwrap_or_else(|| self.new_id(place.as_ref(), start));
        let context = RequestContext::of(id, place, self);
        context.set_outer(outer);
        Some(context)
    }

    /// The context of work that begins now.
    pub(crate) fn job_context(
        self: &Arc<Self>,
        request: &RequestInfo<'_>,
        start: Instant,
    ) -> RequestContext {
        let place = self.observer.place(request);
        let id = self.new_id(place.as_ref(), start);
        RequestContext::of(id, place, self)
    }

    /// The client's id, if it is to be taken over and can be.
    #[inline]
    fn given_id(&self, headers: &dyn Headers) -> Option<RequestId> {
        let accept = self.request_ids.accept && !mutant::is("client-id-ignored");
        let given = headers.get(&self.request_ids.header).filter(|_| accept)?;
        let accepted = RequestId::accept(given);
        if accepted.is_none() {
            self.ids_replaced.fetch_add(1, Ordering::Relaxed);
        }
        accepted
    }

    #[inline]
    fn new_id(&self, place: Option<&Place>, start: Instant) -> RequestId {
        let of_trace = |place: &&Place| place.root || self.request_ids.new == NewId::Trace;
        match place.filter(of_trace) {
            Some(place) => RequestId::of_trace(place.trace.trace_id),
            None => RequestId::generate(self.clock.unix(start)),
        }
    }

    #[cold]
    fn note_mounted_twice(&self) {
        if self.mounted_twice.fetch_add(1, Ordering::Relaxed) == 0 {
            notice::warn(
                "a request passed the request layer twice; the inner layer does nothing. If the \
                 layer is mounted twice, call `observe` once, on the outermost router; if a handler \
                 calls the router itself, that inner request is not counted",
            );
        }
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
        let mut show = |kind, name, help, value: &AtomicU64| {
            out.family(&Family::new(name, kind, help));
            out.sample(&[], Value::Integer(value.load(Ordering::Relaxed)));
        };
        show(
            Kind::Gauge,
            "http_upgraded_connections",
            "Open connections that left HTTP, such as websockets.",
            &self.upgraded_connections,
        );
        let mut count = |name, help, value| show(Kind::Counter, name, help, value);
        count(
            "obs_request_ids_replaced_total",
            "Request ids from clients that were invalid and were replaced.",
            &self.ids_replaced,
        );
        count(
            "obs_requests_observed_twice_total",
            "Requests that passed the request layer twice; the inner layer did nothing.",
            &self.mounted_twice,
        );
        count(
            "obs_request_fields_dropped_total",
            "Request fields dropped because the request had too many.",
            &self.fields_dropped,
        );
        count(
            "obs_requests_cut_total",
            "Requests cut off because they were still open at the shutdown deadline.",
            &self.requests_cut,
        );
        count(
            "obs_jobs_cut_total",
            "Jobs still running at the shutdown deadline, recorded as cancelled.",
            &self.jobs_cut,
        );
    }
}
