use obs_core::source::LabelSet;

/// Whether a label is `le`, which a histogram's buckets have of their own.
#[inline]
pub(super) fn has_le(labels: &LabelSet) -> bool {
    // The text may also be inside of a value.
    labels.text().contains("le=\"") && labels.pairs().any(|(name, _)| name == "le")
}
