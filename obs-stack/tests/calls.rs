//! Outgoing calls outside of requests in an installed process, as a scrape shows them. There is one
//! installed handle per process, so all of it is one test.
#![allow(clippy::unwrap_used, reason = "helpers of tests, outside of #[test]")]

use std::future;
use std::io;
use std::time::Duration;

use obs_core::{CallKind, CallSite, CallStart, observe_call};
use obs_metrics::Format;
use obs_stack::{Obs, Settings, Setup};
use tokio::time::sleep;

/// The values of all series that begin with `start`.
fn values(obs: &Obs, start: &str) -> Vec<u64> {
    let text = obs.metrics().render(Format::Text);
    let lines = text.lines().filter(|line| line.starts_with(start));
    lines.map(|line| line.rsplit_once(' ').unwrap().1.parse().unwrap()).collect()
}

static SELECT: CallSite = CallSite::database("postgresql", "SELECT", "orders");
static BKASH: CallSite = CallSite::http("POST", "bkash");

/// A site of a driver, which learns its names at run time.
fn dynamic(kind: CallKind, name: &str) -> CallStart {
    CallSite::dynamic(kind, "", name, name).into()
}

async fn call(site: impl Into<CallStart>, outcome: &str) {
    let result = match outcome {
        "success" => observe_call(site, async { Ok::<_, io::Error>(7) }).await.is_ok(),
        "error" => {
            let failing = async { Err::<(), _>(io::Error::other("password hunter2")) };
            let error = observe_call(site, failing).await.unwrap_err();
            error.to_string() == "password hunter2"
        }
        _ => {
            let never = observe_call(site, future::pending::<io::Result<()>>());
            // The wait begins after the first poll of the call, hence is shorter than it.
            tokio::select! {
                biased;
                _ = never => false,
                () = async { sleep(Duration::from_millis(2)).await } => true,
            }
        }
    };
    assert!(result, "the future's own result is not changed");
}

#[tokio::test]
async fn calls_are_measured_once_installed() {
    // Nobody listens yet.
    call(&SELECT, "success").await;
    let obs = Setup::new(Settings::default()).install().unwrap();
    let select = "db_query_duration_seconds_count{query_type=\"select\"}";
    assert!(values(&obs, select).is_empty());

    for (outcome, times) in [("success", 3), ("error", 2), ("cancelled", 1)] {
        for _ in 0..times {
            call(&SELECT, outcome).await;
            call(&BKASH, outcome).await;
        }
        let external = "external_request_duration_seconds_count{target=\"bkash\",";
        let one = format!("{external}outcome=\"{outcome}\"}}");
        assert_eq!(values(&obs, &one), [times], "{outcome}");
    }
    assert_eq!(values(&obs, select), [6]);
    assert_eq!(values(&obs, "db_errors_total "), [2]);
    let waited =
        "external_request_duration_seconds_bucket{target=\"bkash\",outcome=\"cancelled\",le=";
    assert_eq!(values(&obs, &format!("{waited}\"0.001\"}}")), [0]);
    assert_eq!(values(&obs, &format!("{waited}\"+Inf\"}}")), [1]);
    let text = obs.metrics().render(Format::Text);
    assert!(!text.contains("hunter2"), "{text}");

    // The macros of events write to the same handle.
    obs_metrics::session_started!();
    assert_eq!(values(&obs, "sessions_started_total "), [1]);

    // A handle of its own sees nothing of them.
    let other = Setup::new(Settings::default()).build();
    assert!(values(&other, "db_query_duration_seconds_count").is_empty());
    assert!(values(&other, "sessions_started_total ").is_empty());

    for (kind, family) in [
        (CallKind::Database, "db_query_duration_seconds_count{query_type="),
        (CallKind::Http, "external_request_duration_seconds_count{target="),
    ] {
        // A caller's own `other` is the same series as the overflow.
        call(dynamic(kind, "other"), "success").await;
        let before: u64 = values(&obs, family).iter().sum();
        for number in 0..200 {
            call(dynamic(kind, &format!("name-{number}")), "success").await;
        }
        let text = obs.metrics().render(Format::Text);
        let per_outcome = if kind == CallKind::Http { ",outcome=\"success\"}" } else { "}" };
        let series: Vec<_> = text
            .lines()
            .filter(|line| line.starts_with(family) && line.contains(per_outcome))
            .collect();
        assert_eq!(series.len(), 64, "{series:#?}");
        let others = values(&obs, &format!("{family}\"other\"{per_outcome}"));
        // 62 new names found a place beside the one from before.
        assert_eq!(others, [1 + 200 - 62], "{series:#?}");
        assert_eq!(values(&obs, family).iter().sum::<u64>(), before + 200);
    }
}
