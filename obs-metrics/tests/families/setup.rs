use std::collections::BTreeMap;

use obs_core::source::{Collector, Family, LabelSet, Sample, Source, Value};
use obs_core::{Clock, FakeClock, ServiceIdentity};
use obs_metrics::{Metrics, MetricsSettings, label_enum};

label_enum! {
    /// What is ordered.
    pub(crate) enum Kind {
        Retail = "retail",
        /// By companies.
        B2b = "b2b",
        Gift = "gift",
    }
}

label_enum! {
    /// How an order is paid.
    pub(crate) enum Payment { Bkash = "bkash", Card = "card" }
}

pub(crate) const KINDS: [Kind; 3] = [Kind::Retail, Kind::B2b, Kind::Gift];

pub(crate) fn metrics() -> Metrics {
    with_settings(MetricsSettings::default()).0
}

pub(crate) fn with_settings(settings: MetricsSettings) -> (Metrics, FakeClock) {
    let (clock, hand) = Clock::fake();
    (Metrics::with_clock(&settings, &ServiceIdentity::default(), clock), hand)
}

/// What the families offer to a format: of each series by family and labels its number (of a
/// histogram that of its observations) and since when it counts.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    family: String,
    pub(crate) series: BTreeMap<(String, String), (f64, Option<std::time::Duration>)>,
}

impl Seen {
    pub(crate) fn new(metrics: &Metrics) -> Self {
        let mut seen = Self::default();
        metrics.families().collect(&mut seen);
        seen
    }

    pub(crate) fn of<'a>(&'a self, family: &'a str) -> impl Iterator<Item = (&'a str, f64)> {
        let all = self.series.iter().filter(move |((of, _), _)| of == family);
        all.map(|((_, labels), (value, _))| (labels.as_str(), *value))
    }

    pub(crate) fn get(&self, family: &str, labels: &str) -> Option<f64> {
        self.series.get(&(family.to_owned(), labels.to_owned())).map(|(value, _)| *value)
    }

    pub(crate) fn sum(&self, family: &str) -> f64 {
        self.of(family).map(|(_, value)| value).sum()
    }
}

impl Collector for Seen {
    fn family(&mut self, family: &Family<'_>) {
        family.name.clone_into(&mut self.family);
    }

    fn sample(&mut self, labels: &[(&str, &str)], value: Value<'_>) {
        self.series(&LabelSet::new(labels).unwrap(), &value.into());
    }

    fn series(&mut self, labels: &LabelSet, sample: &Sample<'_>) {
        let value = match sample.value {
            Value::Integer(value) => value as f64,
            Value::Float(value) => value,
            Value::Histogram(histogram) => histogram.counts.iter().sum::<u64>() as f64,
            other => panic!("{other:?}"),
        };
        let key = (self.family.clone(), labels.text().to_owned());
        let fresh = self.series.insert(key, (value, sample.created)).is_none();
        assert!(fresh, "twice: {} {}", self.family, labels.text());
    }
}

label_enum! {
    /// Many values.
    pub(crate) enum Sixteen {
        A = "a", B = "b", C = "c", D = "d", E = "e", F = "f", G = "g", H = "h",
        I = "i", J = "j", K = "k", L = "l", M = "m", N = "n", O = "o", P = "p",
    }
}

impl Sixteen {
    pub(crate) const ALL: [Self; 16] = {
        use Sixteen::{A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P};
        [A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P]
    };
}
