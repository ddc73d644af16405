use std::borrow::Cow;
use std::error::Error;
use std::fmt::Display;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::site::Held;
use super::{CallObserver, CallOutcome, CallStart, FinishedCall, ObservedCall, call_observer};
use crate::context::Breadcrumb;
use crate::redact::{self, REDACTED, is_secret_name};
use crate::{ErrorRecord, FieldValue, Place, RequestContext, TraceContext, TraceState};

/// How many attributes a driver may add to a client span.
const MAX_ATTRIBUTES: usize = 32;
/// Longest text of an attribute, in bytes.
const MAX_ATTRIBUTE: usize = 2048;

/// An outgoing call while it runs. It ends exactly once: with [`succeed`](Self::succeed),
/// [`fail`](Self::fail) or [`end`](Self::end); dropped before that it was cancelled.
///
/// In a request it is observed by the handle of that request, else by the one that was
/// [named](super::CallSite::with), else by the installed one, else by none: then everything here
/// does nothing. At its end it becomes an observation in a duration histogram, a client span if
/// the trace is kept, a line if it was slow, and a part of the request's counts and breadcrumbs.
///
/// ```
/// use obs_core::{Call, CallSite};
///
/// static CHARGE: CallSite = CallSite::http("POST", "payment-gateway");
///
/// # async fn send(_: Vec<(String, String)>) -> Result<u16, std::io::Error> { Ok(200) }
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let mut call = Call::begin(&CHARGE);
/// call.server("pay.example.com", 443);
/// let mut headers = Vec::new();
/// call.inject_with(|name, value| headers.push((name.to_owned(), value.to_owned())));
/// let result = send(headers).await;
/// if let Ok(status) = &result {
///     call.http_status(*status);
/// }
/// call.end(&result);
/// # });
/// ```
#[must_use = "a call that is dropped at once was cancelled"]
pub struct Call(Option<Running>);

struct Running {
    site: Held,
    handle: Arc<dyn CallObserver>,
    context: Option<RequestContext>,
    /// Where the client span stands, if the trace is kept.
    place: Option<Place>,
    start: Instant,
    measured: Option<Duration>,
    attributes: Vec<(Cow<'static, str>, FieldValue)>,
    status: Option<u16>,
    /// Set while the call's future is being polled: found set later, the poll panicked.
    polling: bool,
}

impl Call {
    /// Begins a call.
    #[inline]
    pub fn begin(start: impl Into<CallStart>) -> Self {
        let CallStart { site, handle, measured } = start.into();
        let context = crate::current_context();
        let handle = match &context {
            Some(context) => context.handle(),
            None => handle.or_else(|| call_observer().cloned()),
        };
        let Some(handle) = handle else { return Self(None) };
        let place = handle.begin_call(&site, context.as_ref());
        let (start, measured) = match measured {
            Some((start, duration)) => (start, Some(duration)),
            None => (handle.clock().now(), None),
        };
        Self(Some(Running {
            site,
            handle,
            context,
            place,
            start,
            measured,
            attributes: Vec::new(),
            status: None,
            polling: false,
        }))
    }

    /// Whether a handle observes the call.
    #[inline]
    #[must_use]
    pub fn is_observed(&self) -> bool {
        self.0.is_some()
    }

    /// Whether the call becomes a client span: only then are attributes kept.
    #[inline]
    #[must_use]
    pub fn is_recorded(&self) -> bool {
        self.trace().is_some()
    }

    /// The place of the client span in its trace. `None` if the trace is not kept.
    #[must_use]
    pub fn trace(&self) -> Option<&TraceContext> {
        Some(&self.0.as_ref()?.place.as_ref()?.trace)
    }

    /// What goes out as `tracestate`: that of the request, or of the trace that starts here.
    #[must_use]
    pub fn trace_state(&self) -> Option<&TraceState> {
        let running = self.0.as_ref()?;
        let own = running.place.as_ref().and_then(|place| place.trace_state.as_ref());
        own.or_else(|| running.context.as_ref()?.trace_state())
    }

    /// The request or job that the call is part of.
    #[must_use]
    pub fn context(&self) -> Option<&RequestContext> {
        self.0.as_ref()?.context.as_ref()
    }

    /// Adds an attribute to the client span: at most 32, texts of at most 2 KiB; credentials are
    /// removed, as are values of names such as `password`. Does nothing if the trace is not kept.
    pub fn attribute(&mut self, name: &'static str, value: impl Into<FieldValue>) {
        let Some(running) = &mut self.0 else { return };
        if running.place.is_none() || running.attributes.len() == MAX_ATTRIBUTES {
            return;
        }
        let value = match value.into() {
            _ if is_secret_name(name) => FieldValue::from_static(REDACTED),
            FieldValue::Text(text) => FieldValue::Text(redact::bounded_owned(text, MAX_ATTRIBUTE)),
            other => other,
        };
        running.attributes.push((name.into(), value));
    }

    /// The host and port that are called: `server.address` and `server.port`.
    pub fn server(&mut self, address: &str, port: u16) {
        if self.is_recorded() {
            self.attribute("server.address", address.to_owned());
            self.attribute("server.port", port);
        }
    }

    /// The status of the HTTP response. From 400 on the call counts as failed, whatever it ends with.
    pub fn http_status(&mut self, status: u16) {
        if let Some(running) = &mut self.0 {
            running.status = Some(status);
        }
    }

    /// Runs `work`, such as a poll of the call's future, as part of the call: a span or call that
    /// begins in it is a child of this one, and [`inject`](crate::inject_with) gives its ids.
    #[inline]
    pub fn in_scope<R>(&mut self, work: impl FnOnce() -> R) -> R {
        let Some(running) = &mut self.0 else { return work() };
        running.polling = true;
        let result = match &running.place {
            None => work(),
            Some(_place) => {
                #[cfg(feature = "spans")]
                let _scope = crate::spans::enter_call(&_place.trace, running.context.as_ref());
                work()
            }
        };
        running.polling = false;
        result
    }

    /// Lets `future` run as this call: see [`observe_call`](super::observe_call).
    pub fn observe<F, T, E>(self, future: F) -> ObservedCall<F>
    where
        F: Future<Output = Result<T, E>>,
        E: Display,
    {
        ObservedCall::begun(self, future)
    }

    /// Ends the call with success.
    #[inline]
    pub fn succeed(mut self) {
        self.finish(CallOutcome::Success, None);
    }

    /// Ends the call with this error and its causes.
    pub fn fail<E: Error + ?Sized>(mut self, error: &E) {
        if self.is_observed() {
            self.finish(CallOutcome::Error, Some(ErrorRecord::of(error)));
        }
    }

    /// Ends the call with this error.
    pub fn fail_with(mut self, error: ErrorRecord) {
        self.finish(CallOutcome::Error, Some(error));
    }

    /// Ends the call with this result.
    pub fn end<T, E: Error>(self, result: &Result<T, E>) {
        match result {
            Ok(_) => self.succeed(),
            Err(error) => self.fail(error),
        }
    }

    /// Ends the call where it lies: it is too large to move for nothing.
    #[inline]
    pub(super) fn finish(&mut self, outcome: CallOutcome, error: Option<ErrorRecord>) {
        if let Some(running) = &mut self.0 {
            running.finish(outcome, error.as_ref());
            self.0 = None;
        }
    }
}

impl Running {
    fn finish(&mut self, outcome: CallOutcome, error: Option<&ErrorRecord>) {
        let attributes = std::mem::take(&mut self.attributes);
        let Self { site, handle, context, place, start, measured, status, .. } = self;
        let clock = handle.clock();
        let duration = match measured {
            Some(duration) => *duration,
            None => clock.now().saturating_duration_since(*start),
        };
        let refused = status.is_some_and(|status| status >= 400);
        let outcome = match outcome {
            CallOutcome::Success if refused => CallOutcome::Error,
            outcome => outcome,
        };
        if let Some(context) = context {
            context.call_ended(site.kind(), || Breadcrumb {
                site: site.clone(),
                at: *start + duration,
                duration,
                outcome,
                status: *status,
                error: error.map(ErrorRecord::message),
            });
        }
        handle.finish_call(&mut FinishedCall {
            site,
            context: context.as_ref(),
            place: place.as_ref(),
            outcome,
            error,
            status: *status,
            attributes,
            clock,
            start: *start,
            duration,
        });
    }
}

impl Drop for Call {
    #[inline]
    fn drop(&mut self) {
        match &self.0 {
            None => {}
            Some(running) if running.polling => {
                let panic = ErrorRecord::of_text("panic", "the call panicked");
                self.finish(CallOutcome::Error, Some(panic));
            }
            Some(_) => self.finish(CallOutcome::Cancelled, None),
        }
    }
}

impl std::fmt::Debug for Call {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Call")
            .field("site", &self.0.as_ref().map(|running| &*running.site))
            .field("trace", &self.trace())
            .finish_non_exhaustive()
    }
}
