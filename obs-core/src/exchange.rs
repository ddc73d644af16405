use std::sync::Arc;
use std::time::Instant;

use crate::context::{Ended, enter};
use crate::{
    Facts, Finished, Headers, Lifecycle, Observer, Outcome, RequestContext, RequestInfo,
    UNKNOWN_ROUTE, UpgradedConnection, Work, grpc, mutant, recycle,
};

/// One request and its response, from arrival to the end of the body, ended exactly once.
///
/// Adapters drive it: [`begin`](Self::begin), [`in_scope`](Self::in_scope) around every poll,
/// [`headers`](Self::headers), [`bytes`](Self::bytes), [`finish`](Self::finish). Dropping it is an
/// end too, and the right one: a panic if a poll did not come back, complete if all bytes that were
/// promised were handed over, else a client that left.
pub struct Exchange<O: Observer, F: Facts>(Option<Box<Option<Live<O, F>>>>);

struct Live<O: Observer, F> {
    lifecycle: Arc<Lifecycle<O>>,
    /// `Some` until the end.
    state: Option<O::State>,
    facts: F,
    /// `Some` except while it is the current context.
    context: Option<RequestContext>,
    start: Instant,
    bytes: u64,
    expected: Option<u64>,
    /// 0 until the headers.
    status: u16,
    grpc_status: Option<u16>,
    /// Set while the handler or the body is being polled: found set later, the poll panicked.
    polling: bool,
    streaming: bool,
}

/// What a response's head says of its body.
#[derive(Clone, Copy, Debug)]
pub struct Head {
    /// The status code.
    pub status: u16,
    /// The body is known to be empty, or the server will not poll it.
    pub bodyless: bool,
    /// How many bytes the body has, if declared (by `size_hint` or `Content-Length`).
    pub length: Option<u64>,
    /// Server-sent events: counted, not timed.
    pub streaming: bool,
}

impl<O: Observer, F: Facts> Exchange<O, F> {
    /// Begins an exchange. The client's request id is read from its headers.
    ///
    /// If the same lifecycle already observes this request further out, the exchange is inert.
    #[inline]
    pub fn begin(lifecycle: Arc<Lifecycle<O>>, facts: F, headers: &dyn Headers) -> Self {
        let start = lifecycle.clock().now();
        match lifecycle.context(&RequestInfo::new(&facts, headers), start) {
            Some(context) => {
                if let Some(outer) = context.outer() {
                    outer.set_inner_route(facts.route());
                }
                Self::with_context(lifecycle, facts, headers, context, start)
            }
            None => {
                // This router may know a route that the outer one does not.
                RequestContext::is_current(|outer| {
                    outer.set_inner_route(facts.route());
                    true
                });
                Self(None)
            }
        }
    }

    /// Begins an exchange that may stand inside another one of the same lifecycle.
    pub(crate) fn begin_nested(lifecycle: Arc<Lifecycle<O>>, facts: F) -> Self {
        let start = lifecycle.clock().now();
        let context = lifecycle.job_context(&RequestInfo::new(&facts, &()), start);
        context.set_outer(RequestContext::current());
        Self::with_context(lifecycle, facts, &(), context, start)
    }

    #[inline]
    fn with_context(
        lifecycle: Arc<Lifecycle<O>>,
        facts: F,
        headers: &dyn Headers,
        context: RequestContext,
        start: Instant,
    ) -> Self {
        let state = lifecycle.observer().begin(&RequestInfo::new(&facts, headers), &context);
        Self(Some(recycle::fill(Live {
            lifecycle,
            state: Some(state),
            facts,
            context: Some(context),
            start,
            bytes: 0,
            expected: None,
            status: 0,
            grpc_status: None,
            polling: false,
            streaming: false,
        })))
    }

    /// An exchange that is over.
    #[must_use]
    pub const fn ended() -> Self {
        Self(None)
    }

    #[inline]
    fn live(&self) -> Option<&Live<O, F>> {
        self.0.as_deref()?.as_ref()
    }

    #[inline]
    fn live_mut(&mut self) -> Option<&mut Live<O, F>> {
        self.0.as_deref_mut()?.as_mut()
    }

    /// The lifecycle of this exchange. `None` once it ended, and if it is inert.
    #[must_use]
    pub fn lifecycle(&self) -> Option<&Lifecycle<O>> {
        Some(&self.live()?.lifecycle)
    }

    /// Runs `poll` with the request's context current and the observer entered.
    ///
    /// A panic passes through; the exchange remembers it, and has no scope from then on.
    #[inline]
    pub fn in_scope<R>(&mut self, poll: impl FnOnce() -> R) -> R {
        let Some(live) = self.live_mut().filter(|live| !live.polling) else { return poll() };
        live.polling = !mutant::is("panic-forgotten");
        let result = {
            // Entered first, left last.
            let _current = enter(&mut live.context);
            let observer = live.lifecycle.observer();
            let _scope = live.state.as_mut().map(|state| observer.enter(state));
            poll()
        };
        live.polling = false;
        result
    }

    /// The context of this exchange. `None` once it ended, and if it is inert.
    #[inline]
    #[must_use]
    pub fn context(&self) -> Option<&RequestContext> {
        self.live()?.context.as_ref()
    }

    #[cfg(feature = "tower")]
    #[inline]
    pub(crate) fn context_mut(&mut self) -> Option<&mut RequestContext> {
        self.live_mut()?.context.as_mut()
    }

    /// What the adapter keeps of the request, for facts that it learns late. `None` once the exchange
    /// ended, and if it is inert.
    pub fn facts_mut(&mut self) -> Option<&mut F> {
        Some(&mut self.live_mut()?.facts)
    }

    /// The connection that leaves HTTP with a response of this status, if it does: for adapters whose
    /// server sends an upgraded connection as the body of the response. It is open until dropped.
    #[inline]
    #[must_use]
    pub fn upgraded_connection(&self, status: u16) -> Option<UpgradedConnection> {
        let live = self.live()?;
        is_upgrade(live.facts.method(), status)
            .then(|| Some(live.context.as_ref()?.upgraded_connection()))?
    }

    /// The response headers are there. Ends the exchange if no body will follow.
    #[inline]
    pub fn headers(&mut self, head: Head) {
        let Some(live) = self.live_mut() else { return };
        live.status = head.status;
        live.expected = head.length;
        live.streaming = head.streaming && !mutant::is("streams-timed");
        let method = live.facts.method();
        if is_upgrade(method, head.status) {
            live.streaming = true;
            self.finish(if mutant::is("upgrade-is-complete") {
                Outcome::Complete
            } else {
                Outcome::Upgraded
            });
        } else if mutant::is("bodyless-not-ended") {
            // Then its drop is the end.
        } else if head.bodyless || method == "HEAD" || matches!(head.status, 204 | 304) {
            // A server does not poll these bodies: it drops them, whatever length they declare.
            live.expected = None;
            self.finish(Outcome::Complete);
        }
    }

    /// A frame of body data was handed to the server.
    #[inline]
    pub fn bytes(&mut self, count: usize) {
        if let Some(live) = self.live_mut().filter(|_| !mutant::is("body-bytes-not-counted")) {
            live.bytes += count as u64;
        }
    }

    /// The trailers of the response, or the headers of one without a body: they hold the status of a
    /// gRPC call.
    #[inline]
    pub fn trailers(&mut self, trailers: &dyn Headers) {
        if let Some(live) = self.live_mut().filter(|_| !mutant::is("trailers-ignored")) {
            live.grpc_status = grpc::status(trailers);
        }
    }

    /// Ends the exchange; later calls do nothing.
    ///
    /// A body that ended with fewer or more bytes than its head declared is not
    /// [`Complete`](Outcome::Complete): it is a [`BodyError`](Outcome::BodyError), because the client
    /// gets a response that is cut off.
    pub fn finish(&mut self, outcome: Outcome) {
        let forgotten = outcome == Outcome::Panic && mutant::is("panic-not-an-outcome");
        let outcome = if forgotten { Outcome::Complete } else { outcome };
        let Some(mut boxed) = self.0.take() else { return };
        if let Some(live) = boxed.as_mut() {
            live.finish(outcome);
        }
        recycle::empty(boxed);
    }
}

#[inline]
fn is_upgrade(method: &str, status: u16) -> bool {
    status == 101 || (method == "CONNECT" && (200..300).contains(&status))
}

impl<O: Observer, F: Facts> Live<O, F> {
    /// Finishes in place: the state of an exchange is too large to move.
    #[inline]
    fn finish(&mut self, outcome: Outcome) {
        let (Some(state), Some(context)) = (self.state.take(), self.context.take()) else { return };
        let marks = context.marks();
        if marks.excluded {
            return self.discard(state, context);
        }
        let outcome = if outcome == Outcome::Complete && !self.is_whole() {
            Outcome::BodyError
        } else {
            outcome
        };
        let clock = self.lifecycle.clock();
        let status = match (self.status, outcome) {
            (0, Outcome::Panic) => 500,
            (0, _) => 499,
            (sent, _) => self.grpc_status.map_or(sent, grpc::http_status),
        };
        let task_panics = context.end(|| self.ended(&context));
        self.lifecycle.observer().finish(
            state,
            &Finished {
                facts: &self.facts,
                context: &context,
                task_panics,
                outcome,
                status,
                grpc_status: self.grpc_status,
                clock,
                start: self.start,
                duration: clock.now().saturating_duration_since(self.start),
                bytes: self.bytes,
                streaming: self.streaming || marks.streaming,
            },
        );
        self.lifecycle.count_dropped_fields(context.fields_dropped());
        context.recycle();
    }
}

impl<O: Observer, F: Facts> Live<O, F> {
    /// An excluded request ends: no signal reports it.
    #[cold]
    fn discard(&self, state: O::State, context: RequestContext) {
        self.lifecycle.observer().discard(state, self.facts.work());
        context.recycle();
    }

    /// What tasks that outlive it know of it.
    #[cold]
    fn ended(&self, context: &RequestContext) -> Ended {
        let inner = || context.inner_route();
        let route = context.route().or_else(|| self.facts.route()).or_else(inner);
        let route = route.map_or(UNKNOWN_ROUTE, |route| route.pattern);
        Ended { work: self.facts.work(), route: route.into() }
    }

    /// Whether the body had the length that the head declared, if it declared one.
    #[inline]
    fn is_whole(&self) -> bool {
        self.expected.is_none_or(|length| self.bytes == length)
            || mutant::is("declared-length-ignored")
    }
}

impl<O: Observer, F: Facts> Drop for Exchange<O, F> {
    fn drop(&mut self) {
        let Some(live) = self.live() else { return };
        let outcome = if mutant::is("drop-is-complete") {
            Outcome::Complete
        } else if live.polling {
            Outcome::Panic
        } else if live.status == 0 {
            Outcome::Cancelled
        } else if live.expected.is_some_and(|length| live.bytes >= length) {
            // The server had all that was declared, and did not ask for more.
            Outcome::Complete
        } else {
            Outcome::CancelledInBody
        };
        if matches!(outcome, Outcome::Cancelled | Outcome::CancelledInBody)
            && live.facts.work() == Work::Request
            && !live.context.as_ref().is_some_and(RequestContext::is_excluded)
        {
            live.lifecycle.count_dropped_request();
        }
        self.finish(outcome);
    }
}

impl<O: Observer, F: Facts> std::fmt::Debug for Exchange<O, F> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Exchange").field(&self.context()).finish()
    }
}
