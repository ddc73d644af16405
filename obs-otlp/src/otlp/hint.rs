//! What the error of an export most likely means: the usual mistakes in an endpoint. An error of HTTP or
//! TLS alone does not say which variable to change.

use crate::backend::{Answer, Failure};
use crate::target::Protocol;

/// The same answer; if its text is that of a usual mistake, with the variable to change.
pub(super) fn add(answer: Answer, protocol: Protocol, path: &str) -> Answer {
    let with = |text: String| match hint(&text, protocol, path) {
        Some(hint) => format!("{text} ({hint})"),
        None => text,
    };
    match answer {
        Answer::Refused(text) => Answer::Refused(with(text)),
        Answer::Failed(failure) => Answer::Failed(Failure { text: with(failure.text), ..failure }),
        taken @ Answer::Taken { .. } => taken,
    }
}

fn hint(text: &str, protocol: Protocol, path: &str) -> Option<&'static str> {
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let standard = ["/v1/traces", "/v1/metrics"].iter().any(|end| path.ends_with(end));
    match protocol {
        _ if has(&["InvalidContentType"]) => {
            Some("this port does not speak TLS: should the endpoint begin with http://?")
        }
        Protocol::Http if has(&["unexpected message", "invalid HTTP version"]) => {
            Some("is this the port of gRPC? then set OTEL_EXPORTER_OTLP_PROTOCOL=grpc")
        }
        Protocol::Http if has(&["answer is 404"]) && !standard => Some(
            "the endpoint of one signal is taken as it is: does it lack /v1/traces or /v1/metrics?",
        ),
        Protocol::Grpc
            if has(&["Unimplemented", "frame with invalid size", "FRAME_SIZE_ERROR"]) =>
        {
            Some("is this the port of HTTP? then set OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf")
        }
        _ => None,
    }
}
