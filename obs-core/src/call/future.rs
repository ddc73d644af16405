use std::any::type_name;
use std::fmt::Display;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;

use super::{Call, CallOutcome, CallStart};
use crate::ErrorRecord;

pin_project! {
    /// A future that is observed as one call. [`observe_call`] makes it.
    #[must_use = "futures do nothing unless polled"]
    pub struct ObservedCall<F> {
        start: Option<CallStart>,
        call: Option<Call>,
        #[pin]
        inner: F,
    }
}

/// Observes a fallible future as one outgoing call, from its first poll to its end.
///
/// An `Err` is the call's error: its text, with [`{:#}`](Display), is kept without secrets. Dropped
/// before its end the call was cancelled; a panic is an error, and goes on. Without a handle (no
/// request, none named, none installed) the future is only awaited.
///
/// For a chain of causes, a status code or outgoing headers use a [`Call`] by hand.
pub fn observe_call<F, T, E>(start: impl Into<CallStart>, future: F) -> ObservedCall<F>
where
    F: Future<Output = Result<T, E>>,
    E: Display,
{
    ObservedCall { start: Some(start.into()), call: None, inner: future }
}

impl<F> ObservedCall<F> {
    pub(super) fn begun(call: Call, inner: F) -> Self {
        Self { start: None, call: Some(call), inner }
    }
}

impl<F, T, E> Future for ObservedCall<F>
where
    F: Future<Output = Result<T, E>>,
    E: Display,
{
    type Output = Result<T, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<T, E>> {
        let this = self.project();
        if let Some(start) = this.start.take() {
            *this.call = Some(Call::begin(start));
        }
        let Some(call) = this.call else { return this.inner.poll(cx) };
        let result = ready!(call.in_scope(|| this.inner.poll(cx)));
        match &result {
            Ok(_) => call.finish(CallOutcome::Success, None),
            Err(_) if !call.is_observed() => {}
            Err(error) => {
                let text = format_args!("{error:#}");
                let record = ErrorRecord::of_written(type_name::<E>(), text);
                call.finish(CallOutcome::Error, Some(record));
            }
        }
        Poll::Ready(result)
    }
}

impl<F> std::fmt::Debug for ObservedCall<F> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ObservedCall").field("call", &self.call).finish_non_exhaustive()
    }
}
