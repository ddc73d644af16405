//! The error event.

use serde_json::Value;

use super::Findings;
use super::line::text;
use crate::process::Told;
use crate::suite::{Request, Test};

pub(super) fn judge(
    findings: &mut Findings,
    test: &Test,
    request: &Request,
    told: &Told,
    line: Option<&Value>,
) {
    let scenario = &test.scenario;
    let id = Some(request.id.as_str());
    let events = told.events.iter().filter(|event| event.request_id.as_deref() == id);
    let Some(expected) = scenario.event.as_ref().or(scenario.task_event.as_ref()) else {
        let found: Vec<_> = events.map(|event| &event.title).collect();
        return findings.same("error events", vec![], found);
    };
    let Some(event) = findings.only("error event", events) else { return };
    findings.same("event", &**expected, &*format!("{} {}", event.level, event.title));
    if let (Some(_), Some(series)) = (&scenario.event, &scenario.series) {
        let transaction = Some(format!("{} {}", scenario.sent_method(), series.route));
        findings.same("transaction of the event", &transaction, &event.transaction);
    }
    if let Some(line) = line {
        let trace_id = event.trace_id.as_deref();
        findings.same("trace id of the event", Some(text(line, "trace_id")), trace_id);
        let span_id = event.span_id.as_deref();
        findings.same("span id of the event", Some(text(line, "span_id")), span_id);
    }
}
