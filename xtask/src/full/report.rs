//! What has come of each part, also if it is asked half-way.

use std::fmt;
use std::process;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use comfy_table::{Table, presets::ASCII_MARKDOWN};

/// What a shell reports of a program that SIGINT has ended.
const INTERRUPTED: i32 = 130;

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
        if let Some(row) = self.rows().iter_mut().find(|row| row.part == part) {
            row.end = Some(End { passed, took });
        }
    }

    pub(super) fn failed(&self) -> Vec<&'static str> {
        let failed = |row: &&Row| row.end.as_ref().is_some_and(|end| !end.passed);
        self.rows().iter().filter(failed).map(|row| row.part).collect()
    }

    /// Ends the program. It keeps the rows: no part ends meanwhile, so that none begins.
    pub(super) fn interrupted(&self) -> ! {
        let rows = self.rows();
        eprintln!("\ninterrupted\n\n{}", table(&rows));
        process::exit(INTERRUPTED)
    }

    fn rows(&self) -> MutexGuard<'_, Vec<Row>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        table(&self.rows()).fmt(f)
    }
}

fn table(rows: &[Row]) -> Table {
    let mut table = Table::new();
    table.load_style(ASCII_MARKDOWN).set_header(["part", "result", "took"]);
    for Row { part, end } in rows {
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
    table
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
