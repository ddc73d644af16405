use obs_core::source::Exemplar;

/// In characters, names and values together.
const MAX_LABELS: usize = 128;

/// Whether a scraper takes it; one that is too long would fail the whole scrape.
pub(super) fn fits(exemplar: &Exemplar) -> bool {
    let Exemplar { labels, value, .. } = exemplar;
    let characters =
        || labels.pairs().map(|(name, value)| name.len() + value.chars().count()).sum::<usize>();
    value.is_finite() && (labels.text().len() <= MAX_LABELS || characters() <= MAX_LABELS)
}
