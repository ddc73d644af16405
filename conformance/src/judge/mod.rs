//! Compares what was seen with what was written down.

mod answer;
mod event;
mod line;
mod numbers;
mod span;

use std::collections::BTreeSet;
use std::fmt::Debug;

use anyhow::Result;

pub(crate) use self::numbers::{Delta, delta, expected as expected_delta, requests, series};
use crate::process::{Samples, Told};
use crate::suite::{Ran, Test, Verdict};

/// What is wrong.
#[derive(Default)]
struct Findings(Vec<String>);

impl Findings {
    fn same<T: PartialEq + Debug>(&mut self, what: &str, expected: T, found: T) {
        if expected != found {
            self.0.push(format!("{what}: expected {expected:?}, found {found:?}"));
        }
    }

    /// The only one of `found`.
    fn only<T>(&mut self, what: &str, found: impl IntoIterator<Item = T>) -> Option<T> {
        let mut found: Vec<T> = found.into_iter().collect();
        self.same(&format!("number of {what}s"), 1, found.len());
        if found.len() == 1 { found.pop() } else { None }
    }
}

/// What is wrong with one test.
pub(crate) fn test(test: &Test, ran: &Ran, told: &Told) -> Vec<String> {
    let mut all = series(&test.scenario, &ran.delta);
    for request in &ran.requests {
        let mut findings = Findings::default();
        answer::judge(&mut findings, test, request);
        let line = line::judge(&mut findings, test, request, told);
        let span = span::judge(&mut findings, test, request, told, line);
        event::judge(&mut findings, test, request, told, line);
        line::own(&mut findings, test, request, told, line);
        if let Some(span) = span {
            span::children(&mut findings, test, span, told);
        }
        let number = |finding| format!("request {}: {finding}", request.number);
        all.extend(findings.0.into_iter().map(number));
    }
    line::unbound(&mut all, test, told);
    all
}

/// What is wrong with the whole: something is left, lost, or nobody's.
pub(crate) fn end(ran: &[Result<Ran>], told: &Told, left: &Samples) -> Verdict {
    let mut findings = Findings(told.end.clone());
    let left_behind = left.iter().filter(|(series, value)| {
        let lost =
            ["obs_log_lines_dropped_total", "obs_export_dropped_total", "obs_errors_dropped_total"];
        let name = series.split('{').next().unwrap_or_default();
        **value != 0.0 && (name == "http_requests_in_flight" || lost.contains(&name))
    });
    findings.same("left or lost", vec![], left_behind.collect());
    let requests = ran.iter().flatten().flat_map(|ran| &ran.requests);
    let known: BTreeSet<&str> = requests.map(|request| request.id.as_str()).collect();
    let lines = told.lines.iter().filter_map(|line| line["request_id"].as_str());
    let spans = told.spans.iter().filter_map(|span| span.attribute("obs.request_id"));
    let events = told.events.iter().filter_map(|event| event.request_id.as_deref());
    let unknown: BTreeSet<_> =
        lines.chain(spans).chain(events).filter(|id| !known.contains(id)).collect();
    findings.same("ids of requests that nobody sent", BTreeSet::new(), unknown);
    Verdict { name: "nothing is left, lost, or nobody's".to_owned(), findings: findings.0 }
}
