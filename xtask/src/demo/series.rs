//! Requests by method, route and status: the key that both sides count by.

use std::collections::BTreeMap;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Route {
    pub(super) method: String,
    pub(super) pattern: String,
}

impl Route {
    pub(super) fn new(method: &str, pattern: &str) -> Self {
        Self { method: method.to_owned(), pattern: pattern.to_owned() }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Series {
    pub(super) route: Route,
    pub(super) status: u16,
}

impl Series {
    /// The status of a request whose client left before the answer began.
    pub(super) const CANCELLED: u16 = 499;
}

/// How many requests of each series.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Counts(BTreeMap<Series, u64>);

impl Counts {
    pub(super) fn add(&mut self, series: Series, count: u64) {
        *self.0.entry(series).or_default() += count;
    }

    pub(super) fn total(&self) -> u64 {
        self.0.values().sum()
    }

    pub(super) fn of(&self, series: &Series) -> u64 {
        self.0.get(series).copied().unwrap_or_default()
    }

    /// The requests that the service failed.
    pub(super) fn failed(&self) -> u64 {
        let failed = self.iter().filter(|(series, _)| (500..600).contains(&series.status));
        failed.map(|(_, count)| count).sum()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&Series, u64)> {
        self.0.iter().map(|(series, count)| (series, *count))
    }
}
