//! What no query shows; and where ours is not the same on purpose: each difference, seen on both sides.

use std::time::Duration;

use anyhow::Result;
use tokio::time::sleep;

use crate::names::Names;
use crate::prometheus::Prometheus;
use crate::services::Pair;
use crate::{Line, http};

const IN_FLIGHT: usize = 3;

/// The lines before the samples, as both write them in the text format.
pub(crate) async fn headers(names: &Names, pair: &Pair) -> Result<Vec<Line>> {
    let (_, peer) = http::ask(pair.peer, "GET", "/metrics").await?;
    let (_, ours) = http::ask(pair.ours, "GET", "/metrics").await?;
    let mut lines = Vec::new();
    for family in names.families() {
        for word in ["HELP", "TYPE"] {
            let start = format!("# {word} {family} ");
            let told =
                |text: &str| text.lines().find(|line| line.starts_with(&start)).map(str::to_owned);
            let (peer, ours) = (told(&peer), told(&ours));
            let holds = peer.is_some() && peer == ours;
            let text =
                if holds { peer.unwrap_or_default() } else { format!("{peer:?}, ours {ours:?}") };
            lines.push(Line { holds, text });
        }
    }
    Ok(lines)
}

/// The same number while requests are held. The peer has it by method and endpoint, ours has one.
pub(crate) async fn in_flight(
    names: &Names,
    pair: &Pair,
    prometheus: &Prometheus,
) -> Result<Vec<Line>> {
    let Some(family) = names.in_flight else { return Ok(Vec::new()) };
    let mut held = Vec::new();
    for address in [pair.peer, pair.ours] {
        for _ in 0..IN_FLIGHT {
            held.push(http::begin(address, "GET", "/held").await?);
        }
    }
    let query = format!("sum({family}{{JOB,endpoint!=\"/metrics\"}})");
    let mut lines = Vec::new();
    for job in [names.peer, names.preset] {
        let reached = prometheus.until(&names.query(job, &query), IN_FLIGHT as f64).await;
        lines.push(line(names.query(job, &query), IN_FLIGHT as f64, reached));
    }
    Ok(lines)
}

pub(crate) async fn differences(
    names: &Names,
    pair: &Pair,
    prometheus: &Prometheus,
) -> Result<Vec<Line>> {
    for address in [pair.peer, pair.ours] {
        for path in ["/.env", "/wp-login.php"] {
            http::ask(address, "GET", path).await?;
        }
        http::ask(address, "BREW", "/no-pot").await?;
        // The peers' connection ends without an answer.
        let _ = http::ask(address, "GET", "/panics").await;
    }
    // A client that leaves before the headers.
    let leaves = [
        http::begin(pair.peer, "GET", "/held").await?,
        http::begin(pair.ours, "GET", "/held").await?,
    ];
    sleep(Duration::from_millis(100)).await;
    drop(leaves);
    // What is to be absent has had two scrapes to appear.
    sleep(Duration::from_millis(2500)).await;

    let odd = names.odd_method;
    let both = [
        // A path without a route: raw, as many series as somebody asks for; one.
        (r#"count(count by (endpoint) (TOTAL{JOB,endpoint=~"/[.]env|/wp-login.php"}))"#, 2.0, 0.0),
        (r#"sum(TOTAL{JOB,endpoint="unknown",method="GET"})"#, 0.0, 8.0),
        // A method that is none.
        (&format!(r#"sum(TOTAL{{JOB,method="{odd}",status="404"}})"#), 1.0, 0.0),
        (r#"sum(TOTAL{JOB,method="OTHER",status="404"})"#, 0.0, 1.0),
        // A panic.
        (r#"sum(TOTAL{JOB,endpoint="/panics",status="500"})"#, 0.0, 1.0),
        // A client that left; over actix the handler goes on, and both count what it answers.
        (
            r#"sum(TOTAL{JOB,endpoint="/held",status="499"}) > bool 0"#,
            0.0,
            f64::from(u8::from(names.cancels)),
        ),
        // The scrapes.
        (r#"count(TOTAL{JOB,endpoint="/metrics"})"#, 1.0, 0.0),
    ];
    let mut lines = Vec::new();
    for (query, peer, ours) in both {
        for (job, expected) in [(names.peer, peer), (names.preset, ours)] {
            // Absent is 0.
            let query = format!("{} or vector(0)", names.query(job, query));
            let reached = prometheus.until(&query, expected).await;
            lines.push(line(query, expected, reached));
        }
    }
    Ok(lines)
}

fn line(query: String, expected: f64, reached: Result<()>) -> Line {
    let holds = reached.is_ok();
    let text = match reached {
        Ok(()) => format!("{query} is {expected}"),
        Err(error) => format!("{error:#}"),
    };
    Line { holds, text }
}
