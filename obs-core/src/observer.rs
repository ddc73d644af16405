use std::any::Any;
use std::time::{Duration, Instant};

use crate::{Clock, Outcome, RequestContext};

/// What an adapter knows of a request, in the framework's own types.
///
/// Owned by the exchange until its end, so that all signals share one copy; text is produced only
/// when a signal asks for it.
pub trait Facts: 'static {
    /// The request method as sent, such as `GET`.
    fn method(&self) -> &str;
    /// The path without the query.
    fn path(&self) -> &str;
    /// The route that matched. A late fact: some frameworks know it only after routing.
    fn route(&self) -> Option<Route<'_>>;
    /// What kind of work this is.
    fn work(&self) -> Work {
        Work::Request
    }
    /// The version of HTTP as
    /// [OpenTelemetry](https://opentelemetry.io/docs/specs/semconv/registry/attributes/network/)
    /// writes it: `1.0`, `1.1`, `2`, `3`. `None` if the adapter does not know.
    fn protocol_version(&self) -> Option<&'static str> {
        None
    }
}

/// What an exchange stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Work {
    /// A request that is answered.
    Request,
    /// Work without a request: see [`Lifecycle::job`](crate::Lifecycle::job). Its route is its
    /// name; its status is 200 if it succeeded, else 500.
    Job,
}

/// The pattern of the route that matched, such as `/orders/{id}`.
#[derive(Clone, Copy)]
pub struct Route<'a> {
    /// The pattern's text. Never the path of the request.
    pub pattern: &'a str,
    /// Whatever keeps that very text at its address.
    pub owner: &'a dyn Keep,
}

impl std::fmt::Debug for Route<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Route").field(&self.pattern).finish()
    }
}

/// The owner of a route's text.
///
/// Signals may recognise a route by the address of its text. They then hold a clone of the owner,
/// because the address of a dropped text is used again.
pub trait Keep {
    /// A clone that keeps the text alive **at the same address**: of an `Arc<str>`, never of a
    /// `String`.
    fn keep(&self) -> Box<dyn Any>;
}

impl Keep for &'static str {
    fn keep(&self) -> Box<dyn Any> {
        Box::new(*self)
    }
}

impl Keep for std::sync::Arc<str> {
    fn keep(&self) -> Box<dyn Any> {
        Box::new(Self::clone(self))
    }
}

/// Request headers, whatever version of `http` the framework uses.
pub trait Headers {
    /// The first value of the header `name` (lower case), as bytes.
    fn get(&self, name: &str) -> Option<&[u8]>;

    /// Shows every value of the header `name` (lower case): for headers that may come only once.
    fn each(&self, name: &str, value: &mut dyn FnMut(&[u8])) {
        self.get(name).into_iter().for_each(value);
    }
}

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

/// A finished exchange: the record that every signal is derived from.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Finished<'a> {
    /// Method, path and route.
    pub facts: &'a dyn Facts,
    /// The context that was current while the handler ran.
    pub context: &'a RequestContext,
    /// How the exchange ended.
    pub outcome: Outcome,
    /// The status that was sent; 499 if the client left before it, 500 for a panic before it.
    pub status: u16,
    /// The clock of the [`Lifecycle`](crate::Lifecycle), for wall times of stamps.
    pub clock: &'a Clock,
    /// The stamp of the beginning.
    pub start: Instant,
    /// From the beginning to the end of the response body.
    pub duration: Duration,
    /// Bytes of response body handed to the server.
    pub bytes: u64,
    /// Counted, but no latency: server-sent events, upgrades, routes marked as streaming.
    pub streaming: bool,
}

impl Finished<'_> {
    /// The route: what [`RequestContext::set_route`] said, else what the framework matched.
    #[must_use]
    pub fn route(&self) -> Option<Route<'_>> {
        self.context.route().or_else(|| self.facts.route())
    }
}

impl std::fmt::Debug for Finished<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Finished")
            .field("method", &self.facts.method())
            .field("route", &self.route())
            .field("outcome", &self.outcome)
            .field("status", &self.status)
            .field("duration", &self.duration)
            .field("bytes", &self.bytes)
            .finish_non_exhaustive()
    }
}

/// A signal: it sees every exchange begin, be polled and end.
///
/// [`finish`](Self::finish) runs exactly once per [`begin`](Self::begin). None of the methods may
/// block, fail or panic: they run on the request path. Bounds such as `Send` are the adapters' to
/// ask for.
pub trait Observer: 'static {
    /// What this observer remembers of one exchange, inline in the response future.
    type State: 'static;

    /// A request arrived. The route may still be unknown.
    fn begin(&self, request: &RequestInfo<'_>, context: &RequestContext) -> Self::State;

    /// Held during every poll of the handler and of the response body.
    fn enter<'a>(&'a self, _state: &'a mut Self::State) -> impl Sized + 'a {}

    /// The exchange ended. Runs outside of the scope of [`enter`](Self::enter).
    fn finish(&self, state: Self::State, end: &Finished<'_>);
}

/// Observes nothing: what the lifecycle itself costs.
impl Observer for () {
    type State = ();

    fn begin(&self, _: &RequestInfo<'_>, _: &RequestContext) {}

    fn finish(&self, (): (), _: &Finished<'_>) {}
}
