use std::collections::HashSet;

use foldhash::quality::RandomState;
use obs_core::source::{Family, Kind, LabelSet, is_metric_name};

/// The names that are taken: of families, and of the series that they bring along.
#[derive(Debug, Default)]
pub(super) struct Names(HashSet<String, RandomState>);

impl Names {
    /// Takes all names that a family has in any format, so that all show the same families.
    /// `false` if one of them is taken or invalid.
    pub(super) fn claim(&mut self, family: &Family<'_>) -> bool {
        if !is_metric_name(base(family)) {
            return false;
        }
        let mut name = String::with_capacity(family.name.len() + LONGEST_SUFFIX);
        let free = suffixes(family).iter().all(|suffix| {
            whole(&mut name, family, suffix);
            !self.0.contains(&name)
        });
        if free {
            for suffix in suffixes(family) {
                whole(&mut name, family, suffix);
                self.0.insert(name.clone());
            }
        }
        free
    }

    /// Gives back what [`claim`](Self::claim) took.
    pub(super) fn release(&mut self, family: &Family<'_>) {
        let mut name = String::new();
        for suffix in suffixes(family) {
            whole(&mut name, family, suffix);
            self.0.remove(&name);
        }
    }
}

const LONGEST_SUFFIX: usize = "_created".len();

fn suffixes(family: &Family<'_>) -> &'static [&'static str] {
    match family.kind {
        Kind::Counter => &["", "_total", "_created"],
        Kind::Histogram => &["", "_bucket", "_sum", "_count", "_created"],
        _ => &[""],
    }
}

fn whole(name: &mut String, family: &Family<'_>, suffix: &str) {
    name.clear();
    name.push_str(base(family));
    name.push_str(suffix);
}

/// OpenMetrics names a counter without the suffix that its sample has.
pub(super) fn base<'a>(family: &Family<'a>) -> &'a str {
    match family.kind {
        Kind::Counter => family.name.strip_suffix("_total").unwrap_or(family.name),
        _ => family.name,
    }
}

/// Whether a label is `le`, which a histogram's buckets have of their own.
#[inline]
pub(super) fn has_le(labels: &LabelSet) -> bool {
    // The text may also be inside of a value.
    labels.text().contains("le=\"") && labels.pairs().any(|(name, _)| name == "le")
}
