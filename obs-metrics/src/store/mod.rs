//! One row per (route, method, status), in shards that one thread at a time writes to.

mod addresses;
mod candidates;
mod exemplars;
mod kept;
mod key;
mod lease;
#[cfg(all(test, obs_loom))]
mod loom;
mod native;
mod pool;
mod range;
mod records;
mod routes;
mod row;
mod shard;
mod sync;
#[cfg(test)]
mod tests;
mod texts;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use obs_core::{Clock, ErrorClass, Finished, Route};

use self::key::Key;
use self::pool::Pool;
use self::records::Records;
use self::row::{Bounds, Row};
use self::shard::Shard;

pub(crate) use self::key::Series;
pub(crate) use self::records::Record;
pub(crate) use self::routes::{Reported, Routes};
pub(crate) use self::row::Totals;
pub(crate) use self::texts::Texts;

/// Tells stores apart on a thread that serves several. Never used again, unlike an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct StoreId(u64);

#[derive(Debug)]
pub(crate) struct Store {
    id: StoreId,
    clock: Clock,
    bounds: Bounds,
    routes: Arc<Routes>,
    records: Records,
    shards: Pool<Shard>,
    /// Requests that began and are not counted.
    discarded: AtomicU64,
}

/// What one scrape sees.
pub(crate) struct Snapshot {
    /// Sorted by route, then by method and status.
    pub(crate) series: Vec<SeriesSnapshot>,
    pub(crate) in_flight: u64,
    /// Errors that the service reported and exceptions of tasks, by route.
    pub(crate) reported: BTreeMap<Arc<str>, Reported>,
}

/// One series, as all threads together have counted it.
pub(crate) struct SeriesSnapshot {
    pub(crate) route: Arc<str>,
    pub(crate) series: Series,
    pub(crate) record: Arc<Record>,
    pub(crate) totals: Totals,
}

impl Store {
    /// `bounds` are those of durations and of queries. At most `max_series`, and those of the route
    /// [`OTHER`]. `clock` dates what no exchange carried.
    pub(crate) fn new(
        clock: Clock,
        bounds: (&[Duration], &[f64]),
        routes: Arc<Routes>,
        texts: Arc<Texts>,
        max_series: usize,
    ) -> Arc<Self> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Arc::new(Self {
            id: StoreId(NEXT.fetch_add(1, Ordering::Relaxed)),
            clock,
            records: Records::new(bounds.0.len() + 1, texts, max_series),
            bounds: Bounds::new(bounds.0, bounds.1),
            routes,
            shards: Pool::new(),
            discarded: AtomicU64::new(0),
        })
    }

    #[inline]
    pub(crate) fn start(self: &Arc<Self>) {
        self.write(Shard::start);
    }

    /// A request that began is not to be counted.
    pub(crate) fn discard(&self) {
        self.discarded.fetch_add(1, Ordering::Relaxed);
    }

    #[inline]
    pub(crate) fn record(self: &Arc<Self>, route: Route<'_>, series: Series, end: &Finished<'_>) {
        if lease::record(self, route, series, end).is_none() {
            let key = Key { route: self.routes.number(route.pattern), series };
            self.lease(|shard| self.row(shard, key, end).record(&self.bounds, end));
        }
    }

    /// Counts a request that no exchange carried: its beginning and its end.
    pub(crate) fn record_whole(self: &Arc<Self>, route: &str, series: Series, duration: Duration) {
        let key = Key { route: self.routes.number(route), series };
        self.write(|shard| {
            shard.start();
            self.row_since(shard, key, || self.now()).record_whole(&self.bounds, duration);
        });
    }

    /// Counts an error that is no request's.
    pub(crate) fn record_error(&self, route: &str, class: ErrorClass) {
        self.routes.record_error(self.routes.number(route), class);
    }

    /// Counts exceptions of tasks, whose request was counted or will be.
    pub(crate) fn record_exceptions(&self, route: &str, panics: bool, count: u64) {
        self.routes.record_exceptions(self.routes.number(route), panics, count);
    }

    #[inline]
    fn write(self: &Arc<Self>, write: impl Fn(&Shard)) {
        if lease::write(self, &write).is_none() {
            self.lease(&write);
        }
    }

    /// For a moment, for a thread that is being torn down.
    fn lease(&self, write: impl FnOnce(&Shard)) {
        let shard = self.shards.lease();
        write(&shard);
        self.shards.give_back(shard);
    }

    /// Shows a series before its first request.
    pub(crate) fn declare(&self, route: &str, series: Series) {
        let route = self.routes.number(route);
        self.admit(Key { route, series }, self.now());
    }

    /// The row of a series in the shard of a thread that may not have met it.
    #[cold]
    fn row(&self, shard: &Shard, key: Key, end: &Finished<'_>) -> Arc<Row> {
        self.row_since(shard, key, || end.clock.unix(end.start))
    }

    fn row_since(&self, shard: &Shard, key: Key, created: impl FnOnce() -> Duration) -> Arc<Row> {
        shard.find(key).unwrap_or_else(|| {
            let (key, record) = self.admit(key, created());
            shard.row(key, || Row::new(self.bounds.buckets(), record))
        })
    }

    /// The series itself or, beyond the budget, that of the route [`OTHER`].
    fn admit(&self, key: Key, created: Duration) -> (Key, Arc<Record>) {
        let name = self.routes.name(key.route);
        if let Some(record) = self.records.get(key, &name, created) {
            return (key, record);
        }
        let key = Key { route: self.routes.other(), ..key };
        (key, self.records.get_beyond(key, created))
    }

    pub(crate) fn snapshot(&self) -> Snapshot {
        let shards = self.shards.all();
        let new = || Totals::new(self.bounds.buckets());
        let mut sums: BTreeMap<Key, Totals> = BTreeMap::new();
        for shard in &shards {
            shard.rows(|key, row| sums.entry(key).or_insert_with(new).add(row));
        }
        // Ends are read before beginnings: a request that moves on meanwhile is seen in flight.
        let discarded = self.discarded.load(Ordering::Relaxed);
        let finished = discarded + sums.values().map(Totals::requests).sum::<u64>();
        let started: u64 = shards.iter().map(|shard| shard.started()).sum();
        let mut series: Vec<_> = self
            .records
            .all()
            .into_iter()
            .map(|(key, record)| SeriesSnapshot {
                route: self.routes.name(key.route),
                series: key.series,
                record,
                totals: sums.remove(&key).unwrap_or_else(new),
            })
            .collect();
        series.sort_by(|a, b| (&a.route, a.series).cmp(&(&b.route, b.series)));
        let reported = self.routes.reported();
        Snapshot { series, in_flight: started.saturating_sub(finished), reported }
    }

    /// What was counted for the route [`OTHER`] instead of its own.
    pub(crate) fn overflowed(&self) -> u64 {
        self.routes.overflowed() + self.records.refused()
    }

    /// How many series there are, and may be.
    pub(crate) fn series(&self) -> (usize, usize) {
        (self.records.len(), self.records.max())
    }

    fn give_back(&self, shard: Arc<Shard>) {
        self.shards.give_back(shard);
    }

    /// As time since the Unix epoch.
    fn now(&self) -> Duration {
        self.clock.unix(self.clock.now())
    }
}
