//! Where a framework really differs: `differences.toml`.

use std::path::Path;
use std::{fmt, fs};

use anyhow::{Context as _, Result, ensure};
use serde::Deserialize;

use crate::{Subject, scenario::Scenario};

/// So many there may be, of all subjects together.
const MOST: usize = 5;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Difference {
    pub(crate) subject: String,
    pub(crate) scenarios: Vec<String>,
    reason: String,
    source: String,
    setting: String,
    /// Replaces keys of the scenarios.
    expected: toml::Table,
    /// Keys that the scenarios do not have then.
    #[serde(default)]
    without: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct File {
    #[serde(default)]
    difference: Vec<Difference>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { scenarios, reason, source, setting, .. } = self;
        write!(f, "{} ({source}): {reason}; setting: {setting}", scenarios.join("; "))
    }
}

impl Difference {
    /// Changes a row of the scenarios.
    pub(crate) fn apply(&self, row: &mut toml::Table) {
        row.extend(self.expected.clone());
        row.retain(|key, _| !self.without.iter().any(|without| without == key));
    }
}

/// All of them, checked: those of `file`, or ours.
pub(crate) fn read(file: Option<&Path>) -> Result<Vec<Difference>> {
    match file {
        Some(file) => {
            let read = || parse(&fs::read_to_string(file)?);
            read().with_context(|| file.display().to_string())
        }
        None => parse(include_str!("../differences.toml")).context("differences.toml"),
    }
}

fn parse(text: &str) -> Result<Vec<Difference>> {
    let File { difference: differences } = toml::from_str(text)?;
    ensure!(differences.len() <= MOST, "{} differences; {MOST} are allowed", differences.len());
    for Difference { subject, scenarios, reason, source, setting, .. } in &differences {
        let line = source.rsplit_once(':').is_some_and(|(_, line)| line.parse::<u32>().is_ok());
        ensure!(line, "{subject}: the source is FILE:LINE of the framework, not {source:?}");
        ensure!(!reason.is_empty() && !setting.is_empty(), "{subject}: a reason and a setting");
        ensure!(!scenarios.is_empty(), "{subject}: a difference of no scenario");
    }
    Ok(differences)
}

/// Those of one subject. Each names scenarios that there are.
pub(crate) fn of<'a>(all: &'a [Difference], subject: &Subject) -> Result<Vec<&'a Difference>> {
    let known = Scenario::all(subject.api, &[])?;
    let ours: Vec<_> = all.iter().filter(|it| it.subject == subject.name).collect();
    for name in ours.iter().flat_map(|difference| &difference.scenarios) {
        let is_known = known.iter().any(|it| &it.name == name);
        ensure!(is_known, "differences.toml: there is no scenario {name:?}");
    }
    Ok(ours)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Api;

    fn difference(source: &str) -> String {
        format!(
            "[[difference]]\nsubject = \"a\"\nscenarios = [\"s\"]\nreason = \"r\"\n\
             source = \"{source}\"\nsetting = \"none\"\nexpected = {{ answer = 200 }}\n"
        )
    }

    #[test]
    fn what_is_different_is_expected_of_that_scenario_alone() {
        let text = difference("a.rs:1").replace("[\"s\"]", "[\"a timeout of the server\"]");
        let differences = parse(&(text + "without = [\"error_type\"]\n")).unwrap();
        let changed = Scenario::all(Api::Http, &[&differences[0]]).unwrap();
        let same = Scenario::all(Api::Http, &[]).unwrap();
        for (changed, same) in changed.iter().zip(&same) {
            let differs = changed.name == "a timeout of the server";
            assert_eq!(changed.answer != same.answer, differs, "{}", changed.name);
            assert_eq!(changed.error_type != same.error_type, differs, "{}", changed.name);
        }
    }

    #[test]
    fn five_with_a_line_of_source_each() {
        let ok = difference("actix-http-3.1.0/src/h1/dispatcher.rs:1021");
        assert_eq!(parse(&ok.repeat(5)).unwrap().len(), 5);
        assert!(parse(&ok.repeat(6)).is_err());
        assert!(parse(&difference("somewhere")).is_err());
        assert!(parse(&ok.replace("reason = \"r\"\n", "")).is_err());
        read(None).unwrap();
    }
}
