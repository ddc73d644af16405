use super::super::series::{Counts, Series};

/// The client's side of the story: only what was sent in full.
#[derive(Debug, Default)]
pub(in crate::demo) struct Tally {
    pub(in crate::demo) driven: Counts,
    /// Left while an answer of known end was under way.
    pub(in crate::demo) left_in_body: u64,
    /// Endless answers, closed by the client as one does.
    pub(in crate::demo) streams_closed: u64,
}

impl Tally {
    pub(in crate::demo) fn count(&mut self, series: Series) {
        self.driven.add(series, 1);
    }
}
