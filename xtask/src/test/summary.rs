//! What is printed last: suites, backends, and everything that did not run.

use std::fmt;

use comfy_table::{LineStyle, Table, TableStyle};

use super::suite::Suite;
use crate::tools::Tool;

const RULE: LineStyle = LineStyle::none().fill('─').junction('─');
const STYLE: TableStyle =
    TableStyle::new().top_border(RULE).header_separator(RULE).bottom_border(RULE);

pub(super) struct Summary<'a> {
    pub(super) suites: &'a [Suite],
    pub(super) missing: &'a [&'static Tool],
    /// Names of backends that are here and that no suite reported.
    pub(super) unused: &'a [&'static str],
}

impl Summary<'_> {
    pub(super) fn skipped(&self) -> usize {
        self.suites.iter().map(|suite| suite.skips.len()).sum()
    }
}

impl fmt::Display for Summary<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", table(self.suites))?;
        for tool in self.missing {
            writeln!(f, "MISSING: {}", tool.missing())?;
        }
        for suite in self.suites {
            for skip in &suite.skips {
                writeln!(f, "SKIPPED: in {}: {skip}", suite.name)?;
            }
        }
        for name in self.unused {
            writeln!(f, "UNUSED: {name} is here, but no suite reported it")?;
        }
        let sum = |count: fn(&Suite) -> usize| self.suites.iter().map(count).sum::<usize>();
        let (passed, failed) = (sum(|suite| suite.passed), sum(|suite| suite.failed));
        write!(f, "tests: {passed} passed, {failed} failed, {} skipped", self.skipped())
    }
}

fn table(suites: &[Suite]) -> Table {
    let mut table = Table::new();
    table.load_style(STYLE).set_header(["suite", "tests", "backends"]);
    for suite in suites {
        let backends: Vec<&str> = suite.backends.iter().map(String::as_str).collect();
        let backends = if backends.is_empty() { "-".to_owned() } else { backends.join(", ") };
        table.add_row([suite.name.clone(), tests(suite), backends]);
    }
    table
}

/// `12`, or `12 (1 failed, 2 skipped)`.
fn tests(suite: &Suite) -> String {
    let parts = [(suite.failed, "failed"), (suite.skips.len(), "skipped")];
    let parts: Vec<String> = parts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    if parts.is_empty() {
        return suite.tests().to_string();
    }
    format!("{} ({})", suite.tests(), parts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::Summary;
    use crate::{
        test::suite::{Outcome, Suite},
        tools::TEST_BACKENDS,
    };

    #[test]
    fn a_summary_names_backends_skips_and_counts() {
        let mut one = Suite::new("obs-metrics::prometheus");
        one.add(Outcome::Passed, "backend: prometheus 2.42.0");
        one.add(Outcome::Failed, "");
        let mut two = Suite::new("orders::sql");
        two.add(Outcome::Passed, "SKIPPED: stores needs initdb: apt-get install postgresql");
        let suites = [one, two];
        let text = Summary { suites: &suites, missing: &[TEST_BACKENDS[2]], unused: &["promtool"] }
            .to_string();
        for part in [
            "2 (1 failed)",
            "prometheus 2.42.0",
            "MISSING: postgresql (initdb): apt-get install",
            "SKIPPED: in orders::sql: stores needs initdb",
            "UNUSED: promtool",
        ] {
            assert!(text.contains(part), "no `{part}` in\n{text}");
        }
        assert!(text.ends_with("\ntests: 1 passed, 1 failed, 1 skipped"), "{text}");
    }
}
