use std::ops::RangeInclusive;
use std::time::Duration;

use obs_core::config::Reader;

use super::{MetricsSettings, bounds};
use crate::Naming;

impl MetricsSettings {
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
            max_routes: count(reader, "OBS_METRICS_MAX_ROUTES", &bounds::MAX_ROUTES)
                .unwrap_or(default.max_routes),
            slow_request: reader
                .millis("OBS_SLOW_REQUEST_MS", bounds::SLOW)
                .unwrap_or(default.slow_request),
            slow_query: reader
                .millis("OBS_SLOW_QUERY_MS", bounds::SLOW)
                .unwrap_or(default.slow_query),
            zero_statuses: reader
                .parse(
                    "OBS_METRICS_ZERO_STATUSES",
                    "up to 16 statuses between 100 and 599, separated by commas",
                    statuses,
                )
                .unwrap_or(default.zero_statuses),
            naming: Naming::read(reader),
            route_names: default.route_names,
            max_label_values: count(
                reader,
                "OBS_METRICS_MAX_LABEL_VALUES",
                &bounds::MAX_LABEL_VALUES,
            )
            .unwrap_or(default.max_label_values),
            max_series_per_family: count(
                reader,
                "OBS_METRICS_MAX_SERIES_PER_FAMILY",
                &bounds::MAX_SERIES_PER_FAMILY,
            )
            .unwrap_or(default.max_series_per_family),
            max_series: count(reader, "OBS_METRICS_MAX_SERIES", &bounds::MAX_SERIES)
                .unwrap_or(default.max_series),
            split_business: reader
                .flag("OBS_METRICS_SPLIT_BUSINESS")
                .unwrap_or(default.split_business),
        }
    }
}

fn count(
    reader: &mut Reader<'_>,
    variable: &str,
    allowed: &RangeInclusive<usize>,
) -> Option<usize> {
    let words = format!("a whole number, {} to {}", allowed.start(), allowed.end());
    reader
        .parse(variable, &words, |text| text.parse().ok().filter(|number| allowed.contains(number)))
}

fn buckets(text: &str) -> Option<Vec<Duration>> {
    let seconds = text.split(',').map(|bound| bound.trim().parse().ok());
    bounds::latencies(&seconds.collect::<Option<Vec<_>>>()?)
}

fn statuses(text: &str) -> Option<Vec<u16>> {
    let statuses = text.split(',').map(|status| status.trim().parse().ok());
    let statuses = statuses.collect::<Option<Vec<_>>>()?;
    bounds::statuses_fault(&statuses).is_none().then_some(statuses)
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
