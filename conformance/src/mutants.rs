//! Faults in the adapters, one after the other: a suite that sees nothing proves nothing.

use anyhow::{Result, ensure};

use crate::report::{self, Count};
use crate::suite::{self, Test, Verdict};
use crate::{Api, Subject, differences};

/// Each is a `mutant::is` in obs-core or in an adapter; the scenarios of these applications must see it.
const MUTANTS: &[(&str, &[Api])] = &[
    ("body-hook-dropped", &[Api::Http, Api::Grpc]),
    ("body-bytes-not-counted", &[Api::Http]),
    ("body-polled-out-of-scope", &[Api::Http]),
    ("bodyless-not-ended", &[Api::Http]),
    ("cancelled-handler-dropped-out-of-scope", &[Api::Http]),
    ("client-id-ignored", &[Api::Http, Api::Grpc]),
    ("context-not-restored", &[Api::Http, Api::Grpc]),
    ("drop-is-complete", &[Api::Http, Api::Grpc]),
    ("mounted-twice-counted", &[Api::Http]),
    ("panic-forgotten", &[Api::Http]),
    ("panic-not-an-outcome", &[Api::Http, Api::Grpc]),
    ("raw-path-as-route", &[Api::Http]),
    ("response-headers-forgotten", &[Api::Http, Api::Grpc]),
    ("streams-timed", &[Api::Http]),
    ("trailers-ignored", &[Api::Grpc]),
    ("upgrade-is-complete", &[Api::Http]),
];

/// Whether all are seen.
#[tokio::main]
pub(crate) async fn run(subjects: &[Subject], filter: Option<&str>) -> Result<bool> {
    ensure!(cfg!(feature = "mutants"), "built without the feature `mutants`");
    let differences = differences::read()?;
    let mut count = Count::default();
    for subject in subjects {
        println!("{}", subject.name);
        let tests = Test::all(subject, &differences, None)?;
        let ours = MUTANTS.iter().filter(|(name, apis)| {
            apis.contains(&subject.api) && filter.is_none_or(|filter| name.contains(filter))
        });
        for (name, _) in ours {
            let seen = match suite::first_finding(subject, &tests, name).await {
                Ok(Some(Verdict { name, findings })) => Some(format!("{name}: {}", findings[0])),
                Ok(None) => None,
                Err(error) => Some(format!("{error:#}")),
            };
            let findings =
                if seen.is_none() { vec!["nothing is seen of it".to_owned()] } else { vec![] };
            let seen = seen.map(|seen| format!(" ({seen})")).unwrap_or_default();
            count.add(report::print(&Verdict { name: format!("{name}{seen}"), findings }));
        }
    }
    println!("{} of {} mutants are seen", count.passed, count.passed + count.failed);
    println!("{count}");
    Ok(count.failed == 0)
}
