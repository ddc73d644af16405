//! The suite: every subject, every scenario.

use anyhow::{Result, ensure};

use crate::report::{self, Count};
use crate::suite::{self, Test};
use crate::{Subject, differences};

/// Whether all passed.
#[tokio::main]
pub(crate) async fn run(subjects: &[Subject], filter: Option<&str>) -> Result<bool> {
    let differences = differences::read()?;
    let mut count = Count::default();
    for subject in subjects {
        let tests = Test::all(subject, &differences, filter)?;
        if tests.is_empty() {
            continue;
        }
        println!("{}", subject.name);
        let verdicts = suite::run(subject, &tests).await?;
        verdicts.iter().for_each(|verdict| count.add(report::print(verdict)));
        for difference in differences::of(&differences, subject)? {
            println!("  differs: {difference}");
        }
    }
    ensure!(count.passed + count.failed > 0, "no scenario has {filter:?} in its name");
    println!("{count}");
    Ok(count.failed == 0)
}
