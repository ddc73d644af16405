use std::collections::BTreeMap;

use obs_core::source::{Collector, Family, Kind, Source, Value};

use super::Histogram;
use super::failure;
use super::selector::Selector;
use crate::Metrics;

/// All series of a service at one moment, as Prometheus sees them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Readings {
    pub(super) series: Vec<Series>,
    /// Of the family at hand.
    family: Option<(String, Kind)>,
}

/// A line of an exposition.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Series {
    pub(super) name: String,
    pub(super) labels: Vec<(String, String)>,
    pub(super) value: f64,
    /// It only goes up.
    pub(super) cumulative: bool,
}

impl Readings {
    /// What `metrics` show now: also those of an adapter, `Readings::of(obs.metrics())`.
    #[must_use]
    pub fn of(metrics: &Metrics) -> Self {
        let mut readings = Self::default();
        metrics.collect(&mut readings);
        readings
    }

    /// What was added since `before`. A gauge has its value of now.
    #[must_use]
    pub fn since(mut self, before: &Self) -> Self {
        let key = |series: &Series| (series.name.clone(), series.labels.clone());
        let before: BTreeMap<_, _> =
            before.series.iter().map(|series| (key(series), series.value)).collect();
        for series in self.series.iter_mut().filter(|series| series.cumulative) {
            series.value -= before.get(&key(series)).unwrap_or(&0.0);
        }
        self
    }

    /// The sum of all series that `selector` matches; `None` if there are none.
    ///
    /// # Panics
    /// If `selector` is not one.
    #[track_caller]
    #[must_use]
    pub fn value(&self, selector: &str) -> Option<f64> {
        self.sum(&parse(selector))
    }

    /// The histogram of all series that `selector` matches; `None` if there are none. The name is
    /// that of the family.
    ///
    /// # Panics
    /// If `selector` is not one.
    #[track_caller]
    #[must_use]
    pub fn histogram(&self, selector: &str) -> Option<Histogram> {
        let Selector { name, labels } = parse(selector);
        let mut of = Selector { name: format!("{name}_count"), labels };
        let count = self.sum(&of)? as u64;
        of.name = format!("{name}_sum");
        let sum = self.sum(&of)?;
        of.name = format!("{name}_bucket");
        let mut buckets: Vec<(f64, u64)> = Vec::new();
        for series in self.matching(&of) {
            let le = series.labels.iter().find(|(name, _)| name == "le");
            let bound = le.and_then(|(_, bound)| bound.parse().ok()).unwrap_or(f64::INFINITY);
            let count = series.value as u64;
            match buckets.iter_mut().find(|(there, _)| *there == bound) {
                Some((_, all)) => *all += count,
                None => buckets.push((bound, count)),
            }
        }
        buckets.sort_by(|(a, _), (b, _)| a.total_cmp(b));
        Some(Histogram { count, sum, buckets })
    }

    /// The sum of all series that `selector` matches is `expected`. Fractions may differ by what
    /// adding them up costs: a billionth.
    ///
    /// # Panics
    /// With what is there instead: if it is another number, if no series matches, or if `selector` is
    /// not one.
    #[track_caller]
    #[allow(clippy::panic, reason = "an assert of tests")]
    pub fn assert(&self, selector: &str, expected: impl Into<f64>) {
        let expected = expected.into();
        let of = parse(selector);
        let value = self.sum(&of);
        if !value.is_some_and(|value| same(value, expected)) {
            panic!("{}", failure::message(self, selector, &of, value, expected));
        }
    }

    pub(super) fn matching(&self, of: &Selector) -> impl Iterator<Item = &Series> {
        self.series.iter().filter(move |series| of.matches(&series.name, &series.labels))
    }

    fn sum(&self, of: &Selector) -> Option<f64> {
        self.matching(of).map(|series| series.value).reduce(|a, b| a + b)
    }

    fn push(&mut self, suffix: &str, labels: &[(&str, &str)], value: f64) {
        let Some((family, kind)) = &self.family else { return };
        let labels = labels.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let cumulative = *kind != Kind::Gauge;
        let name = format!("{family}{suffix}");
        self.series.push(Series { name, labels: labels.collect(), value, cumulative });
    }
}

impl Collector for Readings {
    fn family(&mut self, family: &Family<'_>) {
        self.family = Some((family.name.to_owned(), family.kind));
    }

    fn sample(&mut self, labels: &[(&str, &str)], value: Value<'_>) {
        match value {
            Value::Integer(value) => self.push("", labels, value as f64),
            Value::Float(value) => self.push("", labels, value),
            Value::Histogram(histogram) => {
                let mut count = 0;
                let bounds = histogram.bounds.iter().map(|bound| format!("{bound:?}"));
                for (bound, more) in bounds.chain(["+Inf".to_owned()]).zip(histogram.counts) {
                    count += more;
                    let labels = [labels, &[("le", &*bound)]].concat();
                    self.push("_bucket", &labels, count as f64);
                }
                self.push("_sum", labels, histogram.sum);
                self.push("_count", labels, count as f64);
            }
            _ => {}
        }
    }
}

#[track_caller]
#[allow(clippy::panic, reason = "a mistake in a test")]
fn parse(selector: &str) -> Selector {
    Selector::parse(selector).unwrap_or_else(|fault| panic!("selector {selector:?}: {fault}"))
}

fn same(a: f64, b: f64) -> bool {
    a == b || (a.is_nan() && b.is_nan()) || (a - b).abs() <= 1e-9 * a.abs().max(b.abs())
}
