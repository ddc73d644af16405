//! The server span, and those of the application below it.

use obs_testing::receivers::Span;
use serde_json::Value;

use super::Findings;
use super::line::text;
use crate::process::Told;
use crate::scenario::{Client, Series};
use crate::suite::{Request, Test};

/// The server span, if there is one as it should be.
pub(super) fn judge<'a>(
    findings: &mut Findings,
    test: &Test,
    request: &Request,
    told: &'a Told,
    line: Option<&Value>,
) -> Option<&'a Span> {
    let scenario = &test.scenario;
    let ours = |span: &&Span| {
        span.is_server && span.attribute("obs.request_id") == Some(request.id.as_str())
    };
    let spans = told.spans.iter().filter(ours);
    let (Some(name), Some(series)) = (&scenario.span, &scenario.series) else {
        findings.same("number of server spans", 0, spans.count());
        return None;
    };
    let span = findings.only("server span", spans)?;
    findings.same("name of the span", name, &span.name);
    let parent = scenario.parent_id.as_deref().unwrap_or_default();
    findings.same("parent of the span", parent, &*span.parent_id);
    let flags = format!("{:02x}", span.flags & 0xff);
    findings.same("flags of the span", scenario.flags.as_deref().unwrap_or("03"), &*flags);
    let state = scenario.tracestate.as_deref().unwrap_or_default();
    findings.same("tracestate of the span", state, &*span.trace_state);
    if let Some(line) = line {
        findings.same("trace id of the span", text(line, "trace_id"), &*span.trace_id);
        findings.same("id of the span", text(line, "span_id"), &*span.span_id);
    }
    let failed = scenario.event.is_some().then(|| scenario.error.clone().unwrap_or_default());
    findings.same("error of the span", failed, span.error.clone());
    for (key, expected) in attributes(test, request, series) {
        let found = span.attribute(key);
        findings.same(&format!("{key} of the span"), expected.as_deref(), found);
    }
    Some(span)
}

fn attributes<'a>(
    test: &'a Test,
    request: &Request,
    series: &Series,
) -> Vec<(&'a str, Option<String>)> {
    let scenario = &test.scenario;
    let method = if series.method == "OTHER" { "_OTHER" } else { &series.method };
    let target = scenario.target(request.number);
    let path = target.split('?').next().unwrap_or_default();
    let answered = series.status != 499;
    let outcome = scenario.line.split(' ').nth(1).unwrap_or_default();
    let mut attributes = vec![
        ("http.request.method", Some(method.to_owned())),
        ("http.request.method_original", scenario.method.clone()),
        ("url.path", Some(path.to_owned())),
        ("url.scheme", Some("http".to_owned())),
        ("http.route", (series.route != "unknown").then(|| series.route.clone())),
        ("http.response.status_code", answered.then(|| series.status.to_string())),
        ("network.protocol.version", Some(test.version.as_str().to_owned())),
        ("error.type", scenario.error_type.clone()),
        ("obs.outcome", Some(outcome.to_owned())),
        ("rpc.grpc.status_code", scenario.grpc.map(|status| status.to_string())),
    ];
    let reads = scenario.client == Client::Reads && scenario.sent_method() != "HEAD";
    if let Some(bytes) = scenario.bytes.filter(|_| reads) {
        attributes.push(("http.response.body.size", Some(bytes.to_string())));
    }
    let fields = scenario.fields.iter();
    attributes.extend(fields.map(|(key, value)| (key.as_str(), Some(value.clone()))));
    attributes
}

/// The spans of the application in the same trace, each below the server span or another one.
pub(super) fn children(findings: &mut Findings, test: &Test, server: &Span, told: &Told) {
    let inner = |span: &&Span| !span.is_server && span.trace_id == server.trace_id;
    let inner: Vec<_> = told.spans.iter().filter(inner).collect();
    let names = inner.iter().map(|span| span.name.clone()).collect();
    findings.same("spans of the application", test.scenario.spans.clone(), names);
    for span in &inner {
        let mut parents = inner.iter().map(|span| &span.span_id).chain([&server.span_id]);
        let has_parent = parents.any(|id| *id == span.parent_id);
        findings.same(&format!("{} is in the trace of the request", span.name), true, has_parent);
    }
}
