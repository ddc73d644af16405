//! The access line, and what the application logs.

use serde_json::Value;

use super::Findings;
use crate::process::Told;
use crate::scenario::{Client, RequestId, numbered};
use crate::suite::{Request, Test};

const ACCESS: &str = "obs.access";
/// Our own notices.
const NOTICE: &str = "obs";

/// The access line, if there is one as it should be.
pub(super) fn judge<'a>(
    findings: &mut Findings,
    test: &Test,
    request: &Request,
    told: &'a Told,
) -> Option<&'a Value> {
    let scenario = &test.scenario;
    let access = of(told, &request.id).filter(|line| line["target"] == ACCESS);
    let Some(series) = &scenario.series else {
        findings.same("number of access lines", 0, access.count());
        return None;
    };
    let line = findings.only("access line", access)?;
    let found = format!("{} {}", text(line, "level"), text(line, "outcome"));
    findings.same("access line", &*scenario.line, &*found);
    let method = scenario.method.as_deref().unwrap_or(&series.method);
    findings.same("method of the line", method, text(line, "method"));
    let target = scenario.target(request.number);
    let path = target.split('?').next().unwrap_or_default();
    findings.same("path of the line", path, text(line, "path"));
    findings.same("route of the line", &*series.route, text(line, "route"));
    let status = line["status_code"].as_u64();
    findings.same("status of the line", Some(u64::from(series.status)), status);
    findings.same("error of the line", scenario.error.as_deref(), line["error"].as_str());
    for (key, value) in &scenario.fields {
        let found = match &line[key] {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        findings.same(&format!("field {key} of the line"), value, &found);
    }
    if let Some(trace_id) = &scenario.trace_id {
        findings.same("trace id of the line", &**trace_id, text(line, "trace_id"));
    } else if scenario.request_id == RequestId::Replaced {
        findings.same("one id", text(line, "trace_id"), &*request.id);
    }
    if scenario.client != Client::LeavesBeforeHeaders && !request.answer.cut_off {
        let told = request.answer.header("traceresponse").unwrap_or_default();
        let ids = format!("00-{}-{}-", text(line, "trace_id"), text(line, "span_id"));
        findings.same("traceresponse begins with", &*ids, told.get(..ids.len()).unwrap_or(told));
        let timing = request.answer.header("server-timing").unwrap_or_default();
        findings.same("server-timing", &*format!("trace;desc={told}"), timing);
    }
    Some(line)
}

/// What the application logs in the request, in this order, in its trace.
pub(super) fn own(
    findings: &mut Findings,
    test: &Test,
    request: &Request,
    told: &Told,
    access: Option<&Value>,
) {
    let own: Vec<_> = of(told, &request.id)
        .filter(|line| line["target"] != ACCESS && line["target"] != NOTICE)
        .collect();
    let expected: Vec<_> =
        test.scenario.lines.iter().map(|line| numbered(line, request.number)).collect();
    findings.same("lines of the application", expected, own.iter().map(said).collect());
    for line in own {
        let trace_id = access.map(|access| text(access, "trace_id"));
        findings.same("trace id of its lines", trace_id, Some(text(line, "trace_id")));
    }
}

/// What the application logs outside of any request.
pub(super) fn unbound(findings: &mut Vec<String>, test: &Test, told: &Told) {
    for expected in &test.scenario.unbound {
        let found: Vec<_> = told.lines.iter().filter(|line| &said(line) == expected).collect();
        let bound = found.iter().any(|line| !line["request_id"].is_null());
        if found.len() != 1 || bound {
            findings.push(format!("expected {expected:?} once and without an id, found {found:?}"));
        }
    }
}

fn of<'a>(told: &'a Told, id: &str) -> impl Iterator<Item = &'a Value> {
    told.lines.iter().filter(move |line| line["request_id"] == id)
}

fn said(line: &&Value) -> String {
    format!("{} {}", text(line, "level"), text(line, "message"))
}

pub(super) fn text<'a>(line: &'a Value, key: &str) -> &'a str {
    line[key].as_str().unwrap_or_default()
}
