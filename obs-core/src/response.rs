use crate::trace::HEADER;
use crate::{Exchange, Facts, Head, Headers, Observer, Outcome, RequestId, TraceEcho, mutant};

/// What stands before the trace in a `server-timing` header.
const SERVER_TIMING: &[u8] = b"trace;desc=";

/// A header that the lifecycle puts on responses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResponseHeader {
    /// The request id, in the header that [`RequestIds`](crate::RequestIds) names.
    RequestId,
    /// `traceresponse`: where the request stood in its trace, as
    /// [`TraceEcho::TraceResponse`](crate::TraceEcho::TraceResponse) has it.
    TraceResponse,
    /// `server-timing`: the same, as [`TraceEcho::ServerTiming`](crate::TraceEcho::ServerTiming) has
    /// it. It comes beside what the handler says in this header.
    ServerTiming,
    /// `connection: close`.
    Connection,
}

impl ResponseHeader {
    /// Whether a header of this name that the handler has put on the response stays as it is. It does
    /// for the request id: an application that answers with an id of its own means it.
    #[must_use]
    pub fn keeps_own(self) -> bool {
        self == Self::RequestId && !mutant::is("own-id-replaced")
    }
}

impl<O: Observer, F: Facts> Exchange<O, F> {
    /// Gives `insert` the id that the headers of the request are to carry for the services further in,
    /// in place of what the client sent, if the settings say so.
    #[inline]
    pub fn request_header(&self, insert: impl FnOnce(&[u8])) {
        if self.lifecycle().is_some_and(|lifecycle| lifecycle.request_ids().on_request)
            && let Some(context) = self.context()
        {
            insert(context.request_id().encode_bytes(&mut [0; crate::UUID_TEXT]));
        }
    }

    /// Gives `insert` what the response is to carry: the request id, unless the handler has put one
    /// there ([`keeps_own`](ResponseHeader::keeps_own)), and, in place of what the handler has put
    /// there, the trace, and `Connection: close` towards HTTP/1 clients while the service drains.
    #[inline]
    pub fn response_headers(
        &self,
        status: u16,
        http1: bool,
        mut insert: impl FnMut(ResponseHeader, &[u8]),
    ) {
        if let Some(id) = self.echoed_id() {
            insert(ResponseHeader::RequestId, id.encode_bytes(&mut [0; crate::UUID_TEXT]));
        }
        self.other_headers(status, http1, insert);
    }

    /// The id that the response is to carry, for an adapter that already has it as a header value.
    #[inline]
    pub(crate) fn echoed_id(&self) -> Option<&RequestId> {
        let (lifecycle, context) = (self.lifecycle()?, self.context()?);
        let echo = lifecycle.request_ids().echo && !context.is_excluded();
        (echo && !mutant::is("response-headers-forgotten")).then(|| context.request_id())
    }

    /// The [`response_headers`](Self::response_headers) without the request id.
    #[inline]
    pub(crate) fn other_headers(
        &self,
        status: u16,
        http1: bool,
        mut insert: impl FnMut(ResponseHeader, &[u8]),
    ) {
        let (Some(lifecycle), Some(context)) = (self.lifecycle(), self.context()) else { return };
        if mutant::is("response-headers-forgotten") {
            return;
        }
        let echo = lifecycle.request_ids().trace_echo;
        if echo != TraceEcho::Off
            && !context.is_excluded()
            && let Some(trace) = context.trace()
        {
            let trace = trace.header();
            if echo.in_traceresponse() {
                insert(ResponseHeader::TraceResponse, trace.as_bytes());
            }
            if echo.in_server_timing() {
                let mut timing = [0; SERVER_TIMING.len() + HEADER];
                timing[..SERVER_TIMING.len()].copy_from_slice(SERVER_TIMING);
                timing[SERVER_TIMING.len()..].copy_from_slice(trace.as_bytes());
                insert(ResponseHeader::ServerTiming, &timing);
            }
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
