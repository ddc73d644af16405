use crate::{
    CallSite, Facts, Finished, FinishedCall, Headers, RequestContext, TaskFailure, TraceContext,
    TraceState, Work,
};

/// A request at its beginning.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct RequestInfo<'a> {
    /// Method, path and, if already known, the route.
    pub facts: &'a dyn Facts,
    /// The request headers; what a signal wants of them it copies in [`Observer::begin`].
    pub headers: &'a dyn Headers,
}

impl<'a> RequestInfo<'a> {
    pub(crate) fn new(facts: &'a dyn Facts, headers: &'a dyn Headers) -> Self {
        Self { facts, headers }
    }
}

/// Where an exchange stands in its trace, and what goes on to the services that it calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its ids and flags.
    pub trace: TraceContext,
    /// The `tracestate`, if there is one.
    pub trace_state: Option<TraceState>,
    /// Whether the trace starts here: no caller sent one.
    pub root: bool,
}

/// A signal: it sees every exchange begin, be polled and end, and every outgoing call.
///
/// [`finish`](Self::finish) or [`discard`](Self::discard) runs exactly once per [`begin`](Self::begin). None of the methods may
/// block, fail or panic: they run on the request path. It is `Send` and `Sync`, because the tasks of a
/// request report to it from any thread; what it remembers of one exchange need not be.
pub trait Observer: Send + Sync + 'static {
    /// What this observer remembers of one exchange, inline in the response future.
    type State: 'static;

    /// Chooses the place of a request or job in its trace, before its context is made. `None` without
    /// tracing, which is the default.
    fn place(&self, _request: &RequestInfo<'_>) -> Option<Place> {
        None
    }

    /// A request arrived. The route may still be unknown.
    fn begin(&self, request: &RequestInfo<'_>, context: &RequestContext) -> Self::State;

    /// Held during every poll of the handler and of the response body.
    fn enter<'a>(&'a self, _state: &'a mut Self::State) -> impl Sized + 'a {}

    /// The exchange ended. Runs outside of the scope of [`enter`](Self::enter).
    fn finish(&self, state: Self::State, end: &Finished<'_>);

    /// The exchange ended, and [is left out](RequestContext::exclude) of every signal: in place of
    /// [`finish`](Self::finish). Default: nothing.
    fn discard(&self, _state: Self::State, _work: Work) {}

    /// A task that kept the context of an exchange failed, while the exchange runs or after its end.
    /// Default: nothing.
    fn task_failed(&self, _failure: &TaskFailure<'_>) {}

    /// An outgoing call begins, in a request or job or outside of both. Returns the place of its
    /// client span if the trace is kept: it goes out to the service that is called. Its `tracestate`
    /// is only set if the trace starts here; else it is that of the request.
    fn begin_call(&self, _site: &CallSite, _context: Option<&RequestContext>) -> Option<Place> {
        None
    }

    /// An outgoing call ended: exactly once per [`begin_call`](Self::begin_call).
    fn finish_call(&self, _call: &mut FinishedCall<'_>) {}
}

/// Observes nothing: what the lifecycle itself costs.
impl Observer for () {
    type State = ();

    fn begin(&self, _: &RequestInfo<'_>, _: &RequestContext) {}

    fn finish(&self, (): (), _: &Finished<'_>) {}
}
