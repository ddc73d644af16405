//! What one suite, a test binary, reported.

use std::collections::BTreeSet;

use crate::tools::Found;

/// How a test ended, before its output is looked at.
pub(super) enum Outcome {
    Passed,
    Failed,
    Skipped,
}

#[derive(Debug)]
pub(super) struct Suite {
    pub(super) name: String,
    pub(super) passed: usize,
    pub(super) failed: usize,
    /// What each skipped test said.
    pub(super) skips: Vec<String>,
    /// Name and version of the real backends in use.
    pub(super) backends: BTreeSet<String>,
}

impl Suite {
    pub(super) fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            passed: 0,
            failed: 0,
            skips: Vec::new(),
            backends: BTreeSet::new(),
        }
    }

    /// Counts one test. A test that passed but printed `SKIPPED: ...` was skipped.
    pub(super) fn add(&mut self, outcome: Outcome, stderr: &str) {
        self.backends.extend(after(stderr, "backend: ").map(str::to_owned));
        let skip = after(stderr, "SKIPPED: ").next();
        match (outcome, skip) {
            (Outcome::Failed, _) => self.failed += 1,
            (Outcome::Passed, None) => self.passed += 1,
            (_, skip) => self.skips.push(skip.unwrap_or("no reason given").to_owned()),
        }
    }

    pub(super) fn tests(&self) -> usize {
        self.passed + self.failed + self.skips.len()
    }
}

/// The rest of every line that begins with `mark`.
fn after<'a>(text: &'a str, mark: &'a str) -> impl Iterator<Item = &'a str> {
    text.lines().filter_map(move |line| line.trim().strip_prefix(mark)).map(str::trim)
}

/// The backends that no suite reported.
pub(super) fn unused(suites: &[Suite], backends: &[Found]) -> Vec<&'static str> {
    let used: BTreeSet<&str> = suites
        .iter()
        .flat_map(|suite| &suite.backends)
        .filter_map(|backend| backend.split(' ').next())
        .collect();
    backends.iter().map(|found| found.tool.name).filter(|name| !used.contains(name)).collect()
}

#[cfg(test)]
mod tests {
    use super::{Outcome, Suite, unused};
    use crate::tools::{Found, TEST_BACKENDS};

    #[test]
    fn a_backend_that_no_suite_reports_is_unused() {
        let found = |index: usize| Found {
            tool: TEST_BACKENDS[index],
            path: "".into(),
            version: "1.0".to_owned(),
        };
        let mut suite = Suite::new("s");
        suite.add(Outcome::Passed, "backend: promtool 2.42.0");
        assert_eq!(unused(&[suite], &[found(0), found(1)]), ["prometheus"]);
    }

    #[test]
    fn backends_are_named_once_however_many_tests_use_them() {
        let mut suite = Suite::new("s");
        suite.add(Outcome::Passed, "backend: postgresql 15.18\nnoise\n  backend: redis 7.0.15\r\n");
        suite.add(Outcome::Passed, "backend: postgresql 15.18");
        assert_eq!(suite.backends.iter().collect::<Vec<_>>(), ["postgresql 15.18", "redis 7.0.15"]);
        assert_eq!(suite.passed, 2);
    }

    #[test]
    fn a_failed_test_is_failed_even_if_it_says_skipped() {
        let mut suite = Suite::new("s");
        suite.add(Outcome::Failed, "SKIPPED: s needs prometheus: install it");
        assert_eq!((suite.failed, suite.skips.len()), (1, 0));
    }

    #[test]
    fn only_whole_marks_at_the_start_of_a_line_count() {
        let mut suite = Suite::new("s");
        suite.add(Outcome::Passed, "the backend: none\nnot SKIPPED: at all");
        assert_eq!((suite.passed, suite.backends.len()), (1, 0));
    }
}
