//! Waits until everything that was driven can be read back.

use std::time::Duration;

use anyhow::Result;
use tokio::time::Instant;

use super::{progress::Step, prometheus::Prometheus, seen::Totals, service::Service};

/// How long the service may take to finish what is open.
const SERVICE_DEADLINE: Duration = Duration::from_secs(5);
/// How long the last scrape may take; the first one comes up to 5 s after Prometheus' start.
const SCRAPE_DEADLINE: Duration = Duration::from_secs(15);

/// Returns the service's totals when nothing is in flight and the scrape has as many requests as the service.
///
/// Goes on with what there is when a deadline passes: the comparison that follows tells what is missing.
pub(super) async fn settle(
    service: &Service,
    prometheus: Option<&Prometheus>,
    driven: u64,
) -> Result<Totals> {
    let _step = Step::start("waiting for the last scrape")?;
    let all = Totals { finished: driven, in_flight: 0 };
    let totals = poll(SERVICE_DEADLINE, all, async || {
        Totals::from_metrics(&Service::metrics(service.address).await?)
    })
    .await?;
    if let Some(prometheus) = prometheus {
        poll(SCRAPE_DEADLINE, totals, async || Totals::from_prometheus(&prometheus.promql).await)
            .await?;
    }
    Ok(totals)
}

async fn poll(
    patience: Duration,
    wanted: Totals,
    read: impl AsyncFn() -> Result<Totals>,
) -> Result<Totals> {
    let deadline = Instant::now() + patience;
    loop {
        let totals = read().await?;
        if totals == wanted || Instant::now() > deadline {
            return Ok(totals);
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[tokio::test]
    async fn polls_until_everything_is_there_or_time_is_up() {
        let wanted = Totals { finished: 3, in_flight: 0 };
        let reads = Cell::new(0);
        let growing = async || {
            reads.set(reads.get() + 1);
            Ok(Totals { finished: reads.get(), in_flight: 3 - reads.get() })
        };
        assert_eq!(poll(Duration::from_secs(1), wanted, growing).await.unwrap(), wanted);
        assert_eq!(reads.get(), 3);

        let stuck = Totals { finished: 2, in_flight: 1 };
        assert_eq!(poll(Duration::ZERO, wanted, async || Ok(stuck)).await.unwrap(), stuck);
    }
}
