use std::collections::BTreeMap;
use std::panic::Location;
use std::time::Duration;

use obs_core::config::Reader;
use obs_core::{Clock, ServiceIdentity};

use crate::build_info::BuildInfo;
use crate::built_in::BuiltIn;
use crate::http::DURATIONS;
use crate::scrape::LAST;
use crate::{DefinitionError, DefinitionErrors, DefinitionFault, Families, Naming, Preset};

/// How metrics are kept.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct MetricsSettings {
    /// Upper bounds of the latency buckets, strictly ascending. Default: those of the
    /// [`naming`](Self::naming), else 5, 10, 25, 50, 100, 200, 250 and 500 ms, 1, 2, 2.5, 5 and 10 s.
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
    /// is one route. A route without a name keeps its pattern. Default: none.
    pub route_names: BTreeMap<String, String>,
    /// How many values of an open label get series of their own; further ones share
    /// [`OTHER`](crate::OTHER). A limit of the label wins. Default 100. Environment:
    /// `OBS_METRICS_MAX_LABEL_VALUES`, 1 to 10 000.
    pub max_label_values: usize,
    /// How many series a family with an open label may have; in further ones a label becomes
    /// [`OTHER`](crate::OTHER). Default 1 000. Environment: `OBS_METRICS_MAX_SERIES_PER_FAMILY`, 1
    /// to 100 000.
    pub max_series_per_family: usize,
    /// How many series all families with an open label may have together; as many of their own have the
    /// requests, further ones are of the route [`OTHER`](crate::OTHER). Default 20 000. Environment:
    /// `OBS_METRICS_MAX_SERIES`, 1 to 1 000 000.
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
        let own = self.buckets.clone().filter(|bounds| are_bounds(bounds));
        own.or_else(|| latencies(&self.named_buckets()?))
            .unwrap_or_else(|| BUCKETS.map(Duration::from_millis).into())
    }

    fn named_buckets(&self) -> Option<Vec<f64>> {
        self.naming.resolve(&DURATIONS)?.buckets
    }

    /// Whether metrics can be as the settings have them: what the environment says is refused when it
    /// is read, what code says is looked at here. obs-stack's `install` does it.
    ///
    /// Without it nothing fails: [`Metrics::new`](crate::Metrics::new) tells of each fault in a warning,
    /// buckets become the default, families of requests keep the canonical names, and events of
    /// another family are counted in `obs_series_dropped_total`.
    ///
    /// # Errors
    /// Every fault: buckets that are none; a family whose name, labels or buckets cannot be, or that has
    /// the name of another one.
    ///
    /// ```
    /// use obs_metrics::{FamilyNaming, MetricsSettings, Naming};
    ///
    /// let mut settings = MetricsSettings::default();
    /// settings.naming =
    ///     Naming::default().family("orders_total", FamilyNaming::new().name("orders total"));
    /// let error = settings.check().unwrap_err();
    /// assert_eq!(error.0[0].family, "orders total");
    /// ```
    #[track_caller]
    pub fn check(&self) -> Result<(), DefinitionErrors> {
        let place = Location::caller();
        let own = self.buckets.as_ref().filter(|bounds| !are_bounds(bounds));
        let own = own.map(|bounds| bounds.iter().map(Duration::as_secs_f64).collect());
        let named = self.named_buckets().filter(|bounds| latencies(bounds).is_none());
        let buckets = own.into_iter().chain(named).map(|bounds| DefinitionError {
            family: DURATIONS.name.to_owned(),
            place,
            fault: DefinitionFault::Buckets(bounds),
        });
        let families = Families::new(self, Clock::system());
        families.reserve(&LAST, &[&BuildInfo(ServiceIdentity::default())]);
        let families = BuiltIn::new(self, &families).faults(place);
        let faults: Vec<_> = buckets.chain(families).collect();
        if faults.is_empty() { Ok(()) } else { Err(DefinitionErrors(faults)) }
    }

    /// Reads the variables; what is not set stays at its default.
    #[must_use]
    pub fn read(reader: &mut Reader<'_>) -> Self {
        let default = Self::default();
        Self {
            buckets: reader.parse(
                "OBS_METRICS_BUCKETS",
                "1 to 64 ascending numbers of seconds between 0.000001 and 3600, separated by commas",
                buckets,
            ),
            max_routes: count(reader, "OBS_METRICS_MAX_ROUTES", 100_000)
                .unwrap_or(default.max_routes),
            slow_request: millis(reader, "OBS_SLOW_REQUEST_MS").unwrap_or(default.slow_request),
            slow_query: millis(reader, "OBS_SLOW_QUERY_MS").unwrap_or(default.slow_query),
            zero_statuses: reader
                .parse(
                    "OBS_METRICS_ZERO_STATUSES",
                    "up to 16 statuses between 100 and 599, separated by commas",
                    statuses,
                )
                .unwrap_or(default.zero_statuses),
            naming: Naming::read(reader),
            route_names: default.route_names,
            max_label_values: count(reader, "OBS_METRICS_MAX_LABEL_VALUES", 10_000)
                .unwrap_or(default.max_label_values),
            max_series_per_family: count(reader, "OBS_METRICS_MAX_SERIES_PER_FAMILY", 100_000)
                .unwrap_or(default.max_series_per_family),
            max_series: count(reader, "OBS_METRICS_MAX_SERIES", 1_000_000)
                .unwrap_or(default.max_series),
            split_business: reader
                .flag("OBS_METRICS_SPLIT_BUSINESS")
                .unwrap_or(default.split_business),
        }
    }
}

/// Upper bounds in milliseconds.
const BUCKETS: [u64; 13] = [5, 10, 25, 50, 100, 200, 250, 500, 1000, 2000, 2500, 5000, 10_000];

/// `None` if these are no bounds of a duration.
fn latencies(seconds: &[f64]) -> Option<Vec<Duration>> {
    let bounds = seconds.iter().map(|bound| Duration::try_from_secs_f64(*bound).ok());
    bounds.collect::<Option<Vec<_>>>().filter(|bounds| are_bounds(bounds))
}

fn are_bounds(bounds: &[Duration]) -> bool {
    (1..=64).contains(&bounds.len()) && bounds.is_sorted_by(|a, b| a < b)
}

fn millis(reader: &mut Reader<'_>, variable: &str) -> Option<Duration> {
    reader.parse(variable, "milliseconds, 1 to 3600000", |text| {
        let fine = text.parse().ok().filter(|number| (1..=3_600_000).contains(number));
        fine.map(Duration::from_millis)
    })
}

fn count(reader: &mut Reader<'_>, variable: &str, most: usize) -> Option<usize> {
    reader.parse(variable, &format!("a whole number, 1 to {most}"), |text| {
        text.parse().ok().filter(|number| (1..=most).contains(number))
    })
}

fn buckets(text: &str) -> Option<Vec<Duration>> {
    let bounds: Vec<Duration> = text
        .split(',')
        .map(|bound| {
            let seconds: f64 = bound.trim().parse().ok()?;
            (1e-6..=3600.0).contains(&seconds).then(|| Duration::from_secs_f64(seconds))
        })
        .collect::<Option<_>>()?;
    are_bounds(&bounds).then_some(bounds)
}

fn statuses(text: &str) -> Option<Vec<u16>> {
    let number = |status: &str| status.trim().parse().ok().filter(|n| (100..=599).contains(n));
    let statuses: Vec<u16> = text.split(',').map(number).collect::<Option<_>>()?;
    (statuses.len() <= 16).then_some(statuses)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_must_ascend() {
        let some = buckets("0.1, 0.25,1").unwrap();
        assert_eq!(some, [100, 250, 1000].map(Duration::from_millis));
        for text in ["", "1,1", "2,1", "0", "-1", "NaN", "inf", "1e9", "1,,2", "a"] {
            assert_eq!(buckets(text), None, "{text:?}");
        }
    }
}
