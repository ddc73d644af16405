use obs_core::source::{Family, Kind};

use crate::LabelValues;

/// A built-in family as it is without a preset.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Canonical {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) help: &'static str,
    /// In their order.
    pub(crate) labels: &'static [CanonicalLabel],
    /// Of a histogram; `None`: those of the settings.
    pub(crate) buckets: Option<&'static [f64]>,
    /// Its name ends with the currency.
    pub(crate) money: bool,
    /// Only a preset or the service turns it on.
    pub(crate) opt_in: bool,
}

/// A label of a built-in family.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CanonicalLabel {
    pub(crate) name: &'static str,
    pub(crate) values: LabelValues,
    /// Values of an open label that are shown before their first use.
    pub(crate) known: &'static [&'static str],
    /// Only a preset or the service turns it on.
    pub(crate) opt_in: bool,
}

impl Canonical {
    pub(crate) const fn counter(name: &'static str, help: &'static str) -> Self {
        Self::new(Kind::Counter, name, help)
    }

    pub(crate) const fn gauge(name: &'static str, help: &'static str) -> Self {
        Self::new(Kind::Gauge, name, help)
    }

    pub(crate) const fn histogram(name: &'static str, help: &'static str) -> Self {
        Self::new(Kind::Histogram, name, help)
    }

    const fn new(kind: Kind, name: &'static str, help: &'static str) -> Self {
        Self { name, kind, help, labels: &[], buckets: None, money: false, opt_in: false }
    }

    /// The unit that its name ends in.
    pub(crate) fn unit(&self) -> Option<&'static str> {
        Family::new(self.name, self.kind, self.help).unit()
    }

    pub(crate) const fn labels(self, labels: &'static [CanonicalLabel]) -> Self {
        Self { labels, ..self }
    }

    pub(crate) const fn buckets(self, bounds: &'static [f64]) -> Self {
        Self { buckets: Some(bounds), ..self }
    }

    pub(crate) const fn money(self) -> Self {
        Self { money: true, ..self }
    }

    pub(crate) const fn opt_in(self) -> Self {
        Self { opt_in: true, ..self }
    }
}

impl CanonicalLabel {
    /// Any text, bounded by the settings.
    pub(crate) const fn open(name: &'static str) -> Self {
        Self::new(name, LabelValues::Open { limit: None })
    }

    pub(crate) const fn closed(name: &'static str, values: &'static [&'static str]) -> Self {
        Self::new(name, LabelValues::Closed(values))
    }

    const fn new(name: &'static str, values: LabelValues) -> Self {
        Self { name, values, known: &[], opt_in: false }
    }

    pub(crate) const fn limit(self, values: usize) -> Self {
        Self { values: LabelValues::Open { limit: Some(values) }, ..self }
    }

    pub(crate) const fn known(self, known: &'static [&'static str]) -> Self {
        Self { known, ..self }
    }

    pub(crate) const fn opt_in(self) -> Self {
        Self { opt_in: true, ..self }
    }
}
