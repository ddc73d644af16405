//! What the service says it saw, whichever way it is read.

mod exposition;
mod histogram;
mod promql;

use std::collections::BTreeMap;

use anyhow::Result;

pub(super) use self::{exposition::parse, promql::Promql};
use super::{
    prometheus::Prometheus,
    series::{Counts, Route, Series},
    service::Service,
};

pub(super) const QUANTILES: [f64; 3] = [0.5, 0.95, 0.99];

const REQUESTS: &str = "http_requests_total";
const BUCKETS: &str = "http_request_duration_seconds_bucket";
const ABORTED: &str = "obs_requests_aborted_total";
const IN_FLIGHT: &str = "http_requests_in_flight";

/// One number with its labels.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sample {
    pub(super) name: String,
    pub(super) labels: BTreeMap<String, String>,
    pub(super) value: f64,
    /// The trace id of its exemplar.
    pub(super) exemplar: Option<String>,
}

impl Sample {
    pub(super) fn label(&self, name: &str) -> &str {
        self.labels.get(name).map_or("", String::as_str)
    }

    pub(super) fn route(&self) -> Route {
        Route::new(self.label("method"), self.label("route"))
    }
}

/// The requests of a service: how many, how they ended, how long they took.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) counts: Counts,
    /// Seconds, in the order of [`QUANTILES`]; nothing for a route that only streams.
    pub(super) percentiles: BTreeMap<Route, [Option<f64>; 3]>,
    /// By outcome; the family has no route.
    pub(super) aborted: BTreeMap<String, u64>,
}

impl Seen {
    pub(super) async fn read(service: &Service, prometheus: Option<&Prometheus>) -> Result<Self> {
        match prometheus {
            Some(prometheus) => Self::from_prometheus(&prometheus.promql).await,
            None => Self::from_metrics(&Service::metrics(service.address).await?),
        }
    }

    /// Reads the text of /metrics, without a Prometheus.
    fn from_metrics(text: &str) -> Result<Self> {
        let samples = parse(text)?;
        let family = |name: &str| {
            samples.iter().filter(|sample| sample.name == name).cloned().collect::<Vec<_>>()
        };
        let buckets = family(BUCKETS);
        let quantiles = QUANTILES.map(|q| histogram::quantiles(q, &buckets));
        Ok(Self::new(&family(REQUESTS), &quantiles, &family(ABORTED)))
    }

    /// Asks a Prometheus that scraped the service.
    async fn from_prometheus(prometheus: &Promql) -> Result<Self> {
        let requests =
            prometheus.query(&format!("sum by (method, route, status_code) ({REQUESTS})")).await?;
        let aborted = prometheus.query(&format!("sum by (outcome) ({ABORTED})")).await?;
        let mut quantiles = [const { Vec::new() }; 3];
        for (samples, q) in quantiles.iter_mut().zip(QUANTILES) {
            // The counters started at 0 with the service, so they need no rate. Requests that the client gave up
            // took as long as its patience, which says nothing about the route.
            let buckets = format!(r#"{BUCKETS}{{status_code!="{}"}}"#, Series::CANCELLED);
            let query = format!("histogram_quantile({q}, sum by (le, method, route) ({buckets}))");
            *samples = prometheus.query(&query).await?;
        }
        Ok(Self::new(&requests, &quantiles, &aborted))
    }

    pub(super) fn aborted_as(&self, outcome: &str) -> u64 {
        self.aborted.get(outcome).copied().unwrap_or_default()
    }

    fn new(requests: &[Sample], quantiles: &[Vec<Sample>; 3], aborted: &[Sample]) -> Self {
        let mut seen = Self::default();
        for sample in requests {
            let status = sample.label("status_code").parse().unwrap_or_default();
            seen.counts.add(Series { route: sample.route(), status }, whole(sample.value));
        }
        for (index, samples) in quantiles.iter().enumerate() {
            for sample in samples.iter().filter(|sample| sample.value.is_finite()) {
                seen.percentiles.entry(sample.route()).or_default()[index] = Some(sample.value);
            }
        }
        for sample in aborted {
            *seen.aborted.entry(sample.label("outcome").to_owned()).or_default() +=
                whole(sample.value);
        }
        seen
    }
}

/// How many requests are finished and how many are not.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Totals {
    pub(super) finished: u64,
    pub(super) in_flight: u64,
}

impl Totals {
    pub(super) fn from_metrics(text: &str) -> Result<Self> {
        let samples = parse(text)?;
        let sum = |name| {
            samples
                .iter()
                .filter(|sample| sample.name == name)
                .map(|sample| whole(sample.value))
                .sum()
        };
        Ok(Self { finished: sum(REQUESTS), in_flight: sum(IN_FLIGHT) })
    }

    pub(super) async fn from_prometheus(prometheus: &Promql) -> Result<Self> {
        let sum = async |name| -> Result<u64> {
            let samples = prometheus.query(&format!("sum({name})")).await?;
            Ok(samples.iter().map(|sample| whole(sample.value)).sum())
        };
        Ok(Self { finished: sum(REQUESTS).await?, in_flight: sum(IN_FLIGHT).await? })
    }
}

fn whole(value: f64) -> u64 {
    // Saturates, and NaN is 0: a gauge below zero is as wrong as one that is not 0, but not a crash.
    value.round() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"# TYPE http_requests_total counter
http_requests_total{method="GET",route="/orders/{id}",status_code="200"} 3
http_requests_total{method="GET",route="/orders/{id}",status_code="404"} 1
http_requests_total{method="GET",route="/orders/events",status_code="200"} 2
http_request_duration_seconds_bucket{method="GET",route="/orders/{id}",status_code="200",le="0.1"} 3
http_request_duration_seconds_bucket{method="GET",route="/orders/{id}",status_code="200",le="+Inf"} 3
http_request_duration_seconds_bucket{method="GET",route="/orders/events",status_code="200",le="+Inf"} 0
http_requests_in_flight 1
obs_requests_aborted_total{outcome="cancelled_in_body"} 2
"#;

    #[test]
    fn reads_the_text_of_metrics() {
        let seen = Seen::from_metrics(TEXT).unwrap();
        assert_eq!(seen.counts.total(), 6);
        assert_eq!(seen.aborted["cancelled_in_body"], 2);
        let median = seen.percentiles[&Route::new("GET", "/orders/{id}")][0].unwrap();
        assert!((median - 0.05).abs() < 1e-9, "{median}");
        assert!(!seen.percentiles.contains_key(&Route::new("GET", "/orders/events")));
    }

    #[test]
    fn totals_tell_finished_from_open() {
        assert_eq!(Totals::from_metrics(TEXT).unwrap(), Totals { finished: 6, in_flight: 1 });
        assert_eq!(Totals::from_metrics("").unwrap(), Totals { finished: 0, in_flight: 0 });
    }
}
