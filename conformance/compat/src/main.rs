//! The presets beside the crates that they replace: each pair of services gets the same requests, one
//! Prometheus scrapes both, and the queries of dashboards are asked for both.

mod claims;
mod drive;
mod http;
mod names;
mod prometheus;
mod queries;
mod services;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result, ensure};
use tokio::time::sleep;

use self::names::{ACTIX, AXUM, Names};
use self::prometheus::Prometheus;
use self::services::Pair;

/// A scrape every second, so that it holds as many samples, and one more if its ends meet them.
const WINDOW: Duration = Duration::from_secs(10);

#[tokio::main]
async fn main() -> Result<()> {
    let pairs = [(AXUM, services::axum::start().await?), (ACTIX, services::actix::start()?)];
    let jobs: Vec<_> = pairs.iter().flat_map(|(names, pair)| names.jobs(pair)).collect();
    let prometheus = Prometheus::start(&jobs).await?;

    // The first round gives every series a value: an increase is seen from the second sample on.
    let counted = round(&pairs, &prometheus, 0.0).await?;
    let known = now()?;
    // The window begins with a sample of the first round and has the second one in its midst.
    sleep(Duration::from_secs(2)).await;
    round(&pairs, &prometheus, counted).await?;
    let window = known + WINDOW.as_secs_f64() + 0.5;
    while now()? < window + 0.5 {
        sleep(Duration::from_millis(100)).await;
    }

    let mut broken = Vec::new();
    for (names, pair) in &pairs {
        println!("\n{} beside {}\n", names.preset, names.peer);
        let mut told = claims::headers(names, pair).await?;
        told.extend(queries::compare(names, &prometheus, window).await?);
        told.extend(claims::in_flight(names, pair, &prometheus).await?);
        told.extend(claims::differences(names, pair, &prometheus).await?);
        for line in told {
            println!("{} {}", if line.holds { "ok    " } else { "BROKEN" }, line.text);
            if !line.holds {
                broken.push(line.text);
            }
        }
    }
    ensure!(broken.is_empty(), "{} of the above do not hold", broken.len());
    Ok(())
}

/// Something that is said of a pair.
struct Line {
    holds: bool,
    text: String,
}

/// Asks all four for the same and waits until Prometheus has seen it; returns how many that were.
async fn round(pairs: &[(Names, Pair)], prometheus: &Prometheus, before: f64) -> Result<f64> {
    let addresses = pairs.iter().flat_map(|(_, pair)| [pair.peer, pair.ours]);
    let asked = drive::round(addresses).await? as f64;
    for (names, _) in pairs {
        for job in [names.peer, names.preset] {
            let query = names.query(job, "sum(TOTAL{JOB,endpoint!=\"/metrics\"})");
            prometheus.until(&query, before + asked).await?;
        }
    }
    Ok(before + asked)
}

fn now() -> Result<f64> {
    Ok(SystemTime::now().duration_since(UNIX_EPOCH).context("a clock before 1970")?.as_secs_f64())
}
