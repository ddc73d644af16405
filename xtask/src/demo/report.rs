//! What the demo says at its end.

use std::{fmt::Write, time::Duration};

use anyhow::{Result, bail};
use obs_testing::receivers::Receivers;

use super::{
    business::Business,
    check::{aborted_difference, differences},
    prometheus::Prometheus,
    readback::ReadBack,
    seen::Seen,
    service::Service,
    table,
    text::grouped,
    traffic::Tally,
};

/// The whole report, and whether all ends agree.
pub(super) struct Report {
    pub(super) text: String,
    differences: Vec<String>,
    disagreements: Vec<String>,
    missing: Vec<String>,
    driven: u64,
    counted: u64,
}

impl Report {
    pub(super) fn write(
        seen: &Seen,
        prometheus: Option<&Prometheus>,
        tally: &Tally,
        length: Duration,
        readback: &ReadBack,
        business: &Business,
    ) -> Result<Self> {
        let mut differences = differences(&tally.driven, &seen.counts);
        differences.extend(aborted_difference(tally, seen));
        let (driven, counted) = (tally.driven.total(), seen.counts.total());
        let mut text = String::new();
        writeln!(text)?;
        let source = if prometheus.is_some() { "Prometheus" } else { "/metrics" };
        writeln!(text, "Read back from {source} after {} s of traffic:", length.as_secs())?;
        writeln!(text, "{}", table::render(&table::rows(seen), length))?;
        writeln!(text, "{}\n", aborted(seen, tally))?;
        writeln!(text, "{}\n", verdict(driven, counted, &differences))?;
        writeln!(text, "{readback}")?;
        writeln!(text, "{business}")?;
        let (disagreements, missing) = (readback.disagreements(), business.missing());
        Ok(Self { text, differences, disagreements, missing, driven, counted })
    }

    /// Adds what the probes answer and where everything listens.
    pub(super) async fn add_places(
        &mut self,
        service: &Service,
        prometheus: Option<&Prometheus>,
        receivers: &Receivers,
    ) -> Result<()> {
        writeln!(self.text, "Probes:\n{}", service.probes().await?)?;
        self.text.push_str(&addresses(service, prometheus, receivers));
        Ok(())
    }

    pub(super) fn agrees(&self) -> Result<()> {
        if !self.differences.is_empty() {
            let (driven, counted) = (grouped(self.driven), grouped(self.counted));
            bail!(
                "the service counted other requests than were driven: {driven} driven, {counted} counted"
            )
        }
        if !self.disagreements.is_empty() {
            bail!("not every end tells the same:\n{}", self.disagreements.join("\n"))
        }
        if !self.missing.is_empty() {
            bail!("the service shows nothing of:\n{}", self.missing.join("\n"))
        }
        Ok(())
    }
}

fn aborted(seen: &Seen, tally: &Tally) -> String {
    let of = |outcome| grouped(seen.aborted_as(outcome));
    format!(
        "Answers that ended before their body did: cancelled_in_body {}, body_error {} \
         (clients left {} exports and closed {} event streams)",
        of("cancelled_in_body"),
        of("body_error"),
        grouped(tally.left_in_body),
        grouped(tally.streams_closed),
    )
}

fn verdict(driven: u64, counted: u64, differences: &[String]) -> String {
    let numbers = format!("driven {} requests, counted {}", grouped(driven), grouped(counted));
    if differences.is_empty() {
        return format!(
            "{} {numbers}, the same by method, route and status",
            console::style("✓").green()
        );
    }
    format!("{} {numbers}; they differ:\n{}", console::style("✗").red(), differences.join("\n"))
}

fn addresses(service: &Service, prometheus: Option<&Prometheus>, receivers: &Receivers) -> String {
    let mut text = format!(
        "  service     http://{0}/orders\n  metrics     http://{0}/metrics\n",
        service.address
    );
    if let Some(prometheus) = prometheus {
        text.push_str(&format!("  Prometheus  http://{}/graph\n", prometheus.address));
    }
    text.push_str(&format!(
        "  receivers   http://{}/v1/traces, http://{}/api/1/envelope/\n",
        receivers.traces.address, receivers.errors.address
    ));
    text.push_str(&format!("  log         {}\n", service.log().display()));
    text
}
