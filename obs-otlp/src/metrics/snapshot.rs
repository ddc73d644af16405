use std::borrow::Cow;
use std::collections::HashSet;
use std::time::{Duration, Instant};

use obs_core::source::{Collector, Family, Kind, LabelSet, Sample, Value};

use super::batches::{Batches, Head, Points};
use super::deltas::Deltas;
use super::point::{Parts, Point};
use super::total::Total;
use crate::otlp::text;
use crate::reason::Reason;
use crate::target::{HistogramForm, TemporalityPreference};

/// Takes what a source shows, as OTLP has it.
pub(super) struct Snapshot<'a> {
    pub(super) now: Duration,
    /// Since when a series counts that does not say it.
    pub(super) started: Duration,
    pub(super) temporality: TemporalityPreference,
    pub(super) histograms: HistogramForm,
    pub(super) deltas: &'a mut Deltas,
    pub(super) taken: Taken,
}

/// What it has so far.
pub(super) struct Taken {
    /// The kind of the family that is shown; `None` if it was shown before.
    kind: Option<Kind>,
    head: Head,
    families: HashSet<String>,
    batches: Batches,
    lost: Vec<(Reason, u64)>,
}

impl Taken {
    /// Nothing yet; a request takes at most so many bytes of memory.
    pub(super) fn new(memory: usize) -> Self {
        Self {
            kind: None,
            head: Head::default(),
            families: HashSet::new(),
            batches: Batches::new(memory),
            lost: Vec::new(),
        }
    }
}

impl Collector for Snapshot<'_> {
    fn family(&mut self, family: &Family<'_>) {
        let taken = &mut self.taken;
        let is_new = taken.families.insert(family.name.to_owned());
        taken.kind = is_new.then_some(family.kind);
        taken.head = Head {
            name: family.name.to_owned(),
            description: family.help.to_owned(),
            unit: family.ucum_unit(),
        };
    }

    fn sample(&mut self, labels: &[(&str, &str)], value: Value<'_>) {
        let labels = labels.iter().map(|(name, value)| (*name, Cow::Borrowed(*value)));
        self.take(&labels.collect::<Vec<_>>(), &value.into());
    }

    fn series(&mut self, labels: &LabelSet, sample: &Sample<'_>) {
        self.take(&labels.pairs().collect::<Vec<_>>(), sample);
    }
}

impl Snapshot<'_> {
    fn take(&mut self, labels: &[(&str, Cow<'_, str>)], sample: &Sample<'_>) {
        if let Err(reason) = self.try_take(labels, sample) {
            match self.taken.lost.iter_mut().find(|(one, _)| *one == reason) {
                Some((_, count)) => *count += 1,
                None => self.taken.lost.push((reason, 1)),
            }
        }
    }

    fn try_take(
        &mut self,
        labels: &[(&str, Cow<'_, str>)],
        sample: &Sample<'_>,
    ) -> Result<(), Reason> {
        let kind = self.taken.kind.ok_or(Reason::Rejected)?;
        let mut total = Total::of(sample, self.histograms).ok_or(Reason::Rejected)?;
        let mut start = sample.created.unwrap_or(self.started);
        let mut mark = None;
        let is_delta = self.is_delta(kind);
        if is_delta {
            let series = series(&self.taken.head.name, labels);
            let Some(delta) = self.deltas.since(series, total, sample.created, self.now)? else {
                return Ok(());
            };
            start = delta.since.unwrap_or(start);
            (total, mark) = (delta.total, Some(delta.marked));
        }
        let bounds = match sample.value {
            Value::Histogram(histogram) => histogram.bounds,
            _ => &[],
        };
        let attributes = labels.iter().map(|(name, value)| text(name, value)).collect();
        let exemplars = sample.exemplars;
        let parts = Parts { attributes, start, now: self.now, bounds, exemplars };
        let point = Point::new(kind, total, parts).ok_or(Reason::Rejected)?;
        self.taken.batches.push(&self.taken.head, is_delta, point, mark);
        Ok(())
    }

    fn is_delta(&self, kind: Kind) -> bool {
        match self.temporality {
            TemporalityPreference::Cumulative => false,
            TemporalityPreference::Delta => matches!(kind, Kind::Counter | Kind::Histogram),
            TemporalityPreference::LowMemory => kind == Kind::Histogram,
        }
    }

    /// The requests, and how many points are lost.
    pub(super) fn finish(self, deadline: Instant) -> (Vec<Points>, Vec<(Reason, u64)>) {
        (self.taken.batches.finish(deadline), self.taken.lost)
    }
}

fn series(name: &str, labels: &[(&str, Cow<'_, str>)]) -> String {
    let mut series = name.to_owned();
    for (name, value) in labels {
        series.extend(["\u{0}", name, "=", value]);
    }
    series
}
