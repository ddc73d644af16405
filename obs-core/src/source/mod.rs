//! Numbers to show: what a metric store, a queue, a pool or the health checks offer to a scrape.

mod family;
mod label_set;
mod names;
mod units;

use std::time::Duration;

pub use self::family::{Family, Kind};
pub use self::label_set::{InvalidLabel, LabelSet};
pub use self::names::{is_label_name, is_metric_name};

/// Anything that has numbers to show: a metric store, a queue, a pool, the health checks.
///
/// Called for every scrape, off the request path. It must not block on I/O, run checks or panic.
///
/// ```
/// use obs_core::source::{Collector, Family, Kind, Source, Value};
///
/// struct Queue(usize);
///
/// impl Source for Queue {
///     fn collect(&self, out: &mut dyn Collector) {
///         out.family(&Family::new("queue_depth", Kind::Gauge, "Jobs waiting."));
///         out.sample(&[("queue", "mail")], Value::Integer(self.0 as u64));
///     }
/// }
/// ```
pub trait Source: Send + Sync {
    /// Shows every family, each followed by its samples.
    fn collect(&self, out: &mut dyn Collector);
}

/// Takes what a [`Source`] shows: an exposition format, or a test.
pub trait Collector {
    /// Begins a family. The samples that follow belong to it.
    fn family(&mut self, family: &Family<'_>);
    /// One sample of the family: label names with values, and the value.
    fn sample(&mut self, labels: &[(&str, &str)], value: Value<'_>);

    /// One sample of the family with all that is known of it. By default as
    /// [`sample`](Self::sample): what only some formats have is left out.
    fn series(&mut self, labels: &LabelSet, sample: &Sample<'_>) {
        let pairs: Vec<_> = labels.pairs().collect();
        let pairs: Vec<_> = pairs.iter().map(|(name, value)| (*name, &**value)).collect();
        self.sample(&pairs, sample.value);
    }
}

/// A value, and what some formats have besides it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample<'a> {
    /// The value.
    pub value: Value<'a>,
    /// Since when it counts, as time since the Unix epoch; for counters and histograms.
    pub created: Option<Duration>,
    /// Observations that stand for others, at most one per bucket.
    pub exemplars: &'a [Exemplar],
    /// The same observations in exponential buckets.
    pub native: Option<NativeHistogram<'a>>,
}

impl<'a> From<Value<'a>> for Sample<'a> {
    fn from(value: Value<'a>) -> Self {
        Self { value, created: None, exemplars: &[], native: None }
    }
}

/// One observation, with what leads from it to a trace or a log line.
#[derive(Clone, Debug, PartialEq)]
pub struct Exemplar {
    /// The bucket it is in, as in [`Histogram::counts`]; 0 for a counter.
    pub bucket: usize,
    /// `trace_id`, `span_id` and `request_id`, as far as they are known. Names and values together
    /// are at most 128 characters, as
    /// [OpenMetrics](https://prometheus.io/docs/specs/om/open_metrics_spec/#exemplars) has it.
    pub labels: LabelSet,
    /// What was observed, in the family's unit.
    pub value: f64,
    /// When, as time since the Unix epoch; zero if it is unknown.
    pub at: Duration,
}

/// Observations in exponential buckets, as Prometheus'
/// [native histograms](https://prometheus.io/docs/specs/native_histograms/) and OpenTelemetry's
/// exponential histograms have them. Only for values that are not negative.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NativeHistogram<'a> {
    /// A bucket is `2^(2^-schema)` times as wide as the one below it.
    pub schema: i8,
    /// Up to this value an observation is in the zero bucket.
    pub zero_threshold: f64,
    /// Observations in the zero bucket.
    pub zero_count: u64,
    /// The index of the first of [`counts`](Self::counts). The bucket `i` ends, inclusively, at
    /// `2^(i * 2^-schema)`.
    pub offset: i32,
    /// Observations per bucket.
    pub counts: &'a [u64],
}

/// The value of a sample.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Value<'a> {
    /// A whole number.
    Integer(u64),
    /// Any number.
    Float(f64),
    /// The buckets of a histogram.
    Histogram(Histogram<'a>),
}

/// A histogram at one moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Histogram<'a> {
    /// Upper bounds, strictly ascending, without `+Inf`.
    pub bounds: &'a [f64],
    /// Observations per bucket, not cumulative; the last is `+Inf`, so one more than the bounds.
    pub counts: &'a [u64],
    /// Sum of all observations.
    pub sum: f64,
}
