use crate::{Exchange, Facts, Head, Headers, Observer};

/// A header that the lifecycle puts on responses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResponseHeader {
    /// The request id, in the header that [`RequestIds`](crate::RequestIds) names.
    RequestId,
    /// `traceresponse`: where the request stood in its trace, as the
    /// [W3C Trace Context](https://w3c.github.io/trace-context/#traceresponse-header) draft has it.
    TraceResponse,
    /// `connection: close`.
    Connection,
}

impl<O: Observer, F: Facts> Exchange<O, F> {
    /// Gives `insert` what the response is to carry, in place of what the handler has put there: the
    /// request id, the trace, and towards HTTP/1 clients the wish to part while the service drains.
    #[inline]
    pub fn response_headers(
        &self,
        status: u16,
        http1: bool,
        mut insert: impl FnMut(ResponseHeader, &[u8]),
    ) {
        let (Some(lifecycle), Some(context)) = (self.lifecycle(), self.context()) else { return };
        if lifecycle.request_ids().echo {
            let text = &mut [0; crate::UUID_TEXT];
            insert(ResponseHeader::RequestId, context.request_id().encode_bytes(text));
        }
        if let Some(trace) = context.trace().filter(|_| lifecycle.request_ids().trace_echo) {
            insert(ResponseHeader::TraceResponse, trace.header().as_bytes());
        }
        // The `Connection` of an upgrade says to what.
        if http1 && status != 101 && lifecycle.shutdown().is_draining() {
            insert(ResponseHeader::Connection, b"close");
        }
    }
}

impl Head {
    /// What a response says of its body. `bodyless` and `length` are what the body itself knows;
    /// files know their length only in the headers.
    #[must_use]
    pub fn of(status: u16, bodyless: bool, length: Option<u64>, headers: &dyn Headers) -> Self {
        let mut head = Self { status, bodyless, length, streaming: false };
        if length.is_none() {
            let text = |name| headers.get(name).and_then(|value| std::str::from_utf8(value).ok());
            head.length = text("content-length").and_then(|length| length.parse().ok());
            head.streaming =
                text("content-type").is_some_and(|kind| kind.starts_with("text/event-stream"));
        }
        head
    }
}
