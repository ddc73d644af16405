//! Reads the report of nextest, the one place where the output of passing tests is kept.

use anyhow::{Context, Result};
use quick_junit::{Report, TestCaseStatus};

use super::suite::{Outcome, Suite};

pub(super) fn suites(xml: &str) -> Result<Vec<Suite>> {
    let report =
        Report::deserialize_from_str(xml).context("cannot read the JUnit report of nextest")?;
    let suites = report.test_suites.iter().map(|binary| {
        let mut suite = Suite::new(binary.name.as_str());
        for case in &binary.test_cases {
            let outcome = match case.status {
                TestCaseStatus::Success { .. } => Outcome::Passed,
                TestCaseStatus::NonSuccess { .. } => Outcome::Failed,
                TestCaseStatus::Skipped { .. } => Outcome::Skipped,
            };
            // Not stdout: the harness writes there too, on the same line as the test.
            suite.add(outcome, case.system_err.as_ref().map_or("", |text| text.as_str()));
        }
        suite
    });
    let mut suites: Vec<Suite> = suites.collect();
    suites.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(suites)
}

#[cfg(test)]
mod tests {
    use super::suites;

    const XML: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="nextest-run" tests="3" failures="1" errors="0" uuid="6f0b2e8e-6a0c-4f43-9e0e-3ab4f5c7b0a1">
  <testsuite name="obs-metrics::prometheus" tests="2" disabled="0" errors="0" failures="1">
    <testcase name="scrapes" classname="obs-metrics::prometheus" time="0.1">
      <system-out>running 1 test</system-out>
      <system-err>starting
backend: prometheus 2.42.0
backend: promtool 2.42.0
</system-err>
    </testcase>
    <testcase name="breaks" classname="obs-metrics::prometheus" time="0.1">
      <failure type="test failure">it broke</failure>
      <system-err>backend: prometheus 2.42.0</system-err>
    </testcase>
  </testsuite>
  <testsuite name="a::sql" tests="1" disabled="0" errors="0" failures="0">
    <testcase name="stores" classname="a::sql" time="0.1">
      <system-err>SKIPPED: stores needs initdb: apt-get install postgresql</system-err>
    </testcase>
  </testsuite>
</testsuites>"#;

    #[test]
    fn suites_come_with_counts_backends_and_skips() {
        let suites = suites(XML).unwrap();
        let seen: Vec<_> =
            suites.iter().map(|s| (s.name.as_str(), s.passed, s.failed, s.skips.len())).collect();
        assert_eq!(seen, [("a::sql", 0, 0, 1), ("obs-metrics::prometheus", 1, 1, 0)]);
        let backends: Vec<_> = suites[1].backends.iter().map(String::as_str).collect();
        assert_eq!(backends, ["prometheus 2.42.0", "promtool 2.42.0"]);
        assert!(suites[0].skips[0].starts_with("stores needs initdb"));
    }

    #[test]
    fn a_cut_report_is_an_error() {
        assert!(suites(&XML[..XML.len() / 2]).is_err());
    }
}
