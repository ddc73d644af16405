//! What happens, and what every adapter must make of it: a row of `scenarios/*.toml`.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use serde::Deserialize;

use crate::Api;
use crate::differences::Difference;

/// The keys are described in `scenarios/http.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Scenario {
    pub(crate) name: String,
    pub(crate) send: String,
    #[serde(default)]
    pub(crate) headers: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) body: String,
    pub(crate) upload: Option<usize>,
    #[serde(default)]
    pub(crate) over: Vec<Version>,
    #[serde(default)]
    pub(crate) client: Client,
    #[serde(default = "one")]
    pub(crate) times: usize,

    pub(crate) answer: Option<u16>,
    pub(crate) says: Option<String>,
    pub(crate) bytes: Option<usize>,
    pub(crate) grpc: Option<u16>,
    #[serde(default)]
    pub(crate) request_id: RequestId,

    pub(crate) series: Option<Series>,
    pub(crate) method: Option<String>,
    #[serde(default = "yes")]
    pub(crate) timed: bool,
    pub(crate) aborted: Option<String>,
    #[serde(default)]
    pub(crate) counters: BTreeMap<String, u64>,
    #[serde(default)]
    pub(crate) line: String,
    pub(crate) error: Option<String>,
    pub(crate) span: Option<String>,
    pub(crate) error_type: Option<String>,
    pub(crate) trace_id: Option<String>,
    pub(crate) parent_id: Option<String>,
    pub(crate) flags: Option<String>,
    pub(crate) tracestate: Option<String>,
    pub(crate) event: Option<String>,
    pub(crate) task_event: Option<String>,
    #[serde(default)]
    pub(crate) fields: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) lines: Vec<String>,
    #[serde(default)]
    pub(crate) unbound: Vec<String>,
    #[serde(default)]
    pub(crate) spans: Vec<String>,
}

/// A version of HTTP.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
pub(crate) enum Version {
    #[serde(rename = "1.0")]
    Http10,
    #[serde(rename = "1.1")]
    Http11,
    #[serde(rename = "2")]
    Http2,
}

/// What the client does.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Client {
    /// Reads the whole answer.
    #[default]
    Reads,
    /// Reads until the server breaks off.
    IsCutOff,
    /// Closes the connection while the handler runs.
    LeavesBeforeHeaders,
    /// Closes the connection after the first part of the body.
    LeavesInBody,
    /// Closes its half of the connection while the handler runs, and reads.
    HalfCloses,
    /// Leaves HTTP, and expects its four bytes back.
    Upgrades,
}

/// Which id the answer has.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum RequestId {
    #[default]
    Taken,
    Replaced,
    Own,
    Absent,
}

/// The labels of a series: `GET /orders/{id} 200`.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Series {
    pub(crate) method: String,
    pub(crate) route: String,
    pub(crate) status: u16,
}

impl TryFrom<String> for Series {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let parse = || {
            let (rest, status) = text.rsplit_once(' ')?;
            let (method, route) = rest.split_once(' ')?;
            let status = status.parse().ok()?;
            Some(Self { method: method.to_owned(), route: route.to_owned(), status })
        };
        parse().ok_or_else(|| format!("a series is METHOD ROUTE STATUS, not {text:?}"))
    }
}

impl Version {
    /// As spans have it, and the files here.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Http10 => "1.0",
            Self::Http11 => "1.1",
            Self::Http2 => "2",
        }
    }
}

impl Scenario {
    /// Those for an application, with what is different for one of its subjects.
    pub(crate) fn all(api: Api, differences: &[&Difference]) -> Result<Vec<Self>> {
        let (text, over) = match api {
            Api::Http => (include_str!("../scenarios/http.toml"), Version::Http11),
            Api::Grpc => (include_str!("../scenarios/grpc.toml"), Version::Http2),
        };
        let file: File = toml::from_str(text).context("scenarios")?;
        let scenarios = file.scenario.into_iter().map(|mut row| {
            let name = row.get("name").and_then(toml::Value::as_str).unwrap_or_default().to_owned();
            for difference in differences.iter().filter(|it| it.scenarios.contains(&name)) {
                difference.apply(&mut row);
            }
            let mut scenario: Self =
                row.try_into().with_context(|| format!("scenario {name:?}"))?;
            if scenario.over.is_empty() {
                scenario.over.push(over);
            }
            Ok(scenario)
        });
        scenarios.collect()
    }

    /// The method that is sent.
    pub(crate) fn sent_method(&self) -> &str {
        self.send.split(' ').next().unwrap_or_default()
    }

    /// The target that the request with this number is sent to.
    pub(crate) fn target(&self, number: usize) -> String {
        let (_, target) = self.send.split_once(' ').unwrap_or_default();
        numbered(target, number)
    }
}

/// `text` for the request with this number.
pub(crate) fn numbered(text: &str, number: usize) -> String {
    text.replace("{n}", &number.to_string())
}

#[derive(Deserialize)]
struct File {
    scenario: Vec<toml::Table>,
}

fn one() -> usize {
    1
}

fn yes() -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scenario_can_be_read_and_has_a_name_of_its_own() {
        for api in [Api::Http, Api::Grpc] {
            let scenarios = Scenario::all(api, &[]).unwrap();
            let names: std::collections::BTreeSet<_> =
                scenarios.iter().map(|scenario| &scenario.name).collect();
            assert_eq!(names.len(), scenarios.len());
        }
    }
}
