/// A histogram as it was read: all series of a selector together.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Histogram {
    /// Observations.
    pub count: u64,
    /// Their sum, in the family's unit.
    pub sum: f64,
    /// Upper bounds, ascending, with the observations up to each; the last is `+Inf`.
    pub buckets: Vec<(f64, u64)>,
}

impl Histogram {
    /// Observations up to `bound`; `None` if it is not the bound of a bucket.
    #[must_use]
    pub fn bucket(&self, bound: f64) -> Option<u64> {
        self.buckets.iter().find(|(le, _)| *le == bound).map(|(_, count)| *count)
    }
}
