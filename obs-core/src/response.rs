use crate::{Exchange, Facts, Head, Headers, Observer, Outcome, mutant};

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
        if mutant::is("response-headers-forgotten") {
            return;
        }
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

    /// The response is there: what it says of its body, by the body itself (`bodyless`, `length`) and
    /// by its headers. Ends the exchange if no body will follow.
    #[inline]
    pub fn response(
        &mut self,
        status: u16,
        bodyless: bool,
        length: Option<u64>,
        headers: &dyn Headers,
    ) {
        let mut head = Head { status, bodyless, length, streaming: false };
        if bodyless {
            self.trailers(headers);
        }
        if length.is_none() {
            // Files know their length only here.
            let text = |name| headers.get(name).and_then(|value| std::str::from_utf8(value).ok());
            head.length = text("content-length").and_then(|length| length.parse().ok());
            head.streaming = text("content-type").is_some_and(is_event_stream);
        }
        self.headers(head);
        if mutant::is("body-hook-dropped") {
            self.finish(Outcome::Complete);
        }
    }
}

fn is_event_stream(content_type: &str) -> bool {
    const EVENT_STREAM: &str = "text/event-stream";
    content_type
        .get(..EVENT_STREAM.len())
        .is_some_and(|kind| kind.eq_ignore_ascii_case(EVENT_STREAM))
}
