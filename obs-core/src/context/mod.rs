mod calls;
mod current;
mod details;
mod extras;
mod pool;
mod spawn;
mod task;
mod upgrade;

use std::fmt;
use std::sync::atomic::{Ordering, fence};
use std::sync::{Arc, Weak};

use self::calls::Calls;
use self::extras::{Extras, Marks};
use crate::export::SpanRecord;
use crate::redact::{REDACTED, bounded_owned, is_secret_name};
use crate::task_failure::TaskObserver;
use crate::{
    CallKind, CallObserver, ErrorRecord, FieldValue, Lifecycle, Observer, Place, RequestId, Route,
    TraceContext, TraceState,
};

pub use self::calls::Breadcrumb;
#[cfg(not(feature = "spans"))]
pub(crate) use self::current::clone as current_context;
pub(crate) use self::current::enter;
pub(crate) use self::details::Ended;
pub use self::spawn::{InContext, in_context, spawn, spawn_blocking};
pub use self::upgrade::{Upgraded, UpgradedConnection, upgraded};

/// What is known of the current request while it runs: its id, and what the application adds.
///
/// Cheap to clone. [`RequestContext::current`] gives it anywhere below the observed handler.
#[derive(Clone)]
pub struct RequestContext(Arc<Inner>);

struct Inner {
    id: RequestId,
    /// The lifecycle it belongs to, so that mounting that one twice is noticed.
    lifecycle: usize,
    /// The same, for its calls and for failures of its tasks. Weak, since contexts are kept for later
    /// requests: they must not keep a handle alive.
    home: Weak<dyn Home>,
    place: Option<Place>,
    calls: Calls,
    extras: Extras,
}

/// What a context knows of its lifecycle, whatever is observed there.
pub(crate) trait Home: TaskObserver + CallObserver {}

impl<O: Observer> Home for Lifecycle<O> {}

impl RequestContext {
    #[cfg(test)]
    pub(crate) fn new(id: RequestId, lifecycle: usize) -> Self {
        pool::take(id, None, lifecycle, || Weak::<Lifecycle<()>>::new())
    }

    #[inline]
    pub(crate) fn of<O: Observer>(
        id: RequestId,
        place: Option<Place>,
        lifecycle: &Arc<Lifecycle<O>>,
    ) -> Self {
        let identity = Arc::as_ptr(lifecycle).addr();
        pool::take(id, place, identity, || {
            let home: Weak<Lifecycle<O>> = Arc::downgrade(lifecycle);
            home
        })
    }

    /// Gives the allocation back, unless a clone of the application's still holds it.
    #[inline]
    pub(crate) fn recycle(self) {
        pool::give(self);
    }

    #[inline]
    pub(crate) fn belongs_to(&self, lifecycle: usize) -> bool {
        self.0.lifecycle == lifecycle
    }

    /// The handle that observes the calls of this request. `None` once it is gone.
    #[inline]
    pub(crate) fn handle(&self) -> Option<Arc<dyn CallObserver>> {
        let home = self.0.home.upgrade()?;
        Some(home)
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

    pub(crate) fn address(&self) -> usize {
        Arc::as_ptr(&self.0).addr()
    }

    /// Distinguishes the current context from others without a clone. 0 without one.
    pub(crate) fn current_address() -> usize {
        let mut address = 0;
        current::is(|context| {
            address = context.address();
            true
        });
        address
    }

    /// Whether both are of the same request.
    #[cfg(feature = "spans")]
    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// The id of the request.
    #[must_use]
    pub fn request_id(&self) -> &RequestId {
        &self.0.id
    }

    /// Keeps the id as the value of a header.
    #[cfg(feature = "tower")]
    pub(crate) fn set_id_value(&mut self, value: http::HeaderValue) {
        if let Some(inner) = Arc::get_mut(&mut self.0) {
            inner.extras.get_mut().id_value = Some(value);
        }
    }

    /// The id as the value of a header, if it was [kept](Self::set_id_value).
    #[cfg(feature = "tower")]
    #[inline]
    pub(crate) fn id_value(&self) -> Option<&http::HeaderValue> {
        self.0.extras.get()?.id_value.as_ref()
    }

    #[inline]
    pub(crate) fn set_outer(&self, outer: Option<Self>) {
        if let Some(outer) = outer {
            let _ = self.0.extras.write().outer.set(outer);
        }
    }

    /// The request or job in which this one runs, if it runs in one.
    #[inline]
    pub(crate) fn outer(&self) -> Option<&Self> {
        self.0.extras.get()?.outer.get()
    }

    /// Names the route, for applications that route by themselves. It wins over the framework's.
    ///
    /// Give a pattern, never a path: the text becomes a label. The first call counts. Passing
    /// clones of one `Arc` is cheapest.
    pub fn set_route(&self, pattern: impl Into<Arc<str>>) {
        let _ = self.0.extras.write().route.set(pattern.into());
    }

    #[inline]
    pub(crate) fn route(&self) -> Option<Route<'_>> {
        self.0.extras.get()?.route.get().map(|pattern| Route { pattern, owner: pattern })
    }

    /// The route that an observed router further in matched. It is the request's if the outer router
    /// knows none.
    pub(crate) fn set_inner_route(&self, route: Option<Route<'_>>) {
        if let Some(route) = route {
            let _ = self.0.extras.write().inner_route.set(route.pattern.into());
        }
    }

    pub(crate) fn inner_route(&self) -> Option<Route<'_>> {
        self.0.extras.get()?.inner_route.get().map(|pattern| Route { pattern, owner: pattern })
    }

    /// Marks the response as a stream: counted and gauged, but kept out of the latency histogram.
    ///
    /// Server-sent events (`text/event-stream`), `101` and `CONNECT` are streams by themselves.
    pub fn mark_streaming(&self) {
        self.0.extras.write().streaming.store(true, Ordering::Relaxed);
    }

    /// What was marked so far.
    #[inline]
    pub(crate) fn marks(&self) -> Marks {
        self.0.extras.get().map_or_else(Marks::default, extras::Content::marks)
    }

    /// Leaves the request out of every signal: it is not counted, has no line, no span and no event, and
    /// its answer carries no ids. For endpoints that an adapter knows only once they are reached.
    pub fn exclude(&self) {
        self.0.extras.write().excluded.store(true, Ordering::Relaxed);
    }

    #[inline]
    pub(crate) fn is_excluded(&self) -> bool {
        self.0.extras.get().is_some_and(|extras| extras.excluded.load(Ordering::Relaxed))
    }

    /// Says that the hit of a limit was counted, with all that is known of it: a 429 that follows is
    /// the same hit.
    pub fn mark_limit_counted(&self) {
        self.0.extras.write().limit_counted.store(true, Ordering::Relaxed);
    }

    /// Whether the hit of a limit was counted already.
    #[must_use]
    pub fn is_limit_counted(&self) -> bool {
        self.0.extras.get().is_some_and(|extras| extras.limit_counted.load(Ordering::Relaxed))
    }

    /// Counts a call that was measured in another way than with a [`Call`](crate::Call).
    #[inline]
    pub fn count_call(&self, kind: CallKind) {
        self.0.calls.count(kind);
    }

    /// How many calls of this kind the request has made so far.
    #[inline]
    #[must_use]
    pub fn calls(&self, kind: CallKind) -> u64 {
        self.0.calls.get(kind)
    }

    /// Whether the request has made a call.
    #[inline]
    #[must_use]
    pub fn has_calls(&self) -> bool {
        self.0.calls.any()
    }

    /// The last calls of the request that ended, at most 32, oldest first.
    #[must_use]
    pub fn breadcrumbs(&self) -> Vec<Breadcrumb> {
        if self.has_calls() { self.0.calls.last() } else { Vec::new() }
    }

    #[inline]
    pub(crate) fn call_ended(&self, kind: CallKind, crumb: impl FnOnce() -> Breadcrumb) {
        self.0.calls.count(kind);
        self.0.calls.keep(crumb());
    }

    /// Where the request stands in its trace. `None` without the tracing signal.
    #[inline]
    #[must_use]
    pub fn trace(&self) -> Option<TraceContext> {
        match &self.0.place {
            Some(place) => Some(place.trace),
            None => self.0.extras.get()?.trace.get().copied(),
        }
    }

    /// Whether the trace is kept; `false` without one.
    #[inline]
    #[must_use]
    pub fn is_sampled(&self) -> bool {
        self.trace().is_some_and(|trace| trace.is_sampled())
    }

    /// What goes to the next service as `tracestate`, if there is anything. Send it with every call
    /// that carries the [`trace`](Self::trace), unchanged.
    #[inline]
    #[must_use]
    pub fn trace_state(&self) -> Option<&TraceState> {
        self.0.place.as_ref()?.trace_state.as_ref()
    }

    /// Places the request in its trace, unless [`Observer::place`](crate::Observer::place) has done
    /// so. The first call counts.
    #[inline]
    pub fn set_trace(&self, trace: TraceContext) {
        let _ = self.0.extras.write().trace.set(trace);
    }

    #[inline]
    fn read<R: Default>(&self, f: impl FnOnce(&mut details::Content) -> R) -> R {
        self.0.extras.get().map_or_else(R::default, |extras| extras.details.read(f))
    }

    /// Adds a field to the request's access line, span and error event; the same key again
    /// replaces the value. The value is a number, a `bool` or a text, borrowed for any lifetime or
    /// owned.
    ///
    /// At most 32 fields and 8 KiB per request: a text that is longer than the room that is left is
    /// cut and ends in `…`; a field for which there is no room is left out and counted in
    /// `obs_request_fields_dropped_total`. The value of a key that names a secret, such as
    /// `session_token`, is not kept, nor are [credentials](crate::redact::text) in a text.
    pub fn add(&self, key: &'static str, value: impl Into<FieldValue>) {
        // The conversion is the application's code: it may panic, and then the panic hook comes here.
        let value = match value.into() {
            _ if is_secret_name(key) => FieldValue::from_static(REDACTED),
            FieldValue::Text(text) => {
                FieldValue::Text(bounded_owned(text, details::MAX_FIELD_BYTES))
            }
            other => other,
        };
        self.0.extras.write().details.write(|content| content.add(key, value));
    }

    /// The fields that were added so far.
    #[must_use]
    pub fn fields(&self) -> Vec<(&'static str, FieldValue)> {
        self.read(|content| content.fields().to_vec())
    }

    /// Says what went wrong. The error signal reports it if the request ends with 5xx. The first
    /// call counts, but a panic counts more than an error. Once the request has ended, such as in a
    /// task that outlives it, the error is reported by itself, at once.
    pub fn record_error(&self, error: ErrorRecord) {
        let late = self.0.extras.write().details.write(|content| {
            if content.ended.is_some() {
                return Some(error);
            }
            if content.error.as_ref().is_none_or(|known| error.is_panic() && !known.is_panic()) {
                content.error = Some(error);
            }
            None
        });
        if let Some(error) = late {
            self.task_failed(error);
        }
    }

    /// Records a panic of this thread where it belongs: in the request that runs here, or in its task.
    /// Gives it back outside of both. For a panic hook.
    #[must_use]
    pub fn record_panic(panic: ErrorRecord) -> Option<ErrorRecord> {
        task::record_panic(panic)
    }

    /// The connection of this request leaves HTTP: it is counted in `http_upgraded_connections` until what
    /// this gives is dropped. [`upgraded`](crate::upgraded) does it for callbacks.
    #[must_use]
    pub fn upgraded_connection(&self) -> UpgradedConnection {
        UpgradedConnection::new(&self.0.home)
    }

    /// Reports what failed in a task, and writes a line of it.
    #[cold]
    fn task_failed(&self, error: ErrorRecord) {
        let ended = self.0.extras.write().details.write(|content| {
            content.task_panics += u32::from(content.ended.is_none() && error.is_panic());
            content.ended.clone()
        });
        let what = if error.is_panic() { "a task panicked" } else { "a task failed" };
        tracing::error!(target: "obs.task", error = error.message(), "{what}");
        if let Some(home) = self.0.home.upgrade() {
            let ended = ended.as_ref().map(|Ended { work, route }| (*work, &**route));
            home.task_failed(self, &error, ended);
        }
    }

    /// The exchange ends: from now on what its tasks do is no longer its own. Gives how many of their
    /// panics were reported so far.
    #[inline]
    pub(crate) fn end(&self, ended: impl FnOnce() -> Ended) -> u32 {
        let held = Arc::strong_count(&self.0) > 1;
        // What another thread did before it let go of the context is seen.
        fence(Ordering::Acquire);
        if !held && self.0.extras.get().is_none_or(|extras| extras.details.is_empty()) {
            return 0;
        }
        self.0.extras.write().details.write(|content| {
            if held {
                content.ended = Some(ended());
            }
            content.task_panics
        })
    }

    /// What kind of error is recorded: see [`ErrorRecord::kind`].
    #[must_use]
    pub fn error_kind(&self) -> Option<&'static str> {
        self.read(|content| content.error.as_ref().map(|error| error.kind))
    }

    /// A request or job inside this one failed with this error, and an event of it was made.
    pub(crate) fn note_reported(&self, error: Option<ErrorRecord>) {
        self.0.extras.write().details.write(|content| content.note_reported(error));
    }

    /// Whether a failure with this error is one that was [noted](Self::note_reported).
    pub(crate) fn has_reported(&self, error: Option<&ErrorRecord>) -> bool {
        self.read(|content| content.has_reported(error))
    }

    /// What went wrong, if anything said so.
    #[must_use]
    pub fn error(&self) -> Option<ErrorRecord> {
        self.read(|content| content.error.clone())
    }

    /// Keeps a finished span of the application until the request ends. Gives it back if that was
    /// before.
    #[must_use]
    pub fn keep_span(&self, span: SpanRecord) -> Option<SpanRecord> {
        self.0.extras.write().details.write(|content| content.keep(span))
    }

    /// The spans that were kept, and how many were cut; spans that end from now on are late. The
    /// tracing signal takes them at the end.
    #[must_use]
    pub fn close_spans(&self) -> (Vec<SpanRecord>, u32) {
        self.0.extras.write().details.write(details::Content::close)
    }

    #[inline]
    pub(crate) fn fields_dropped(&self) -> u64 {
        self.read(|content| content.fields_dropped)
    }
}

impl fmt::Debug for RequestContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestContext")
            .field("request_id", &self.0.id)
            .field("route", &self.route().map(|route| route.pattern))
            .finish_non_exhaustive()
    }
}
