mod bounds;
mod check;
mod error;
mod read;

use std::collections::BTreeMap;
use std::time::Duration;

pub(crate) use self::bounds::latencies_fault;
pub use self::error::{SettingsError, SettingsErrors};
use crate::http::DURATIONS;
use crate::{Naming, Preset};

/// How metrics are kept. What bounds the environment has, code has too: see [`check`](Self::check).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct MetricsSettings {
    /// Upper bounds of the latency buckets, strictly ascending. Default: those of the
    /// [`naming`](Self::naming), else 0.5, 1, 2.5, 5, 10, 25, 50, 100, 200, 250 and 500 ms, 1, 2, 2.5, 5
    /// and 10 s.
    /// Environment: `OBS_METRICS_BUCKETS`, in seconds, separated by commas; at most 64, between 1 µs
    /// and 1 h.
    pub buckets: Option<Vec<Duration>>,
    /// How many routes get a series of their own, in all families that have a route; further ones
    /// share the route `other`. Default 1 000. Environment: `OBS_METRICS_MAX_ROUTES`, 1 to 100 000.
    pub max_routes: usize,
    /// A request that takes longer is counted as slow. Default 2 s. Environment:
    /// `OBS_SLOW_REQUEST_MS`, 1 to 3 600 000 milliseconds.
    pub slow_request: Duration,
    /// A database query that takes longer is counted as slow. Default 1 s. Environment:
    /// `OBS_SLOW_QUERY_MS`, 1 to 3 600 000 milliseconds.
    pub slow_query: Duration,
    /// The statuses that a declared route shows from the start, at 0. Default 200 and 500.
    /// Environment: `OBS_METRICS_ZERO_STATUSES`, up to 16 numbers between 100 and 599, separated by
    /// commas.
    pub zero_statuses: Vec<u16>,
    /// How the families are called. Default: our own names. Environment: `OBS_METRICS_PRESET`,
    /// `OBS_METRICS_NAMESPACE`, `OBS_METRICS_STRICT_BUCKETS`, `OBS_CURRENCY`.
    pub naming: Naming,
    /// Names of routes, by their pattern: the label `route` has the name, and what has the same name
    /// is one route. A route without a name keeps its pattern; no name is empty. Default: none.
    pub route_names: BTreeMap<String, String>,
    /// How many values of an open label get series of their own; further ones share
    /// [`OTHER`](crate::OTHER). A limit of the label wins. Default 100. Environment:
    /// `OBS_METRICS_MAX_LABEL_VALUES`, 1 to 10 000.
    pub max_label_values: usize,
    /// How many series a family with an open label may have; in further ones a label becomes
    /// [`OTHER`](crate::OTHER). Default 1 000. Environment: `OBS_METRICS_MAX_SERIES_PER_FAMILY`, 1
    /// to 100 000.
    pub max_series_per_family: usize,
    /// How many series all families with an open label may have together; the requests have as many of
    /// their own, or ten for each of [`max_routes`](Self::max_routes) if that is more, and further ones
    /// are of the route [`OTHER`](crate::OTHER). Default 20 000. Environment: `OBS_METRICS_MAX_SERIES`,
    /// 1 to 1 000 000.
    pub max_series: usize,
    /// Whether the business has an endpoint of its own: `/business-metrics` shows
    /// [`Part::Business`](crate::Part::Business), and `/metrics` no longer does. Both must be scraped
    /// then. For who mounts endpoints; what a [`Metrics`](crate::Metrics) shows is up to its caller.
    /// Default `false`. Environment: `OBS_METRICS_SPLIT_BUSINESS`, `true` or `false`.
    pub split_business: bool,
}

impl Default for MetricsSettings {
    fn default() -> Self {
        Self {
            buckets: None,
            max_routes: 1000,
            slow_request: Duration::from_secs(2),
            slow_query: Duration::from_secs(1),
            zero_statuses: vec![200, 500],
            naming: Naming::default(),
            route_names: BTreeMap::new(),
            max_label_values: 100,
            max_series_per_family: 1000,
            max_series: 20_000,
            split_business: false,
        }
    }
}

impl MetricsSettings {
    /// The default under the names of a preset.
    ///
    /// ```
    /// use obs_core::ServiceIdentity;
    /// use obs_metrics::{Format, Metrics, MetricsSettings, Preset, goods_received};
    ///
    /// let settings = MetricsSettings::preset(Preset::Primepre);
    /// let metrics = Metrics::new(&settings, &ServiceIdentity::default());
    /// goods_received!(handle: metrics, "ghana", "PENDING");
    /// let text = metrics.render(Format::Text);
    /// assert!(text.contains("# HELP primepre_goods_received_total Total number of goods received\n"));
    /// ```
    #[must_use]
    pub fn preset(preset: Preset) -> Self {
        Self { naming: Naming::preset(preset), ..Self::default() }
    }

    /// The bounds of the latency buckets that are in force: of [`buckets`](Self::buckets), of the
    /// [`naming`](Self::naming) or, if neither has some that are fit for it, the default.
    #[must_use]
    pub fn latency_buckets(&self) -> Vec<Duration> {
        let own = self.buckets.clone().filter(|bounds| bounds::are_latencies(bounds));
        own.or_else(|| bounds::latencies(&self.named_buckets()?))
            .unwrap_or_else(|| BUCKETS.map(Duration::from_micros).into())
    }

    fn named_buckets(&self) -> Option<Vec<f64>> {
        self.naming.resolve(&DURATIONS)?.buckets
    }
}

/// Upper bounds in microseconds. They begin where services written in Rust answer. With them, a row's
/// bounds are found in one step: see `Buckets`.
const BUCKETS: [u64; 16] = [
    500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000, 200_000, 250_000, 500_000, 1_000_000,
    2_000_000, 2_500_000, 5_000_000, 10_000_000,
];
