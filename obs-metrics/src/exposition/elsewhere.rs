use obs_core::source::{Collector, Family, LabelSet, Sample, Source, Value};

use super::checks::Checks;

/// Takes what another endpoint shows.
struct Elsewhere<'a>(&'a mut Checks);

impl Checks {
    /// Takes the names of what another endpoint shows, and counts its series.
    pub(crate) fn elsewhere(&mut self, source: &dyn Source) {
        source.collect(&mut Elsewhere(self));
        self.end();
    }
}

impl Collector for Elsewhere<'_> {
    fn family(&mut self, family: &Family<'_>) {
        self.0.end();
        self.0.begin(family);
    }

    fn sample(&mut self, labels: &[(&str, &str)], value: Value<'_>) {
        if let Some(labels) = self.0.labels(labels) {
            self.0.sample(&labels, value);
        }
    }

    fn series(&mut self, labels: &LabelSet, sample: &Sample<'_>) {
        self.0.sample(labels, sample.value);
    }
}
