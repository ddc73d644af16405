use std::collections::BTreeMap;

use obs_core::ErrorClass;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::row::{Row, by_route};
use super::times::Times;
use super::{Bounds, TOO_MANY_REQUESTS};
use crate::store::Texts;

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
    /// Hits of a limit, as `rate_limit_hits_total` counts them: requests answered with 429, which are in
    /// `errors_4xx` too, and hits reported with [`rate_limit_hit!`](crate::rate_limit_hit). If the naming
    /// hides that family or its routes: requests answered with 429.
    pub rate_limit_hits: u64,
    /// Of both kinds of errors, in percent of all requests; 0 without a request.
    pub error_rate: f64,
    /// Of 5xx, in percent of all requests: what the service itself is to blame for.
    pub server_error_rate: f64,
}

impl MetricsSummary {
    /// `hits` of limits are those of the family, if it is shown.
    fn of<'a>(rows: impl IntoIterator<Item = &'a Row<'a>>, hits: Option<u64>) -> Self {
        let (mut summary, mut too_many) = (Self::default(), 0);
        for row in rows {
            let requests = row.totals().requests();
            summary.requests_total += requests;
            match row.error() {
                Some(ErrorClass::Client) => summary.errors_4xx += requests,
                Some(ErrorClass::Server) => summary.errors_5xx += requests,
                None => {}
            }
            if row.status() == TOO_MANY_REQUESTS {
                too_many += requests;
            }
        }
        summary.rate_limit_hits = hits.unwrap_or(too_many);
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
/// request. Percentiles are interpolated inside the bucket that they fall into, as `histogram_quantile`
/// does it, but never below the shortest request seen nor above the longest: the error is at most the
/// width of that bucket. Beyond the last bound they are interpolated up to the longest request.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct EndpointMetrics {
    /// Requests by method, named as in the label of `http_requests_total`.
    pub requests: BTreeMap<String, u64>,
    /// Answered with 4xx.
    pub errors_4xx: u64,
    /// Answered with 5xx.
    pub errors_5xx: u64,
    /// Hits of a limit, as in [`MetricsSummary::rate_limit_hits`].
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

/// What summaries are made of: the rows of one moment, and what names and bounds them.
pub(super) struct Summaries<'a> {
    pub(super) rows: &'a [Row<'a>],
    pub(super) texts: &'a Texts,
    pub(super) bounds: &'a Bounds,
    /// Hits of limits by route; `None` if no family has them.
    pub(super) hits: Option<BTreeMap<String, u64>>,
}

impl Summaries<'_> {
    pub(super) fn all(&self) -> MetricsSummary {
        let hits = self.hits.as_ref().map(|hits| hits.values().sum());
        MetricsSummary::of(self.rows, hits)
    }

    /// That of the route with this name; `None` without a row of it.
    pub(super) fn route(&self, route: &str) -> Option<EndpointMetrics> {
        let (_, rows) = by_route(self.rows).find(|(name, _)| *name == route)?;
        Some(self.of_rows(route, rows))
    }

    pub(super) fn report(&self) -> MetricsReport {
        let routes = by_route(self.rows);
        MetricsReport {
            summary: self.all(),
            routes: routes
                .map(|(route, rows)| (route.to_owned(), self.of_rows(route, rows)))
                .collect(),
        }
    }

    /// `rows` are all rows of the route.
    fn of_rows(&self, route: &str, rows: &[Row<'_>]) -> EndpointMetrics {
        let hits = self.hits.as_ref().map(|hits| hits.get(route).copied().unwrap_or(0));
        let all = MetricsSummary::of(rows, hits);
        let mut requests: BTreeMap<String, u64> = BTreeMap::new();
        for row in rows {
            let method = self.texts.method(row.series()).to_owned();
            *requests.entry(method).or_default() += row.totals().requests();
        }
        let times = Times::of(rows, self.bounds);
        EndpointMetrics {
            requests,
            errors_4xx: all.errors_4xx,
            errors_5xx: all.errors_5xx,
            rate_limit_hits: all.rate_limit_hits,
            response_time_avg: times.average(),
            response_time_p50: times.percentile(0.5),
            response_time_p95: times.percentile(0.95),
            response_time_p99: times.percentile(0.99),
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
