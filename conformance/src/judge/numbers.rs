//! How the series of a scrape have grown.

use std::collections::BTreeMap;

use crate::process::Samples;
use crate::scenario::{Scenario, Series};

/// By how much each series has grown.
pub(crate) type Delta = BTreeMap<String, u64>;

/// The families that are compared.
const FAMILIES: [&str; 7] = [
    "http_requests_total",
    "http_request_duration_seconds_count",
    "exceptions_total",
    "obs_requests_aborted_total",
    "obs_request_ids_replaced_total",
    "obs_requests_observed_twice_total",
    "obs_request_fields_dropped_total",
];

pub(crate) fn delta(before: &Samples, after: &Samples) -> Delta {
    let grown = after.iter().filter_map(|(series, value)| {
        let family = series.split('{').next()?;
        let growth = value - before.get(series).copied().unwrap_or_default();
        (FAMILIES.contains(&family) && growth != 0.0).then(|| (series.clone(), growth as u64))
    });
    grown.collect()
}

/// How many requests were counted.
pub(crate) fn requests(delta: &Delta) -> u64 {
    let counted = delta.iter().filter(|(series, _)| series.starts_with("http_requests_total"));
    counted.map(|(_, growth)| growth).sum()
}

pub(crate) fn expected(scenario: &Scenario) -> Delta {
    let times = scenario.times as u64;
    let mut delta = Delta::new();
    if let Some(Series { method, route, status }) = &scenario.series {
        let labels = format!("{{method=\"{method}\",route=\"{route}\",status_code=\"{status}\"}}");
        delta.insert(format!("http_requests_total{labels}"), times);
        if scenario.timed {
            delta.insert(format!("http_request_duration_seconds_count{labels}"), times);
        }
        if let Some(kind) = exception(scenario) {
            delta.insert(format!("exceptions_total{{route=\"{route}\",kind=\"{kind}\"}}"), times);
        }
    }
    if let Some(outcome) = &scenario.aborted {
        delta.insert(format!("obs_requests_aborted_total{{outcome=\"{outcome}\"}}"), times);
    }
    delta.extend(scenario.counters.clone());
    delta
}

/// What kind of exception a failure is: none, if nothing is known but its status.
fn exception(scenario: &Scenario) -> Option<&'static str> {
    let event = scenario.event.as_ref().or(scenario.task_event.as_ref())?;
    if event.starts_with("fatal panic") {
        Some("panic")
    } else {
        scenario.error.is_some().then_some("error")
    }
}

/// What is wrong with the numbers.
pub(crate) fn series(scenario: &Scenario, delta: &Delta) -> Vec<String> {
    let expected = expected(scenario);
    let grew = |delta: &Delta, series: &str| delta.get(series).copied().unwrap_or_default();
    let all = expected.keys().chain(delta.keys().filter(|series| !expected.contains_key(*series)));
    let wrong = all.filter_map(|series| {
        let (expected, found) = (grew(&expected, series), grew(delta, series));
        let text = || format!("{series}: expected to grow by {expected}, grew by {found}");
        (expected != found).then(text)
    });
    wrong.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Api;

    #[test]
    fn what_grew_otherwise_is_named() {
        let scenarios = Scenario::all(Api::Http, &[]).unwrap();
        let plain = scenarios.iter().find(|it| it.name == "a plain route").unwrap();
        assert_eq!(series(plain, &expected(plain)), Vec::<String>::new());
        let labels = "{method=\"GET\",route=\"/plain\",status_code=\"200\"}";
        let (before, mut after) = (Samples::new(), Samples::new());
        after.insert(format!("http_requests_total{labels}"), 1.0);
        after.insert("obs_requests_aborted_total{outcome=\"body_error\"}".to_owned(), 2.0);
        after.insert("up".to_owned(), 1.0);
        assert_eq!(
            series(plain, &delta(&before, &after)),
            [
                format!(
                    "http_request_duration_seconds_count{labels}: expected to grow by 1, grew by 0"
                ),
                "obs_requests_aborted_total{outcome=\"body_error\"}: expected to grow by 0, \
                 grew by 2"
                    .to_owned(),
            ]
        );
    }
}
