//! One series of requests: the same route, method and status, as one thread has counted it.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use obs_core::source::NativeHistogram;
use obs_core::{CallKind, Finished, Outcome};

use super::native;
use super::range::{Range, Span};
use super::records::Record;
use super::sync::{AtomicU64, Ordering};
use crate::buckets::Buckets;

/// The columns behind the buckets.
const SUM: usize = 0;
const UNTIMED: usize = 1;
const CANCELLED_IN_BODY: usize = 2;
const BODY_ERROR: usize = 3;
const PANIC: usize = 4;
const ERROR: usize = 5;
/// Requests that did not ask the database.
const NOT_ASKED: usize = 6;
const EXTRA: usize = 7;

/// The bounds of all rows.
#[derive(Debug)]
pub(super) struct Bounds {
    /// In nanoseconds.
    durations: Buckets<u64>,
    /// Of how often a request asks the database.
    queries: Buckets<f64>,
}

impl Bounds {
    pub(super) fn new(durations: &[Duration], queries: &[f64]) -> Self {
        let durations: Vec<u64> = durations.iter().copied().map(nanos).collect();
        Self {
            durations: Buckets::new(&durations, u64::MAX),
            queries: Buckets::new(queries, f64::INFINITY),
        }
    }

    /// How many buckets durations have.
    pub(super) fn buckets(&self) -> usize {
        self.durations.len() + 1
    }
}

/// Written by one thread at a time, read by every scrape.
#[derive(Debug)]
pub(super) struct Row {
    cells: Cells,
    range: Range,
    /// Of the requests that asked the database: how often, in buckets, and the sum.
    queries: OnceLock<Cells>,
    record: Arc<Record>,
}

impl Row {
    pub(super) fn new(buckets: usize, record: Arc<Record>) -> Self {
        let cells = Cells::new(buckets + EXTRA + native::CELLS);
        Self { cells, range: Range::new(), queries: OnceLock::new(), record }
    }

    /// Counts and times a request of which nothing else is known.
    pub(super) fn record_whole(&self, bounds: &Bounds, duration: Duration) {
        self.time(bounds, duration);
        self.cells.add(bounds.buckets() + NOT_ASKED, 1);
    }

    /// Counts and times a request; gives the bucket.
    #[inline]
    fn time(&self, bounds: &Bounds, duration: Duration) -> usize {
        let extra = bounds.buckets();
        let nanos = nanos(duration);
        let bucket = bounds.durations.find(nanos);
        self.cells.add(bucket, 1);
        self.cells.add(extra + SUM, nanos);
        self.range.include(nanos);
        if cfg!(feature = "native-histograms") {
            self.cells.add(extra + EXTRA + native::cell(nanos), 1);
        }
        bucket
    }

    /// Counts the request of an exchange, with what else is known of it.
    #[inline]
    pub(super) fn record(&self, bounds: &Bounds, end: &Finished<'_>) {
        let extra = bounds.buckets();
        if end.streaming {
            self.cells.add(extra + UNTIMED, 1);
        } else {
            let bucket = self.time(bounds, end.duration);
            self.record.exemplars.offer(bucket, end);
        }
        match end.outcome {
            Outcome::CancelledInBody => self.cells.add(extra + CANCELLED_IN_BODY, 1),
            Outcome::BodyError => self.cells.add(extra + BODY_ERROR, 1),
            _ => {}
        }
        if end.failed() {
            self.count_exception(extra, end);
        }
        match end.context.calls(CallKind::Database) {
            0 => self.cells.add(extra + NOT_ASKED, 1),
            queries => self.count_queries(&bounds.queries, queries),
        }
    }

    /// By what failed, however the exchange ended: a panic may have been caught further in.
    #[cold]
    fn count_exception(&self, extra: usize, end: &Finished<'_>) {
        if end.panicked() {
            self.cells.add(extra + PANIC, 1);
        } else if end.context.error_kind().is_some() {
            self.cells.add(extra + ERROR, 1);
        }
    }

    fn count_queries(&self, bounds: &Buckets<f64>, queries: u64) {
        let cells = self.queries.get_or_init(|| Cells::new(bounds.len() + 2));
        cells.add(bounds.find(queries as f64), 1);
        cells.add(bounds.len() + 1, queries);
    }
}

/// Without the 128 bits that `Duration::as_nanos` has.
#[inline]
fn nanos(duration: Duration) -> u64 {
    let seconds = duration.as_secs().saturating_mul(1_000_000_000);
    seconds.saturating_add(duration.subsec_nanos().into())
}

/// Numbers with one writer at a time.
#[derive(Debug)]
pub(super) struct Cells(Box<[AtomicU64]>);

impl Cells {
    pub(super) fn new(number: usize) -> Self {
        Self((0..number).map(|_| AtomicU64::new(0)).collect())
    }

    /// The shard's thread is the only writer, so no read-modify-write is needed.
    #[inline]
    pub(super) fn add(&self, column: usize, amount: u64) {
        if let Some(cell) = self.0.get(column) {
            cell.store(cell.load(Ordering::Relaxed).wrapping_add(amount), Ordering::Relaxed);
        }
    }

    /// Adds what they are now to `totals`.
    pub(super) fn read(&self, totals: &mut [u64]) {
        for (total, cell) in totals.iter_mut().zip(&self.0) {
            *total = total.wrapping_add(cell.load(Ordering::Relaxed));
        }
    }
}

/// The same row of all shards, summed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Totals {
    buckets: usize,
    cells: Vec<u64>,
    range: Span,
    /// Of no request that asked the database: none.
    queries: Vec<u64>,
}

impl Totals {
    pub(super) fn new(buckets: usize) -> Self {
        let cells = vec![0; buckets + EXTRA + native::CELLS];
        Self { buckets, cells, ..Self::default() }
    }

    /// Adds what another row of the same store has counted.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.range.merge(other.range);
        self.queries.resize(self.queries.len().max(other.queries.len()), 0);
        for (sums, cells) in [(&mut self.cells, &other.cells), (&mut self.queries, &other.queries)]
        {
            sums.iter_mut().zip(cells).for_each(|(sum, cell)| *sum += cell);
        }
    }

    pub(super) fn add(&mut self, row: &Row) {
        row.cells.read(&mut self.cells);
        self.range.merge(row.range.read());
        if let Some(queries) = row.queries.get() {
            self.queries.resize(queries.0.len(), 0);
            queries.read(&mut self.queries);
        }
    }

    pub(crate) fn buckets(&self) -> &[u64] {
        self.cells.get(..self.buckets).unwrap_or(&[])
    }

    pub(crate) fn native(&self) -> Option<NativeHistogram<'_>> {
        native::histogram(self.cells.get(self.buckets + EXTRA..)?)
    }

    pub(crate) fn not_asked(&self) -> u64 {
        self.extra(NOT_ASKED)
    }

    /// How many requests asked the database so often, by bucket, and how often all together; `None` if
    /// none did.
    pub(crate) fn queries(&self) -> Option<(&[u64], u64)> {
        let (sum, buckets) = self.queries.split_last()?;
        Some((buckets, *sum))
    }

    pub(crate) fn requests(&self) -> u64 {
        self.timed() + self.untimed()
    }

    pub(crate) fn timed(&self) -> u64 {
        self.buckets().iter().sum()
    }

    pub(crate) fn untimed(&self) -> u64 {
        self.extra(UNTIMED)
    }

    pub(crate) fn sum_seconds(&self) -> f64 {
        self.extra(SUM) as f64 / 1e9
    }

    /// The shortest and the longest duration; `None` without one.
    pub(crate) fn range_seconds(&self) -> Option<(f64, f64)> {
        let (shortest, longest) = self.range.bounds()?;
        Some((shortest as f64 / 1e9, longest as f64 / 1e9))
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
        self.cells.get(self.buckets + column).copied().unwrap_or(0)
    }
}
