use std::time::Duration;

use super::OtlpTarget;

/// Where metrics go, how often, and in which form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetricsTarget {
    /// The collector; over HTTP the whole URL, such as `http://collector:4318/v1/metrics`.
    pub target: OtlpTarget,
    /// How often all numbers are read and sent; once more at the end, and by a flush. A round that
    /// takes longer delays the next one.
    ///
    /// Default 60 s; `OTEL_METRIC_EXPORT_INTERVAL`, 100 to 3600000 milliseconds.
    pub interval: Duration,
    /// How long a round may take, further attempts included; one attempt also has the
    /// [timeout of the target](OtlpTarget::timeout).
    ///
    /// Default 30 s; `OTEL_METRIC_EXPORT_TIMEOUT`, 1 to 600000 milliseconds.
    pub timeout: Duration,
    /// Whether counters and histograms are sent as they stand or as what has come since.
    ///
    /// Default as they stand; `OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE`, `cumulative`,
    /// `delta` or `lowmemory`.
    pub temporality: TemporalityPreference,
    /// Which buckets of a histogram are sent, if it has both kinds.
    ///
    /// Default [explicit](HistogramForm::Explicit);
    /// `OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION`, `explicit_bucket_histogram` or
    /// `base2_exponential_bucket_histogram`.
    pub histograms: HistogramForm,
}

impl MetricsTarget {
    /// Metrics to `target`, everything else by default.
    #[must_use]
    pub fn new(target: OtlpTarget) -> Self {
        Self {
            target,
            interval: Duration::from_secs(60),
            timeout: Duration::from_secs(30),
            temporality: TemporalityPreference::Cumulative,
            histograms: HistogramForm::Explicit,
        }
    }
}

/// The [temporality](https://opentelemetry.io/docs/specs/otel/metrics/data-model/#temporality) of
/// counters and histograms. Gauges have none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TemporalityPreference {
    /// As they stand: all since they were created. Needs no memory, and a lost request loses nothing
    /// that the next one has not.
    #[default]
    Cumulative,
    /// What has come since the collector last confirmed the series.
    Delta,
    /// Delta for histograms. Counters stay cumulative: they are read, as OpenTelemetry's
    /// asynchronous ones are, for which it has the same.
    LowMemory,
}

/// The buckets of a histogram that has both kinds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HistogramForm {
    /// The bounds that a scrape shows.
    #[default]
    Explicit,
    /// Exponential buckets, instead of the others, wherever a histogram has them.
    Exponential,
}
