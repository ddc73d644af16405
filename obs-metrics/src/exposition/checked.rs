use obs_core::source::{Collector, Family, LabelSet, Sample, Value};

use super::bounds::BoundStyle;
use super::checks::Checks;

/// A collector that checks what it is shown.
pub(crate) trait Checked: Collector {
    fn checks(&mut self) -> &mut Checks;

    /// What follows belongs to another source.
    fn end_of_source(&mut self);

    /// Forgets the family that its source could not finish, and says which.
    fn abandon_family(&mut self) -> Option<String>;
}

/// Hands on what fits, to whatever else takes it. Of an abandoned family that is what was shown.
pub(crate) struct Passage<'a> {
    checks: Checks,
    out: &'a mut dyn Collector,
}

impl<'a> Passage<'a> {
    pub(crate) fn new(out: &'a mut dyn Collector) -> Self {
        Self { checks: Checks::new(BoundStyle::Decimal), out }
    }
}

impl Checked for Passage<'_> {
    fn checks(&mut self) -> &mut Checks {
        &mut self.checks
    }

    fn end_of_source(&mut self) {
        self.checks.end();
    }

    fn abandon_family(&mut self) -> Option<String> {
        self.checks.abandon()
    }
}

impl Collector for Passage<'_> {
    fn family(&mut self, family: &Family<'_>) {
        self.checks.end();
        if self.checks.begin(family) {
            self.out.family(family);
        }
    }

    fn sample(&mut self, labels: &[(&str, &str)], value: Value<'_>) {
        let Some(checked) = self.checks.labels(labels) else { return };
        if self.checks.sample(&checked, value).is_some() {
            self.out.sample(labels, value);
        }
    }

    fn series(&mut self, labels: &LabelSet, sample: &Sample<'_>) {
        if self.checks.sample(labels, sample.value).is_some() {
            self.out.series(labels, sample);
        }
    }
}
