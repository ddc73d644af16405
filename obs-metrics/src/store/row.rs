//! One series of requests: the same route, method and status.

use std::sync::atomic::{AtomicU64, Ordering};

use obs_core::{Finished, Outcome};

/// The columns behind the buckets.
const SUM: usize = 0;
const UNTIMED: usize = 1;
const CANCELLED_IN_BODY: usize = 2;
const BODY_ERROR: usize = 3;
const PANIC: usize = 4;
const ERROR: usize = 5;
const EXTRA: usize = 6;

/// Written by one thread at a time, read by every scrape.
#[derive(Debug)]
pub(super) struct Row(Box<[AtomicU64]>);

impl Row {
    pub(super) fn new(bounds: usize) -> Self {
        Self((0..bounds + 1 + EXTRA).map(|_| AtomicU64::new(0)).collect())
    }

    /// `bounds` are upper bounds in nanoseconds.
    #[inline]
    pub(super) fn record(&self, bounds: &[u64], end: &Finished<'_>) {
        let extra = bounds.len() + 1;
        if end.streaming {
            self.add(extra + UNTIMED, 1);
        } else {
            let nanos = u64::try_from(end.duration.as_nanos()).unwrap_or(u64::MAX);
            self.add(bounds.partition_point(|bound| *bound < nanos), 1);
            self.add(extra + SUM, nanos);
        }
        match end.outcome {
            Outcome::CancelledInBody => self.add(extra + CANCELLED_IN_BODY, 1),
            Outcome::BodyError => self.add(extra + BODY_ERROR, 1),
            Outcome::Panic => self.add(extra + PANIC, 1),
            _ if end.status >= 500 && end.context.error().is_some() => self.add(extra + ERROR, 1),
            _ => {}
        }
    }

    /// The shard's thread is the only writer, so no read-modify-write is needed.
    #[inline]
    fn add(&self, column: usize, amount: u64) {
        if let Some(cell) = self.0.get(column) {
            cell.store(cell.load(Ordering::Relaxed).wrapping_add(amount), Ordering::Relaxed);
        }
    }
}

/// The same row of all shards, summed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Totals(Vec<u64>);

impl Totals {
    pub(super) fn add(&mut self, row: &Row) {
        self.0.resize(row.0.len(), 0);
        for (total, cell) in self.0.iter_mut().zip(&row.0) {
            *total = total.wrapping_add(cell.load(Ordering::Relaxed));
        }
    }

    pub(crate) fn buckets(&self) -> &[u64] {
        &self.0[..self.0.len().saturating_sub(EXTRA)]
    }

    pub(crate) fn requests(&self) -> u64 {
        self.buckets().iter().sum::<u64>() + self.extra(UNTIMED)
    }

    pub(crate) fn sum_seconds(&self) -> f64 {
        self.extra(SUM) as f64 / 1e9
    }

    pub(crate) fn cancelled_in_body(&self) -> u64 {
        self.extra(CANCELLED_IN_BODY)
    }

    pub(crate) fn body_errors(&self) -> u64 {
        self.extra(BODY_ERROR)
    }

    pub(crate) fn panics(&self) -> u64 {
        self.extra(PANIC)
    }

    pub(crate) fn errors(&self) -> u64 {
        self.extra(ERROR)
    }

    fn extra(&self, column: usize) -> u64 {
        self.0.get(self.buckets().len() + column).copied().unwrap_or(0)
    }
}
