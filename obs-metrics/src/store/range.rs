//! The shortest and the longest duration of a row: what percentiles are kept within.

use super::sync::{AtomicU64, Ordering};

/// Written by one thread at a time, read by every summary.
#[derive(Debug)]
pub(super) struct Range {
    /// How far the shortest is from [`u64::MAX`], so that both begin at 0 and only go up.
    below_max: AtomicU64,
    longest: AtomicU64,
}

impl Range {
    pub(super) fn new() -> Self {
        Self { below_max: AtomicU64::new(0), longest: AtomicU64::new(0) }
    }

    #[inline]
    pub(super) fn include(&self, nanos: u64) {
        raise(&self.longest, nanos);
        raise(&self.below_max, u64::MAX - nanos);
    }

    pub(super) fn read(&self) -> Span {
        Span {
            below_max: self.below_max.load(Ordering::Relaxed),
            longest: self.longest.load(Ordering::Relaxed),
        }
    }
}

/// The row's thread is the only writer, so no read-modify-write is needed.
#[inline]
fn raise(cell: &AtomicU64, value: u64) {
    if value > cell.load(Ordering::Relaxed) {
        cell.store(value, Ordering::Relaxed);
    }
}

/// The range of one or several rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Span {
    below_max: u64,
    longest: u64,
}

impl Span {
    pub(super) fn merge(&mut self, other: Self) {
        self.below_max = self.below_max.max(other.below_max);
        self.longest = self.longest.max(other.longest);
    }

    /// The shortest and the longest in nanoseconds; `None` without a duration.
    pub(super) fn bounds(self) -> Option<(u64, u64)> {
        (self.below_max > 0).then_some((u64::MAX - self.below_max, self.longest))
    }
}
