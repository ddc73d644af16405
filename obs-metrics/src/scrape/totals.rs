use std::any::Any;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use obs_core::notice;
use obs_core::source::{Collector, Family, Kind, Value};

use crate::Representation;
use crate::exposition::Content;

const SCRAPES: Family<'_> = Family::new(
    "obs_scrapes_total",
    Kind::Counter,
    "Scrapes that were rendered, this one included, by format; scrapers at the same time share one.",
);
const SECONDS: Family<'_> = Family::new(
    "obs_scrape_encode_seconds_total",
    Kind::Counter,
    "Time that earlier scrapes took to render.",
);
const BYTES: Family<'_> = Family::new(
    "obs_scrape_bytes_total",
    Kind::Counter,
    "Size of what earlier scrapes rendered, after compression.",
);
const PANICS: Family<'_> = Family::new(
    "obs_source_panics_total",
    Kind::Counter,
    "Panics of sources; all families behind the one at hand were left out, of a scrape that one as well.",
);
const SERIES: Family<'_> = Family::new(
    "obs_series",
    Kind::Gauge,
    "Series of a family that a scrape shows, without those of the scrape itself; a histogram has one per bucket, a sum and a count.",
);
const DROPPED: Family<'_> = Family::new(
    "obs_series_dropped_total",
    Kind::Counter,
    "What was kept out of a family: requests beyond the budgets of routes and of series, samples no format can carry.",
);

/// What the scrapes of a service were like.
#[derive(Debug, Default)]
pub(crate) struct Totals {
    scrapes: [AtomicU64; Content::ALL.len()],
    nanos: AtomicU64,
    bytes: AtomicU64,
    /// Of the last one.
    last_bytes: AtomicUsize,
    panics: AtomicU64,
    dropped: Mutex<BTreeMap<String, u64>>,
}

/// The families that come last: no source takes their names.
pub(crate) const LAST: [Family<'_>; 6] = [SERIES, SCRAPES, SECONDS, BYTES, PANICS, DROPPED];

impl Totals {
    pub(super) fn begin(&self, representation: Representation) {
        let formats = Content::ALL.iter().zip(&self.scrapes);
        for (_, count) in formats.filter(|(content, _)| **content == representation.content) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(super) fn end(&self, took: Duration, bytes: u64) {
        let nanos = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
        self.nanos.fetch_add(nanos, Ordering::Relaxed);
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
        self.last_bytes.store(bytes as usize, Ordering::Relaxed);
    }

    /// About as much as the next one will take.
    pub(crate) fn expected_bytes(&self) -> usize {
        self.last_bytes.load(Ordering::Relaxed)
    }

    /// A source panicked while it showed `family`. Told once: it may happen with every scrape.
    pub(super) fn panicked(&self, family: Option<String>, panic: &(dyn Any + Send)) {
        if self.panics.fetch_add(1, Ordering::Relaxed) > 0 {
            return;
        }
        let text = panic.downcast_ref::<&str>().copied();
        let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
        notice::warn(&format!(
            "a metrics source panicked at the family {:?} ({}): it is left out; \
             obs_source_panics_total counts such panics, only the first is logged",
            family.unwrap_or_default(),
            text.unwrap_or("no message"),
        ));
    }

    /// How many series a scrape has `shown`, by family, and [`collect`](Self::collect).
    pub(super) fn show(
        &self,
        shown: Vec<(String, u64)>,
        overflowed: BTreeMap<String, u64>,
        out: &mut dyn Collector,
    ) {
        out.family(&SERIES);
        for (family, count) in shown {
            out.sample(&[("family", &family)], Value::Integer(count));
        }
        self.collect(overflowed, out);
    }

    /// What all scrapes were like; `overflowed` is what a store kept out by itself, by family.
    pub(super) fn collect(&self, overflowed: BTreeMap<String, u64>, out: &mut dyn Collector) {
        out.family(&SCRAPES);
        for (content, count) in Content::ALL.iter().zip(&self.scrapes) {
            let count = Value::Integer(count.load(Ordering::Relaxed));
            out.sample(&[("format", content.name())], count);
        }
        out.family(&SECONDS);
        let seconds = Duration::from_nanos(self.nanos.load(Ordering::Relaxed)).as_secs_f64();
        out.sample(&[], Value::Float(seconds));
        for (family, count) in [(&BYTES, &self.bytes), (&PANICS, &self.panics)] {
            out.family(family);
            out.sample(&[], Value::Integer(count.load(Ordering::Relaxed)));
        }
        out.family(&DROPPED);
        for (family, count) in self.dropped(overflowed) {
            out.sample(&[("family", &family)], Value::Integer(count));
        }
    }

    /// What a walk left out.
    pub(super) fn drop_more(&self, more: BTreeMap<String, u64>) {
        let mut dropped = self.dropped.lock().unwrap_or_else(PoisonError::into_inner);
        for (family, count) in more {
            *dropped.entry(family).or_default() += count;
        }
    }

    /// All that was ever left out.
    fn dropped(&self, overflowed: BTreeMap<String, u64>) -> BTreeMap<String, u64> {
        let mut all = self.dropped.lock().unwrap_or_else(PoisonError::into_inner).clone();
        for (family, count) in overflowed {
            *all.entry(family).or_default() += count;
        }
        all
    }
}
