//! Numbers to show: what a metric store, a queue, a pool or the health checks offer to a scrape.

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
///         out.family(&Family { name: "queue_depth", kind: Kind::Gauge, help: "Jobs waiting." });
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
}

/// A metric family's head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Family<'a> {
    /// The Prometheus name, with the unit suffix and, for counters, `_total`.
    pub name: &'a str,
    /// What kind of family it is.
    pub kind: Kind,
    /// One sentence for a reader of the metric.
    pub help: &'a str,
}

/// The kind of a metric family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// Only goes up.
    Counter,
    /// Goes up and down.
    Gauge,
    /// Observations in buckets.
    Histogram,
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
