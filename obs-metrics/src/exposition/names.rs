use std::collections::HashSet;

use obs_core::source::{Family, Kind, LabelSet, is_metric_name};

/// The names that are taken: of families, and of the series that they bring along.
#[derive(Debug, Default)]
pub(super) struct Names(HashSet<String>);

impl Names {
    /// Takes all names that a family has in any format, so that all show the same families.
    /// `false` if one of them is taken or invalid.
    pub(super) fn claim(&mut self, family: &Family<'_>) -> bool {
        let names = all(family);
        let free = is_metric_name(base(family)) && !names.iter().any(|name| self.0.contains(name));
        if free {
            self.0.extend(names);
        }
        free
    }

    /// Gives back what [`claim`](Self::claim) took.
    pub(super) fn release(&mut self, family: &Family<'_>) {
        for name in all(family) {
            self.0.remove(&name);
        }
    }
}

fn all(family: &Family<'_>) -> Vec<String> {
    let suffixes: &[&str] = match family.kind {
        Kind::Counter => &["", "_total", "_created"],
        Kind::Histogram => &["", "_bucket", "_sum", "_count", "_created"],
        _ => &[""],
    };
    let base = base(family);
    suffixes.iter().map(|suffix| format!("{base}{suffix}")).collect()
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
