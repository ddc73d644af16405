use bytes::Bytes;
use obs_core::source::{Collector, Family, Kind, LabelSet, Sample, Value};

use super::bounds::BoundStyle;
use super::checked::Checked;
use super::checks::Checks;
use super::chunks::Chunks;
use super::representation::Representation;
use super::writer::Writer;

/// Writes what sources show. Nothing that a source shows makes the whole invalid.
pub(crate) struct Encoder<'a> {
    checks: Checks,
    writer: Writer,
    out: Chunks<'a>,
}

impl<'a> Encoder<'a> {
    pub(crate) fn new(
        representation: Representation,
        bounds: BoundStyle,
        emit: &'a mut dyn FnMut(Bytes),
    ) -> Self {
        Self {
            checks: Checks::new(bounds),
            writer: Writer::new(representation.content),
            out: Chunks::new(representation.encoding, emit),
        }
    }

    pub(crate) fn finish(mut self) {
        self.end_of_source();
        self.writer.finish(self.out.buffer());
        self.out.finish();
    }
}

impl Checked for Encoder<'_> {
    fn checks(&mut self) -> &mut Checks {
        &mut self.checks
    }

    fn end_of_source(&mut self) {
        if self.checks.end() {
            self.writer.end(self.out.buffer());
            self.out.end_family();
        }
    }

    fn abandon_family(&mut self) -> Option<String> {
        self.out.abandon_family();
        self.writer.abandon();
        self.checks.abandon()
    }
}

impl Collector for Encoder<'_> {
    fn family(&mut self, family: &Family<'_>) {
        self.end_of_source();
        if self.checks.begin(family) {
            self.writer.begin(family, self.out.buffer());
        }
    }

    fn sample(&mut self, labels: &[(&str, &str)], value: Value<'_>) {
        if let Some(labels) = self.checks.labels(labels) {
            self.series(&labels, &value.into());
        }
    }

    fn series(&mut self, labels: &LabelSet, sample: &Sample<'_>) {
        let Some(kind) = self.checks.sample(labels, sample.value) else { return };
        let sample = match kind {
            // A gauge has neither.
            Kind::Gauge => &Sample::from(sample.value),
            _ if !self.checks.may_say_created() => &Sample { created: None, ..*sample },
            _ => sample,
        };
        self.writer.series(labels, sample, &self.checks.bounds, self.out.buffer());
    }
}
