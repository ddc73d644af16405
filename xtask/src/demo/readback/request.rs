//! A request that fails, and the ids its answer carries.

use std::net::SocketAddr;

use anyhow::{Context, Result};
use hyper::Request;

use super::super::{
    http::{self, Body},
    series::{Route, Series},
};

/// No gateway listens: the service logs why and answers 502, which is also an error event.
const PATH: &str = "/payments/reconcile";

/// The request as its client knows it.
pub(in crate::demo) struct FailedRequest {
    pub(in crate::demo) series: Series,
    pub(super) request_id: Option<String>,
    /// As the header has it.
    pub(super) trace_response: Option<String>,
}

impl FailedRequest {
    /// Sends it without a trace of its own: the service chooses the id.
    pub(in crate::demo) async fn send(address: SocketAddr) -> Result<Self> {
        let answer = http::ask(address, Request::post(PATH).body(Body::default())?);
        let answer = answer.await.with_context(|| format!("no answer to POST {PATH}"))?;
        Ok(Self {
            series: Series { route: Route::new("POST", PATH), status: answer.status },
            request_id: answer.header("x-request-id").map(str::to_owned),
            trace_response: answer.header("traceresponse").map(str::to_owned),
        })
    }

    /// What the client was told: the trace, and in it the span of this request.
    pub(super) fn ids(&self) -> Option<Ids> {
        trace_response(self.trace_response.as_deref()?)
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Ids {
    pub(super) trace_id: String,
    /// Of the server span; nothing where only the trace is told.
    pub(super) span_id: Option<String>,
}

/// `00-<trace id>-<span id>-<flags>`, the form of `traceparent`.
fn trace_response(header: &str) -> Option<Ids> {
    let parts: Vec<&str> = header.split('-').collect();
    let [version, trace_id, span_id, flags] = parts[..] else {
        return None;
    };
    let is_hex = |text: &str, length| {
        text.len() == length && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    };
    let is_id = |text: &str, length| is_hex(text, length) && text.bytes().any(|byte| byte != b'0');
    (version == "00" && is_id(trace_id, 32) && is_id(span_id, 16) && is_hex(flags, 2))
        .then(|| Ids { trace_id: trace_id.to_owned(), span_id: Some(span_id.to_owned()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_names_a_trace_and_a_span() {
        let ids =
            trace_response("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01").unwrap();
        assert_eq!(ids.trace_id, "4bf92f3577b34da6a3ce929d0e0e4736");
        assert_eq!(ids.span_id.as_deref(), Some("00f067aa0ba902b7"));
    }

    #[test]
    fn what_is_not_of_that_form_names_nothing() {
        for header in [
            "",
            "4bf92f3577b34da6a3ce929d0e0e4736",
            "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x",
        ] {
            assert_eq!(trace_response(header), None, "{header}");
        }
    }
}
