//! What the client saw.

use super::Findings;
use crate::Api;
use crate::drive::unframed;
use crate::scenario::{Client, RequestId, Scenario, numbered};
use crate::subjects::app;
use crate::suite::{Request, Test};

pub(super) fn judge(findings: &mut Findings, test: &Test, request: &Request) {
    let (scenario, answer) = (&test.scenario, &request.answer);
    let grpc = test.api == Api::Grpc && scenario.client != Client::LeavesBeforeHeaders;
    let status = scenario.answer.or(grpc.then_some(200));
    if scenario.client == Client::IsCutOff && answer.status.is_none() {
        // A server may break off before it has sent the headers.
        return findings.same("the answer is cut off", true, answer.cut_off);
    }
    findings.same("status of the answer", status, answer.status);
    let is_cut_off = status.is_none() || scenario.client == Client::IsCutOff;
    let cut_off = answer.cut_off || scenario.client == Client::LeavesBeforeHeaders;
    findings.same("the answer is cut off", is_cut_off, cut_off);
    body(findings, test, request);
    if status.is_none() {
        return;
    }
    let id = answer.header("x-request-id");
    match scenario.request_id {
        RequestId::Taken => findings.same("x-request-id", Some(&*request.id), id),
        RequestId::Replaced => {
            let sent = scenario.headers.get("x-request-id").map(String::as_str);
            findings.same("x-request-id is another one", true, id.is_some() && id != sent);
        }
        RequestId::Own => {
            let all = answer.headers.get_all("x-request-id").iter();
            let all = all.map(|id| id.to_str().unwrap_or_default()).collect();
            findings.same("x-request-id", vec![app::OWN_ID], all);
        }
        RequestId::Absent => findings.same("x-request-id", None, id),
    }
}

fn body(findings: &mut Findings, test: &Test, Request { number, answer, .. }: &Request) {
    let Scenario { says, bytes, grpc, .. } = &test.scenario;
    if let Some(says) = says {
        let body =
            if test.api == Api::Grpc { unframed(answer.body.clone()) } else { answer.body.clone() };
        findings.same("body", &*numbered(says, *number), &*String::from_utf8_lossy(&body));
    }
    if let Some(bytes) = bytes {
        findings.same("length of the body", *bytes, answer.body.len());
    }
    if let Some(grpc) = grpc {
        let status = answer.trailers.get("grpc-status").or(answer.headers.get("grpc-status"));
        let status = status.and_then(|value| value.to_str().ok());
        findings.same("grpc-status", Some(&*grpc.to_string()), status);
    }
}
