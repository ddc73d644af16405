//! The client span of a finished call, by OpenTelemetry's conventions for
//! [databases](https://opentelemetry.io/docs/specs/semconv/db/database-spans/),
//! [HTTP clients](https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-client-span) and
//! [messaging](https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/).

use std::borrow::Cow;

use obs_core::export::{SpanKind, SpanRecord};
use obs_core::{
    CallKind, CallOutcome, CallSite, ErrorRecord, FieldValue, FinishedCall, METHODS, Place,
    RequestContext, SpanId, TraceContext, TraceFlags, spans,
};

/// The place of a call's span: below the innermost span of its request or, outside of requests, of
/// the call around it. `None` if there is neither: then a trace starts here.
pub(crate) fn place(context: Option<&RequestContext>) -> Option<Place> {
    let outer = spans::innermost(context);
    let trace = match (context, outer) {
        (Some(context), _) => {
            let request = context.trace()?;
            let parent = outer.map_or(request.span_id, |(_, span_id)| span_id);
            TraceContext { span_id: SpanId::random(), parent: Some(parent), ..request }
        }
        (None, Some((trace_id, parent))) => TraceContext {
            trace_id,
            span_id: SpanId::random(),
            parent: Some(parent),
            flags: TraceFlags::RANDOM.with_sampled(true),
        },
        (None, None) => return None,
    };
    Some(Place { trace, trace_state: None, root: false })
}

/// The attributes of a span while they are collected: what the driver said wins.
struct Attributes {
    driver: usize,
    all: Vec<(Cow<'static, str>, FieldValue)>,
}

impl Attributes {
    fn of_driver(&self, key: &str) -> Option<&FieldValue> {
        self.all[..self.driver].iter().find(|(known, _)| known == key).map(|(_, value)| value)
    }

    fn put(&mut self, key: &'static str, value: impl Into<FieldValue>) {
        if self.of_driver(key).is_none() {
            self.all.push((key.into(), value.into()));
        }
    }

    /// Puts a name of a call site, unless that has none.
    fn name(&mut self, key: &'static str, name: &str) {
        if !name.is_empty() {
            self.put(key, name.to_owned());
        }
    }
}

pub(crate) fn span(call: &mut FinishedCall<'_>, place: Place) -> SpanRecord {
    let mut driver = std::mem::take(&mut call.attributes);
    driver.reserve(8);
    let mut attributes = Attributes { driver: driver.len(), all: driver };
    let site = call.site;
    let name = match site.kind() {
        CallKind::Database | CallKind::Cache => database(site, &mut attributes),
        CallKind::Http => http(site, &mut attributes),
        CallKind::Messaging => messaging(site, &mut attributes),
        _ => other(site, &mut attributes),
    };
    if let Some(status) = call.status {
        attributes.put("http.response.status_code", status);
    }
    if let Some(error) = call.error_type() {
        attributes.put("error.type", FieldValue::Text(error));
    }
    let start = call.clock.unix(call.start);
    let Place { trace, trace_state, .. } = place;
    let of_request = || call.context.and_then(RequestContext::trace_state).cloned();
    SpanRecord {
        trace_id: trace.trace_id,
        span_id: trace.span_id,
        parent: trace.parent,
        parent_is_remote: false,
        flags: trace.flags,
        trace_state: trace_state.or_else(of_request),
        name,
        kind: match site.kind() {
            CallKind::Messaging => SpanKind::Producer,
            _ => SpanKind::Client,
        },
        start,
        end: start + call.duration,
        attributes: attributes.all,
        dropped_attributes: 0,
        error: (call.outcome == CallOutcome::Error)
            .then(|| call.error.map(ErrorRecord::message).unwrap_or_default()),
    }
}

fn database(site: &CallSite, attributes: &mut Attributes) -> Cow<'static, str> {
    attributes.name("db.system.name", site.system());
    attributes.name("db.operation.name", site.operation());
    if site.kind() == CallKind::Database {
        attributes.name("db.collection.name", site.target());
    } else {
        attributes.name("service.peer.name", site.target());
    }
    let summary = match attributes.of_driver("db.query.summary") {
        Some(FieldValue::Text(summary)) => summary.clone(),
        _ => site.summary().into(),
    };
    attributes.put("db.query.summary", FieldValue::Text(summary.clone()));
    summary
}

fn http(site: &CallSite, attributes: &mut Attributes) -> Cow<'static, str> {
    let sent = site.operation();
    let method = METHODS.into_iter().find(|known| *known == sent);
    attributes.put("http.request.method", FieldValue::from_static(method.unwrap_or("_OTHER")));
    if method.is_none() {
        attributes.name("http.request.method_original", sent);
    }
    // The target is the name of the service where the driver names the host.
    let key = match attributes.of_driver("server.address") {
        Some(_) => "service.peer.name",
        None => "server.address",
    };
    attributes.name(key, site.target());
    let method = method.unwrap_or("HTTP");
    match attributes.of_driver("url.template") {
        Some(FieldValue::Text(template)) => [method, template].join(" ").into(),
        _ => method.into(),
    }
}

fn messaging(site: &CallSite, attributes: &mut Attributes) -> Cow<'static, str> {
    attributes.name("messaging.system", site.system());
    attributes.name("messaging.operation.name", site.operation());
    attributes.put("messaging.operation.type", FieldValue::from_static("send"));
    attributes.name("messaging.destination.name", site.target());
    site.summary().into()
}

fn other(site: &CallSite, attributes: &mut Attributes) -> Cow<'static, str> {
    attributes.name("service.peer.name", site.target());
    site.summary().into()
}
