use serde::Serialize;

/// How many series there are, how many there may be, and how many there would be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Cardinality {
    /// Series of families with an open label, without those by route, and without those with
    /// [`OTHER`](crate::OTHER) that are beyond a family's budget.
    pub series: usize,
    /// How many of these there may be.
    pub max_series: usize,
    /// Every family, in the order of registration; the requests, as one family, come last.
    pub families: Vec<FamilyCardinality>,
}

/// A family of a [`Cardinality`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct FamilyCardinality {
    /// Its name.
    pub family: String,
    /// Its series.
    pub series: usize,
    /// Its budget. With an open label it can have 64 more, all of them with
    /// [`OTHER`](crate::OTHER); of requests one of this route for each method and status.
    pub max_series: usize,
    /// Its labels; none if all of them are closed.
    pub labels: Vec<LabelCardinality>,
}

/// A label of a [`FamilyCardinality`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct LabelCardinality {
    /// Its name.
    pub label: String,
    /// Values with series of their own.
    pub values: usize,
    /// How many there may be; `None` for a closed label.
    pub limit: Option<usize>,
    /// Distinct values that were wanted, estimated: wrong by about 3 %. A value that came back after
    /// its ttl may be in it twice.
    pub demand: usize,
    /// Writes whose value became [`OTHER`](crate::OTHER); of routes, look-ups: a thread remembers what it
    /// found.
    pub overflowed: u64,
    /// Writes whose value was longer than [`MAX_VALUE_BYTES`](crate::MAX_VALUE_BYTES).
    pub cut: u64,
    /// Up to two values that became [`OTHER`](crate::OTHER), without credentials. Not serialized: what is
    /// refused is often personal, and the report is served beside `/metrics`.
    #[serde(skip)]
    pub samples: Vec<String>,
}
