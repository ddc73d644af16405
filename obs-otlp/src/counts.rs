/// What became of everything that was handed over since the start. See
/// [`Exporter::flush`](crate::Exporter::flush) and [`Exporter::shutdown`](crate::Exporter::shutdown).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Flushed {
    /// Spans.
    pub traces: Counts,
    /// Error envelopes.
    pub errors: Counts,
    /// Data points of metrics. One that is lost is not always lost for good: what a later one says
    /// is in it.
    pub metrics: Counts,
    /// Expositions pushed to a gateway.
    pub pushes: Counts,
}

/// What became of the items of one signal: spans, envelopes, data points, or pushes.
///
/// `accepted = written + dropped + pending`, always; after the shutdown nothing is pending.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counts {
    /// Handed over to the exporter.
    pub accepted: u64,
    /// Confirmed by the backend.
    pub written: u64,
    /// Lost, for whatever reason.
    pub dropped: u64,
}

impl Counts {
    /// Neither written nor lost yet.
    #[must_use]
    pub fn pending(&self) -> u64 {
        self.accepted.saturating_sub(self.written).saturating_sub(self.dropped)
    }
}
