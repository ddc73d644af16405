use std::collections::BTreeMap;
use std::mem::take;

use obs_core::source::{Family, Histogram, Kind, LabelSet, Value};

use super::bounds::{BoundStyle, Bounds};
use super::names::has_le;
use crate::names::Names;

/// What can be shown of what sources show: a family or a sample that no format can carry is left out
/// and counted.
pub(crate) struct Checks {
    names: Names,
    /// Of the histogram that fits.
    pub(super) bounds: Bounds,
    open: Option<Open>,
    dropped: BTreeMap<String, u64>,
    shown: Vec<(String, u64)>,
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

impl Checks {
    pub(super) fn new(bounds: BoundStyle) -> Self {
        Self {
            names: Names::default(),
            bounds: Bounds::new(bounds),
            open: None,
            dropped: BTreeMap::new(),
            shown: Vec::new(),
        }
    }

    /// Whether samples of the family at hand may say since when they count.
    #[inline]
    pub(super) fn may_say_created(&self) -> bool {
        self.open.as_ref().is_some_and(|open| open.created)
    }

    /// Keeps the names of families that come last, so that no source takes them.
    pub(crate) fn reserve(&mut self, families: &[Family<'_>]) {
        for family in families {
            self.names.claim(family);
        }
    }

    /// The families whose names were kept come now.
    pub(crate) fn release_reserved(&mut self, families: &[Family<'_>]) {
        families.iter().for_each(|family| self.names.release(family));
    }

    /// Samples left out so far, by family.
    pub(crate) fn take_dropped(&mut self) -> BTreeMap<String, u64> {
        take(&mut self.dropped)
    }

    /// Series that fit so far, by family.
    pub(crate) fn take_shown(&mut self) -> Vec<(String, u64)> {
        take(&mut self.shown)
    }

    /// Begins a family, the one before it being ended. Whether it fits.
    pub(super) fn begin(&mut self, family: &Family<'_>) -> bool {
        let accepted = self.names.claim(family);
        let Family { name, kind, .. } = *family;
        let created = !self.names.have_created_of(family);
        let name = name.to_owned();
        self.open = Some(Open { name, kind, accepted, created, shown: 0, dropped: 0 });
        accepted
    }

    /// Whether there was a family, and it fitted.
    pub(super) fn end(&mut self) -> bool {
        let Some(open) = self.open.take() else { return false };
        if open.accepted {
            self.shown.push((open.name.clone(), open.shown));
        }
        if open.dropped > 0 {
            *self.dropped.entry(open.name).or_default() += open.dropped;
        }
        open.accepted
    }

    /// Forgets the family that its source could not finish, and says which.
    pub(super) fn abandon(&mut self) -> Option<String> {
        self.open.take().map(|open| open.name)
    }

    /// The labels of a sample; `None` if they do not fit.
    pub(super) fn labels(&mut self, labels: &[(&str, &str)]) -> Option<LabelSet> {
        let labels = LabelSet::new(labels).ok();
        if let (None, Some(open)) = (&labels, &mut self.open) {
            open.dropped += 1;
        }
        labels
    }

    /// The kind of the family that a sample is of; `None` if it does not fit.
    #[inline]
    pub(super) fn sample(&mut self, labels: &LabelSet, value: Value<'_>) -> Option<Kind> {
        let open = self.open.as_mut()?;
        let series = match (open.kind, value) {
            (Kind::Histogram, Value::Histogram(histogram)) => {
                series_of(histogram, labels, &mut self.bounds)
            }
            (Kind::Counter, Value::Float(value)) => u64::from(is_count(value)),
            (Kind::Counter, Value::Integer(_)) => 1,
            (Kind::Gauge, Value::Integer(_) | Value::Float(_)) => 1,
            _ => 0,
        };
        if series == 0 || !open.accepted {
            open.dropped += 1;
            return None;
        }
        open.shown += series;
        Some(open.kind)
    }
}

/// Whether a counter, or the sum of a histogram, can have this value.
fn is_count(value: f64) -> bool {
    value >= 0.0 && value.is_finite()
}

/// How many series a histogram has in the text; 0 if it is invalid. By itself, so that what most samples are,
/// numbers, stays small.
#[inline(never)]
fn series_of(histogram: Histogram<'_>, labels: &LabelSet, known: &mut Bounds) -> u64 {
    let Histogram { bounds, counts, sum } = histogram;
    let fits =
        counts.len() == bounds.len() + 1 && known.fit(bounds) && is_count(sum) && !has_le(labels);
    if fits { counts.len() as u64 + 2 } else { 0 }
}
