//! What has come of each part, also if it is asked half-way.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use comfy_table::{Table, presets::ASCII_MARKDOWN};

#[derive(Clone)]
pub(super) struct Report(Arc<Mutex<Vec<Row>>>);

struct Row {
    part: &'static str,
    end: Option<End>,
}

struct End {
    passed: bool,
    took: Duration,
}

impl Report {
    pub(super) fn new(parts: Vec<&'static str>) -> Self {
        let rows = parts.into_iter().map(|part| Row { part, end: None }).collect();
        Self(Arc::new(Mutex::new(rows)))
    }

    pub(super) fn ended(&self, part: &str, passed: bool, took: Duration) {
        let mut rows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(row) = rows.iter_mut().find(|row| row.part == part) {
            row.end = Some(End { passed, took });
        }
    }

    pub(super) fn failed(&self) -> Vec<&'static str> {
        let rows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let failed = |row: &&Row| row.end.as_ref().is_some_and(|end| !end.passed);
        rows.iter().filter(failed).map(|row| row.part).collect()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = Table::new();
        table.load_style(ASCII_MARKDOWN).set_header(["part", "result", "took"]);
        for Row { part, end } in &*self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            let (result, took) = match end {
                None => ("not finished", String::new()),
                Some(end) => {
                    let seconds = end.took.as_secs();
                    let result = if end.passed { "passed" } else { "failed" };
                    (result, format!("{}:{:02} min", seconds / 60, seconds % 60))
                }
            };
            table.add_row([part, result, &took]);
        }
        write!(f, "{table}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_tells_what_passed_what_failed_and_what_is_left() {
        let report = Report::new(vec!["mutants", "peers", "fuzz"]);
        report.ended("mutants", true, Duration::from_secs(61));
        report.ended("peers", false, Duration::from_secs(7));
        let text = report.to_string();
        for cell in ["| passed       | 1:01 min |", "| failed       | 0:07 min |", "not finished"] {
            assert!(text.contains(cell), "{cell} in\n{text}");
        }
        assert_eq!(report.failed(), ["peers"]);
    }
}
