//! The suite: every subject, every scenario.

use anyhow::{Result, ensure};

use crate::Subject;
use crate::differences::{self, Difference};
use crate::report::{self, Count};
use crate::suite::{self, Test, Verdict};

/// Whether all passed.
#[tokio::main]
pub(crate) async fn run(
    subjects: &[Subject],
    differences: &[Difference],
    filter: Option<&str>,
) -> Result<bool> {
    let mut count = Count::default();
    for subject in subjects {
        let tests = Test::all(subject, differences, filter)?;
        if tests.is_empty() {
            continue;
        }
        println!("{}", subject.name);
        let verdicts = suite::caught(suite::run(subject, &tests)).await.unwrap_or_else(|error| {
            let name = "the service starts, answers and ends".to_owned();
            vec![Verdict { name, findings: vec![format!("{error:#}")] }]
        });
        verdicts.iter().for_each(|verdict| count.add(report::print(verdict)));
        for difference in differences::of(differences, subject)? {
            println!("  differs: {difference}");
        }
    }
    ensure!(count.passed + count.failed > 0, "no scenario has {filter:?} in its name");
    println!("{count}");
    Ok(count.failed == 0)
}
