//! What dashboards ask, of both jobs.

use anyhow::Result;

use crate::Line;
use crate::names::Names;
use crate::prometheus::{Prometheus, Vector};

/// When two numbers are the same.
#[derive(Clone, Copy)]
enum Same {
    /// Counts.
    Exactly,
    /// Rates: scrapes are not at the same moment.
    InAPercent,
    /// Durations, which no two runs share.
    InTheBucket,
}

use Same::{Exactly, InAPercent, InTheBucket};

/// Neither peer documents a query. These are the series that their READMEs show, and what is usually
/// asked of rates, errors and durations. Left out are the peers' own scrapes and paths without a route,
/// which `claims` has.
const QUERIES: [(Same, &str); 17] = [
    (Exactly, r#"TOTAL{JOB,SEL}"#),
    (Exactly, r#"TOTAL{JOB,method="GET",endpoint="/fast",status="200"}"#),
    (Exactly, r#"DURATION_count{JOB,SEL}"#),
    (Exactly, r#"DURATION_bucket{JOB,SEL,le="10"}"#),
    (Exactly, r#"DURATION_bucket{JOB,SEL,le="+Inf"}"#),
    (Exactly, r#"group by (le) (DURATION_bucket{JOB})"#),
    (Exactly, r#"sum by (method, status) (TOTAL{JOB,endpoint!="/metrics"})"#),
    (InAPercent, r#"sum(rate(TOTAL{JOB,endpoint!="/metrics"}[10s]))"#),
    (InAPercent, r#"sum by (endpoint) (rate(TOTAL{JOB,SEL}[10s]))"#),
    (InAPercent, r#"sum by (status) (increase(TOTAL{JOB,SEL}[10s]))"#),
    (InAPercent, r#"topk(1, sum by (endpoint) (rate(TOTAL{JOB,SEL}[10s])))"#),
    (
        InAPercent,
        r#"sum(rate(TOTAL{JOB,SEL,status=~"5.."}[10s])) / sum(rate(TOTAL{JOB,SEL}[10s]))"#,
    ),
    (
        InAPercent,
        r#"sum by (endpoint) (rate(TOTAL{JOB,SEL,status=~"[45].."}[10s])) / sum by (endpoint) (rate(TOTAL{JOB,SEL}[10s]))"#,
    ),
    (
        InAPercent,
        r#"sum by (endpoint) (rate(DURATION_bucket{JOB,SEL,le="0.25"}[10s])) / sum by (endpoint) (rate(DURATION_count{JOB,SEL}[10s]))"#,
    ),
    (
        InTheBucket,
        r#"histogram_quantile(0.5, sum by (le, endpoint) (rate(DURATION_bucket{JOB,SEL}[10s])))"#,
    ),
    (InTheBucket, r#"histogram_quantile(0.95, sum by (le) (rate(DURATION_bucket{JOB,SEL}[10s])))"#),
    (
        InTheBucket,
        r#"sum by (endpoint) (rate(DURATION_sum{JOB,SEL}[10s])) / sum by (endpoint) (rate(DURATION_count{JOB,SEL}[10s]))"#,
    ),
];

/// Requests of a route of the application.
const MATCHED: &str = r#"endpoint=~"/fast|/slow|/orders.*|/api/.*|/fails""#;
const BUCKETS: [f64; 11] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

pub(crate) async fn compare(names: &Names, prometheus: &Prometheus, at: f64) -> Result<Vec<Line>> {
    let mut lines = Vec::new();
    for (same, query) in QUERIES {
        let query = query.replace("SEL", MATCHED);
        let peer = prometheus.query(&names.query(names.peer, &query), Some(at)).await?;
        let ours = prometheus.query(&names.query(names.preset, &query), Some(at)).await?;
        let holds = !peer.is_empty() && equal(same, &peer, &ours);
        let mut text = format!("{} ({} series)", names.query("", &query), peer.len());
        if !holds {
            text = format!("{text}\n  {}: {peer:?}\n  ours: {ours:?}", names.peer);
        }
        lines.push(Line { holds, text: text.replace("job=\"\",", "").replace("job=\"\"", "") });
    }
    Ok(lines)
}

fn equal(same: Same, peer: &Vector, ours: &Vector) -> bool {
    let close = |a: f64, b: f64| match same {
        Exactly => a == b,
        InAPercent => (a - b).abs() <= 0.01 * a.abs(),
        InTheBucket => bucket(a) == bucket(b),
    };
    peer.len() == ours.len()
        && peer.iter().zip(ours).all(|((a, x), (b, y))| a == b && close(*x, *y))
}

fn bucket(seconds: f64) -> usize {
    BUCKETS.partition_point(|bound| *bound < seconds)
}
