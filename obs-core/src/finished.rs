use std::time::{Duration, Instant};

use crate::{Clock, ErrorRecord, Facts, Outcome, RequestContext, Route, UNKNOWN_ROUTE, Work, grpc};

/// A finished exchange: the record that every signal is derived from.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Finished<'a> {
    /// Method, path and route.
    pub facts: &'a dyn Facts,
    /// The context that was current while the handler ran.
    pub context: &'a RequestContext,
    /// How many tasks that kept its context panicked while it ran. They are no failure of the exchange,
    /// and were [reported](crate::Observer::task_failed) when they happened.
    pub task_panics: u32,
    /// How the exchange ended.
    pub outcome: Outcome,
    /// The status that was sent; 499 if the client left before it, 500 for a panic before it. Of a
    /// gRPC response the status of HTTP that its [`grpc_status`](Self::grpc_status) stands for.
    pub status: u16,
    /// The gRPC status, if the response had one.
    pub grpc_status: Option<u16>,
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
    /// The route: what [`RequestContext::set_route`] said, else what the framework matched, else what an
    /// observed router further in matched. A gRPC call without an implementation has none: its path is
    /// whatever the client made up.
    #[inline]
    #[must_use]
    pub fn route(&self) -> Option<Route<'_>> {
        if self.grpc_status == Some(grpc::UNIMPLEMENTED) {
            return None;
        }
        let route = self.context.route().or_else(|| self.facts.route());
        route.or_else(|| self.context.inner_route())
    }

    /// The pattern of the route, or [`UNKNOWN_ROUTE`].
    #[must_use]
    pub fn route_name(&self) -> &str {
        self.route().map_or(UNKNOWN_ROUTE, |route| route.pattern)
    }

    /// Whether the service failed: it answered 500 or more, panicked, or broke off its answer. A
    /// client that left is no failure.
    #[inline]
    #[must_use]
    pub fn failed(&self) -> bool {
        self.status >= 500 || matches!(self.outcome, Outcome::Panic | Outcome::BodyError)
    }

    /// Whether a panic is what failed it: one that ended the exchange, or one that was caught further in
    /// and answered with an error.
    #[must_use]
    pub fn panicked(&self) -> bool {
        self.outcome == Outcome::Panic
            || (self.failed() && self.context.error_kind() == Some(ErrorRecord::PANIC))
    }

    /// Whether a request or job inside of this one failed with the same error and has
    /// [reported](Self::mark_reported) it, so that a second event would be of the same failure.
    ///
    /// The same error is one that ends with the same causes; a panic that passed through both; and any,
    /// if this one does not say what went wrong.
    #[must_use]
    pub fn is_reported(&self) -> bool {
        self.context.has_reported(self.failure().as_ref())
    }

    /// Says that an event of this failure was made, to the request or job that it is inside of.
    pub fn mark_reported(&self) {
        if let Some(outer) = self.context.outer() {
            outer.note_reported(self.failure());
        }
    }

    /// The error, unless a panic went through that recorded itself further in.
    fn failure(&self) -> Option<ErrorRecord> {
        let error = self.context.error();
        error.filter(|error| error.is_panic() || self.outcome != Outcome::Panic)
    }

    /// The name of the outcome in labels, log lines and attributes: that of [`Outcome`], and
    /// `failed` for a job that ran to its end and returned an error.
    #[must_use]
    pub fn outcome_name(&self) -> &'static str {
        match (self.facts.work(), self.outcome) {
            (Work::Job, Outcome::Complete) if self.status >= 500 => "failed",
            (_, outcome) => outcome.as_str(),
        }
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
