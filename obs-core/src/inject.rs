//! Trace headers of outgoing requests.

use crate::{Call, RequestContext, TraceContext, TraceState, UUID_TEXT};

/// Hands the headers to `set` that let the next service continue the trace of this request:
/// `traceparent` of the innermost span that this thread is in. That is the client span of a running
/// [`Call`], else the innermost span of the application, else the server span; where no spans are
/// exported, the caller's. `tracestate` comes with it, if there is one, and the request id if
/// [`RequestIds::on_request`](crate::RequestIds::on_request) is set. Outside of a request and a call
/// there is nothing to hand over.
///
/// For header maps of any type; for `http::HeaderMap` there is [`tower::inject`](crate::tower), with the
/// feature `tower`.
///
/// ```
/// let mut headers = Vec::new();
/// obs_core::inject_with(|name, value| headers.push(format!("{name}: {value}")));
/// assert!(headers.is_empty()); // outside of a request
/// ```
pub fn inject_with(mut set: impl FnMut(&str, &str)) {
    let context = crate::current_context();
    let context = context.as_ref();
    let state = context.and_then(RequestContext::trace_state);
    write(innermost(context), state, context, &mut set);
}

impl Call {
    /// Hands the headers to `set` that let the called service continue the trace: `traceparent` with
    /// this call's client span as the parent, if the trace is kept; else what the request would
    /// send. See [`inject_with`].
    pub fn inject_with(&self, mut set: impl FnMut(&str, &str)) {
        let context = self.context();
        let trace = self.trace().copied().or_else(|| innermost(context));
        write(trace, self.trace_state(), context, &mut set);
    }
}

/// The place in the trace that goes out.
fn innermost(context: Option<&RequestContext>) -> Option<TraceContext> {
    let trace = context.and_then(RequestContext::trace);
    #[cfg(feature = "spans")]
    if let Some((trace_id, span_id)) = crate::spans::innermost(context) {
        let flags = crate::TraceFlags::RANDOM.with_sampled(true);
        let outside = TraceContext { trace_id, span_id, parent: None, flags };
        return Some(trace.map_or(outside, |trace| TraceContext { span_id, ..trace }));
    }
    trace
}

fn write(
    trace: Option<TraceContext>,
    state: Option<&TraceState>,
    context: Option<&RequestContext>,
    set: &mut dyn FnMut(&str, &str),
) {
    if let Some(trace) = trace {
        set("traceparent", trace.header().as_str());
        if let Some(state) = state {
            set("tracestate", state.as_str());
        }
    }
    let handle = context.and_then(RequestContext::handle);
    if let (Some(context), Some(handle)) = (context, handle)
        && handle.request_ids().on_request
    {
        let id = context.request_id().encode(&mut [0; UUID_TEXT]).to_owned();
        set(&handle.request_ids().header, &id);
    }
}
