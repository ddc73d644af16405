//! What a failed exchange and a panic look like as events.

use std::thread;
use std::time::Duration;

use obs_core::redact::bounded;
use obs_core::{ErrorRecord, Finished, Outcome, TaskFailure, Work};

use crate::breadcrumbs::Breadcrumbs;
use crate::event::{Event, Exception, Exceptions, Fields, LogEntry, Mechanism, Request};
use crate::text::{SHORT, line};

pub(crate) fn exchange(end: &Finished<'_>) -> Event {
    let mechanism = Mechanism::new(end.panicked(), end.outcome != Outcome::Panic);
    let mut event = Event::new(end.clock.unix(end.start + end.duration), level(mechanism));
    let route = end.route_name();
    event.tag("request_id", &end.context.request_id().to_string());
    event.tag("outcome", end.outcome_name());
    let name = if end.facts.work() == Work::Job {
        event.tag("job", route);
        line(route, SHORT)
    } else {
        let method = end.facts.method();
        event.tag("method", method);
        event.tag("route", route);
        event.tag("status_code", &end.status.to_string());
        event.request = Some(Request::new(method, end.facts.path()));
        line(&format!("{} {route}", bounded(method, SHORT)), SHORT)
    };
    event.exception = exceptions(end.context.error().as_ref(), mechanism);
    if event.exception.is_none() {
        event.logentry = Some(LogEntry { formatted: message(&name, end) });
    }
    event.transaction = Some(name);
    event.contexts.trace = end.context.trace().map(Into::into);
    event.contexts.fields = Fields(end.context.fields());
    event.breadcrumbs = Breadcrumbs::of(&end.context.breadcrumbs(), end.clock);
    event
}

/// What failed in a task that kept its request's context.
pub(crate) fn task(failure: &TaskFailure<'_>) -> Event {
    let mechanism = Mechanism::new(failure.error.is_panic(), !failure.error.is_panic());
    let mut event = Event::new(failure.clock.unix(failure.at), level(mechanism));
    event.tag("request_id", &failure.context.request_id().to_string());
    event.tag("thread", thread::current().name().unwrap_or_default());
    if failure.error.is_panic() {
        event.tag("outcome", Outcome::Panic.as_str());
    }
    if let Some((work, route)) = failure.ended {
        event.tag(if work == Work::Job { "job" } else { "route" }, route);
    }
    event.exception = exceptions(Some(failure.error), mechanism);
    event.contexts.trace = failure.context.trace().map(Into::into);
    event.contexts.fields = Fields(failure.context.fields());
    event
}

fn level(mechanism: Mechanism) -> &'static str {
    if mechanism.is_panic() { "fatal" } else { "error" }
}

/// A panic that belongs to no request.
pub(crate) fn panic(record: &ErrorRecord, at: Duration) -> Event {
    let mut event = Event::new(at, "fatal");
    event.tag("outcome", Outcome::Panic.as_str());
    event.tag("thread", thread::current().name().unwrap_or_default());
    event.exception = exceptions(Some(record), Mechanism::new(true, false));
    event
}

fn exceptions(record: Option<&ErrorRecord>, mechanism: Mechanism) -> Option<Exceptions> {
    let mut exceptions = record.map(|record| Exceptions::of(record, mechanism));
    // Without a panic hook, what the panic said is unknown.
    if mechanism.is_panic() && !record.is_some_and(ErrorRecord::is_panic) {
        let panic = Exception::new("panic", "the handler panicked", mechanism);
        exceptions.get_or_insert_with(|| Exceptions { values: Vec::new() }).push(panic);
    }
    exceptions.filter(|exceptions| !exceptions.values.is_empty())
}

fn message(name: &str, end: &Finished<'_>) -> String {
    match end.outcome {
        Outcome::BodyError => format!("{name}: the response body failed"),
        _ if end.facts.work() == Work::Job => format!("{name} failed"),
        _ => format!("{name} answered {}", end.status),
    }
}
