use std::collections::BTreeMap;

use bytes::Bytes;
use obs_core::source::{Collector, Family, Histogram, Kind, LabelSet, Sample, Value};

use super::bounds::{BoundStyle, Bounds};
use super::chunks::Chunks;
use super::names::has_le;
use super::representation::Representation;
use super::writer::Writer;
use crate::names::{Names, base};

/// Writes what sources show. Nothing that a source shows makes the whole invalid: a family or a
/// sample that the format cannot carry is left out and counted.
pub(crate) struct Encoder<'a> {
    writer: Writer,
    out: Chunks<'a>,
    names: Names,
    bounds: Bounds,
    open: Option<Open>,
    /// Samples left out, by family.
    pub(crate) dropped: BTreeMap<String, u64>,
    /// Series written, by family.
    pub(crate) shown: Vec<(String, u64)>,
}

/// The family that samples belong to.
struct Open {
    name: String,
    kind: Kind,
    /// Otherwise its name is taken or invalid, and its samples are dropped.
    accepted: bool,
    /// Otherwise a family is called as the samples that say since when something counts.
    created: bool,
    shown: u64,
    dropped: u64,
}

impl<'a> Encoder<'a> {
    pub(crate) fn new(
        representation: Representation,
        bounds: BoundStyle,
        emit: &'a mut dyn FnMut(Bytes),
    ) -> Self {
        Self {
            writer: Writer::new(representation.content),
            out: Chunks::new(representation.encoding, emit),
            names: Names::default(),
            bounds: Bounds::new(bounds),
            open: None,
            dropped: BTreeMap::new(),
            shown: Vec::new(),
        }
    }

    /// Keeps the name of a family that comes last, so that no source takes it.
    pub(crate) fn reserve(&mut self, family: &Family<'_>) {
        self.names.claim(family);
    }

    /// The families whose names were kept come now.
    pub(crate) fn release_reserved(&mut self, families: &[Family<'_>]) {
        families.iter().for_each(|family| self.names.release(family));
    }

    /// What follows belongs to another source.
    pub(crate) fn end_of_source(&mut self) {
        if let Some(open) = self.open.take() {
            if open.accepted {
                self.writer.end(self.out.buffer());
                self.out.end_family();
                self.shown.push((open.name.clone(), open.shown));
            }
            if open.dropped > 0 {
                *self.dropped.entry(open.name).or_default() += open.dropped;
            }
        }
    }

    /// Forgets the family that its source could not finish, and says which.
    pub(crate) fn abandon_family(&mut self) -> Option<String> {
        self.out.abandon_family();
        self.writer.abandon();
        self.open.take().map(|open| open.name)
    }

    pub(crate) fn finish(mut self) {
        self.end_of_source();
        self.writer.finish(self.out.buffer());
        self.out.finish();
    }

    fn begin(&mut self, family: &Family<'_>, accepted: bool) {
        self.end_of_source();
        let Family { name, kind, .. } = *family;
        if accepted {
            self.writer.begin(family, self.out.buffer());
        }
        let created = !self.names.has_family(&[base(family), "_created"].concat());
        let name = name.to_owned();
        self.open = Some(Open { name, kind, accepted, created, shown: 0, dropped: 0 });
    }
}

impl Collector for Encoder<'_> {
    fn family(&mut self, family: &Family<'_>) {
        let accepted = self.names.claim(family);
        self.begin(family, accepted);
    }

    fn sample(&mut self, labels: &[(&str, &str)], value: Value<'_>) {
        match LabelSet::new(labels) {
            Ok(labels) => self.series(&labels, &value.into()),
            Err(_) => self.open.iter_mut().for_each(|open| open.dropped += 1),
        }
    }

    fn series(&mut self, labels: &LabelSet, sample: &Sample<'_>) {
        let Some(open) = &mut self.open else {
            return;
        };
        let series = match (open.kind, sample.value) {
            (Kind::Histogram, Value::Histogram(Histogram { bounds, counts, .. })) => {
                let fits =
                    counts.len() == bounds.len() + 1 && self.bounds.fit(bounds) && !has_le(labels);
                if fits { counts.len() as u64 + 2 } else { 0 }
            }
            (Kind::Counter, Value::Float(value)) => u64::from(value >= 0.0 && value.is_finite()),
            (Kind::Counter, Value::Integer(_)) => 1,
            (Kind::Gauge, Value::Integer(_) | Value::Float(_)) => 1,
            _ => 0,
        };
        if series == 0 || !open.accepted {
            open.dropped += 1;
            return;
        }
        open.shown += series;
        let sample = match open.kind {
            // A gauge has neither.
            Kind::Gauge => &Sample::from(sample.value),
            _ if !open.created => &Sample { created: None, ..*sample },
            _ => sample,
        };
        self.writer.series(labels, sample, &self.bounds, self.out.buffer());
    }
}
