//! Faults in the adapters, one after the other: a suite that sees nothing proves nothing.

use anyhow::{Result, bail, ensure};

use crate::differences::Difference;
use crate::report::{self, Count};
use crate::suite::{self, Test, Verdict};
use crate::{Api, Subject};

/// Each is a `mutant::is` in obs-core or in an adapter; the scenarios of these applications must see it.
const MUTANTS: &[(&str, &[Api])] = &[
    ("body-hook-dropped", &[Api::Http, Api::Grpc]),
    ("body-bytes-not-counted", &[Api::Http]),
    ("body-polled-out-of-scope", &[Api::Http]),
    ("bodyless-not-ended", &[Api::Http]),
    ("cancelled-handler-dropped-out-of-scope", &[Api::Http]),
    ("client-id-ignored", &[Api::Http, Api::Grpc]),
    ("context-not-restored", &[Api::Http, Api::Grpc]),
    ("declared-length-ignored", &[Api::Http]),
    ("drop-is-complete", &[Api::Http, Api::Grpc]),
    ("mounted-twice-counted", &[Api::Http]),
    ("own-id-replaced", &[Api::Http]),
    ("panic-forgotten", &[Api::Http]),
    ("panic-not-an-outcome", &[Api::Http, Api::Grpc]),
    ("raw-path-as-route", &[Api::Http]),
    ("response-headers-forgotten", &[Api::Http, Api::Grpc]),
    ("streams-timed", &[Api::Http]),
    ("trailers-ignored", &[Api::Grpc]),
    ("upgrade-is-complete", &[Api::Http]),
];

/// Whether all are seen, and nothing is without them.
#[tokio::main]
pub(crate) async fn run(
    subjects: &[Subject],
    differences: &[Difference],
    filter: Option<&str>,
) -> Result<bool> {
    ensure!(
        cfg!(obs_mutants),
        "this build has no faults: run `cargo xtask conformance --mutants`, or build with \
         RUSTFLAGS=\"--cfg obs_mutants\""
    );
    let mut count = Count::default();
    for subject in subjects.iter().filter(|subject| subject.mutants) {
        println!("{}", subject.name);
        let tests = Test::all(subject, differences, None)?;
        let none = suite::caught(suite::run(subject, &tests)).await?;
        let wrong = none.iter().find(|verdict| !verdict.findings.is_empty());
        if let Some(verdict) = wrong {
            bail!("without any fault, {} fails: {}", verdict.name, verdict.findings[0]);
        }
        let ours = MUTANTS.iter().filter(|(name, apis)| {
            apis.contains(&subject.api) && filter.is_none_or(|filter| name.contains(filter))
        });
        for (name, _) in ours {
            count.add(report::print(&seen(subject, &tests, name).await));
        }
    }
    println!("{} of {} mutants are seen", count.passed, count.passed + count.failed);
    println!("{count}");
    Ok(count.failed == 0)
}

async fn seen(subject: &Subject, tests: &[Test], mutant: &str) -> Verdict {
    let by = match suite::caught(suite::first_finding(subject, tests, mutant)).await {
        Ok(Some(Verdict { name, findings })) => format!("{name}: {}", findings[0]),
        Ok(None) => {
            let findings = vec!["nothing is seen of it".to_owned()];
            return Verdict { name: mutant.to_owned(), findings };
        }
        Err(error) => format!("{error:#}"),
    };
    Verdict { name: format!("{mutant}, by {by}"), findings: vec![] }
}
