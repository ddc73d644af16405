//! The span of a finished request or job, by OpenTelemetry's
//! [HTTP conventions](https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-server-span).

use std::borrow::Cow;

use obs_core::export::{SpanKind, SpanRecord};
use obs_core::redact::bounded;
use obs_core::{FieldValue, Finished, METHODS, Outcome, TraceContext, UUID_TEXT, Work};

use crate::client::Client;

/// Longest path that is kept, in bytes.
const MAX_PATH: usize = 2048;
/// Longest unknown method that is kept, in bytes.
const MAX_METHOD: usize = 64;

struct Attributes(Vec<(Cow<'static, str>, FieldValue)>);

impl Attributes {
    fn put(&mut self, key: &'static str, value: impl Into<FieldValue>) {
        self.0.push((key.into(), value.into()));
    }
}

pub(crate) fn of(
    end: &Finished<'_>,
    trace: TraceContext,
    client: Client,
    spans_dropped: u32,
) -> SpanRecord {
    let mut attributes = Attributes(Vec::with_capacity(20));
    let job = end.facts.work() == Work::Job;
    let name = if job { job_name(end) } else { request(end, client, &mut attributes) };
    if let Some(error) = error_type(end, job) {
        attributes.put("error.type", FieldValue::Text(error));
    }
    attributes.put("obs.outcome", FieldValue::from_static(end.outcome_name()));
    let request_id = end.context.request_id().encode(&mut [0; UUID_TEXT]).to_owned();
    attributes.put("obs.request_id", request_id);
    if spans_dropped > 0 {
        attributes.put("obs.spans_dropped", spans_dropped);
    }
    let own = attributes.0.len();
    let mut dropped_attributes = 0;
    for (key, value) in end.context.fields() {
        // Each key once; what the exchange itself says is right.
        if attributes.0[..own].iter().any(|(known, _)| known == key) {
            dropped_attributes += 1;
        } else {
            attributes.put(key, value);
        }
    }
    let start = end.clock.unix(end.start);
    SpanRecord {
        trace_id: trace.trace_id,
        span_id: trace.span_id,
        parent: trace.parent,
        parent_is_remote: trace.parent.is_some() && !job,
        flags: trace.flags,
        trace_state: end.context.trace_state().cloned(),
        name,
        kind: if job { SpanKind::Internal } else { SpanKind::Server },
        start,
        end: start + end.duration,
        attributes: attributes.0,
        dropped_attributes,
        error: end
            .failed()
            .then(|| end.context.error().map(|error| error.message()).unwrap_or_default()),
    }
}

fn job_name(end: &Finished<'_>) -> Cow<'static, str> {
    end.route().map_or(Cow::Borrowed("job"), |route| route.pattern.to_owned().into())
}

/// The attributes of a request; gives its name.
fn request(end: &Finished<'_>, client: Client, attributes: &mut Attributes) -> Cow<'static, str> {
    let sent = end.facts.method();
    let method = METHODS.into_iter().find(|known| *known == sent);
    attributes.put("http.request.method", FieldValue::from_static(method.unwrap_or("_OTHER")));
    if method.is_none() {
        attributes.put("http.request.method_original", bounded(sent, MAX_METHOD).into_owned());
    }
    attributes.put("url.path", bounded(end.facts.path(), MAX_PATH).into_owned());
    attributes.put("url.scheme", FieldValue::from_static(client.scheme));
    let route = end.route().map(|route| route.pattern);
    if let Some(route) = route {
        attributes.put("http.route", route.to_owned());
    }
    if end.outcome != Outcome::Cancelled {
        attributes.put("http.response.status_code", end.status);
        attributes.put("http.response.body.size", end.bytes);
    }
    if let Some(status) = end.grpc_status {
        attributes.put("rpc.system", FieldValue::from_static("grpc"));
        attributes.put("rpc.grpc.status_code", status);
    }
    if let Some(address) = client.address {
        attributes.put("server.address", address);
    }
    if let Some(port) = client.port {
        attributes.put("server.port", port);
    }
    if let Some(version) = end.facts.protocol_version() {
        attributes.put("network.protocol.version", FieldValue::from_static(version));
    }
    if let Some(user_agent) = client.user_agent {
        attributes.put("user_agent.original", user_agent);
    }
    // The conventions call an unknown method so in names.
    let method = method.unwrap_or("HTTP");
    route.map_or(Cow::Borrowed(method), |route| [method, route].join(" ").into())
}

fn error_type(end: &Finished<'_>, job: bool) -> Option<Cow<'static, str>> {
    match end.outcome {
        _ if end.panicked() => Some(Outcome::Panic.as_str().into()),
        Outcome::BodyError => Some(end.outcome.as_str().into()),
        // What the conventions call an error without a type.
        _ if end.status >= 500 && job => Some("_OTHER".into()),
        _ if end.status >= 500 => Some(end.status.to_string().into()),
        Outcome::Cancelled | Outcome::CancelledInBody => Some(end.outcome.as_str().into()),
        _ => None,
    }
}
