use std::collections::BTreeMap;

use obs_core::ErrorClass;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::row::Row;
use super::{Bounds, CLIENT_CLOSED_REQUEST, TOO_MANY_REQUESTS};

/// All requests since the start, in numbers. A client that left before the headers (499) is in
/// `requests_total` only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct MetricsSummary {
    /// Requests.
    pub requests_total: u64,
    /// Answered with 4xx.
    pub errors_4xx: u64,
    /// Answered with 5xx.
    pub errors_5xx: u64,
    /// Answered with 429; they are in `errors_4xx`, too.
    pub rate_limit_hits: u64,
    /// Of both kinds of errors, in percent of all requests; 0 without a request.
    pub error_rate: f64,
    /// Of 5xx, in percent of all requests: what the service itself is to blame for.
    pub server_error_rate: f64,
}

impl MetricsSummary {
    pub(super) fn of<'a>(rows: impl IntoIterator<Item = &'a Row<'a>>) -> Self {
        let mut summary = Self::default();
        for row in rows {
            let requests = row.totals().requests();
            summary.requests_total += requests;
            match row.error() {
                Some(ErrorClass::Client) => summary.errors_4xx += requests,
                Some(ErrorClass::Server) => summary.errors_5xx += requests,
                None => {}
            }
            if row.status() == TOO_MANY_REQUESTS {
                summary.rate_limit_hits += requests;
            }
        }
        summary.error_rate = summary.percent(summary.errors_4xx + summary.errors_5xx);
        summary.server_error_rate = summary.percent(summary.errors_5xx);
        summary
    }

    fn percent(&self, part: u64) -> f64 {
        if self.requests_total == 0 {
            0.0
        } else {
            part as f64 * 100.0 / self.requests_total as f64
        }
    }
}

/// What `/metrics/summary` answers.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct MetricsReport {
    /// Of all requests; its fields stand at the top of the JSON.
    #[serde(flatten)]
    pub summary: MetricsSummary,
    /// By route.
    pub routes: BTreeMap<String, EndpointMetrics>,
}

/// What one route did since the start. As JSON one flat object: `requests_GET`, `errors_4xx`,
/// `response_time_p95` and so on.
///
/// Times are in seconds, without requests whose client left before the headers; `None` without a timed
/// request. Percentiles are interpolated inside of the
/// bucket that they fall into, as `histogram_quantile` does it: the error is at most the width of
/// that bucket. Beyond the last bound they are that bound.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct EndpointMetrics {
    /// Requests by method.
    pub requests: BTreeMap<&'static str, u64>,
    /// Answered with 4xx.
    pub errors_4xx: u64,
    /// Answered with 5xx.
    pub errors_5xx: u64,
    /// Answered with 429.
    pub rate_limit_hits: u64,
    /// Mean.
    pub response_time_avg: Option<f64>,
    /// What half of the requests did not exceed.
    pub response_time_p50: Option<f64>,
    /// What 95 of 100 requests did not exceed.
    pub response_time_p95: Option<f64>,
    /// What 99 of 100 requests did not exceed.
    pub response_time_p99: Option<f64>,
}

impl EndpointMetrics {
    pub(super) fn of<'a>(
        rows: impl IntoIterator<Item = &'a Row<'a>> + Clone,
        bounds: &Bounds,
    ) -> Self {
        let all = MetricsSummary::of(rows.clone());
        let mut requests = BTreeMap::new();
        let mut counts = vec![0; bounds.shown().len() + 1];
        let mut seconds = 0.0;
        for row in rows {
            *requests.entry(row.method()).or_default() += row.totals().requests();
            if row.status() == CLIENT_CLOSED_REQUEST {
                continue;
            }
            counts.iter_mut().zip(row.counts()).for_each(|(sum, count)| *sum += count);
            seconds += row.totals().sum_seconds();
        }
        let timed: u64 = counts.iter().sum();
        let percentile = |share| percentile(share, bounds.shown(), &counts);
        Self {
            requests,
            errors_4xx: all.errors_4xx,
            errors_5xx: all.errors_5xx,
            rate_limit_hits: all.rate_limit_hits,
            response_time_avg: (timed > 0).then(|| seconds / timed as f64),
            response_time_p50: percentile(0.5),
            response_time_p95: percentile(0.95),
            response_time_p99: percentile(0.99),
        }
    }
}

impl Serialize for EndpointMetrics {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (method, requests) in &self.requests {
            map.serialize_entry(&format!("requests_{method}"), requests)?;
        }
        map.serialize_entry("errors_4xx", &self.errors_4xx)?;
        map.serialize_entry("errors_5xx", &self.errors_5xx)?;
        map.serialize_entry("rate_limit_hits", &self.rate_limit_hits)?;
        map.serialize_entry("response_time_avg", &self.response_time_avg)?;
        map.serialize_entry("response_time_p50", &self.response_time_p50)?;
        map.serialize_entry("response_time_p95", &self.response_time_p95)?;
        map.serialize_entry("response_time_p99", &self.response_time_p99)?;
        map.end()
    }
}

/// `counts` has one bucket more than there are bounds.
fn percentile(share: f64, bounds: &[f64], counts: &[u64]) -> Option<f64> {
    let all: u64 = counts.iter().sum();
    let rank = share * all as f64;
    let mut below = 0;
    let bucket = counts.iter().position(|count| {
        below += count;
        *count > 0 && below as f64 >= rank
    })?;
    let Some(upper) = bounds.get(bucket) else { return bounds.last().copied() };
    let lower = bucket.checked_sub(1).and_then(|at| bounds.get(at)).copied().unwrap_or(0.0);
    let inside = rank - (below - counts[bucket]) as f64;
    Some(lower + (upper - lower) * inside / counts[bucket] as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_interpolated_inside_of_their_bucket() {
        let bounds = [1.0, 2.0, 4.0];
        for (share, counts, expected) in [
            (0.5, [0, 0, 0, 0], None),
            (0.5, [10, 0, 0, 0], Some(0.5)),
            (0.95, [10, 10, 0, 0], Some(1.9)),
            (0.5, [10, 10, 0, 0], Some(1.0)),
            (0.75, [0, 10, 10, 0], Some(3.0)),
            (0.99, [1, 0, 0, 9], Some(4.0)),
        ] {
            assert_eq!(percentile(share, &bounds, &counts), expected, "{share} of {counts:?}");
        }
    }
}
