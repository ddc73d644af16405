//! The calls of a request: how many of each kind, and the last ones as breadcrumbs.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::call::Held;
use crate::{CallKind, CallOutcome, CallSite};

/// How many breadcrumbs a request keeps: the last ones.
const MAX_BREADCRUMBS: usize = 32;

/// One finished call of a request, for its error event. It holds the bounded names of the call site
/// and no statement, key or URL.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Breadcrumb {
    pub(crate) site: Held,
    /// When the call ended.
    pub at: Instant,
    /// How long it took.
    pub duration: Duration,
    /// How it ended.
    pub outcome: CallOutcome,
    /// The status of an HTTP response.
    pub status: Option<u16>,
    /// What went wrong: the error and its causes, without secrets.
    pub error: Option<String>,
}

impl Breadcrumb {
    /// What was called.
    #[must_use]
    pub fn site(&self) -> &CallSite {
        &self.site
    }
}

#[derive(Debug, Default)]
pub(super) struct Calls {
    any: AtomicBool,
    counts: [AtomicU64; CallKind::ALL.len()],
    last: Mutex<Ring>,
}

#[derive(Debug, Default)]
struct Ring {
    crumbs: Vec<Breadcrumb>,
    /// Where the oldest one is, once the ring is full.
    oldest: usize,
}

impl Calls {
    #[inline]
    pub(super) fn count(&self, kind: CallKind) {
        self.any.store(true, Ordering::Relaxed);
        self.counts[kind as usize].fetch_add(1, Ordering::Relaxed);
    }

    #[inline]
    pub(super) fn get(&self, kind: CallKind) -> u64 {
        self.counts[kind as usize].load(Ordering::Relaxed)
    }

    #[inline]
    pub(super) fn any(&self) -> bool {
        self.any.load(Ordering::Relaxed)
    }

    pub(super) fn keep(&self, crumb: Breadcrumb) {
        let mut ring = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let Ring { crumbs, oldest } = &mut *ring;
        if crumbs.len() < MAX_BREADCRUMBS {
            crumbs.push(crumb);
        } else {
            crumbs[*oldest] = crumb;
            *oldest = (*oldest + 1) % MAX_BREADCRUMBS;
        }
    }

    /// The last calls, oldest first.
    pub(super) fn last(&self) -> Vec<Breadcrumb> {
        let ring = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let (newer, older) = ring.crumbs.split_at(ring.oldest);
        older.iter().chain(newer).cloned().collect()
    }

    /// Forgets everything and keeps the memory of the ring for the next request.
    #[inline]
    pub(super) fn clear(&mut self) {
        if std::mem::take(self.any.get_mut()) {
            self.counts.iter_mut().for_each(|count| *count.get_mut() = 0);
            let ring = self.last.get_mut().unwrap_or_else(PoisonError::into_inner);
            ring.crumbs.clear();
            ring.oldest = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_calls_are_kept_in_order_and_nothing_outlives_a_request() {
        static SITE: CallSite = CallSite::database("postgresql", "SELECT", "orders");
        let crumb = |number: u64| Breadcrumb {
            site: Held::Static(&SITE),
            at: Instant::now(),
            duration: Duration::from_millis(number),
            outcome: CallOutcome::Success,
            status: None,
            error: None,
        };
        let mut calls = Calls::default();
        for number in 0..100 {
            calls.count(CallKind::Database);
            calls.keep(crumb(number));
        }
        let kept: Vec<_> = calls.last().iter().map(|crumb| crumb.duration.as_millis()).collect();
        assert_eq!(kept, (68..100).collect::<Vec<_>>());
        assert_eq!((calls.get(CallKind::Database), calls.get(CallKind::Http)), (100, 0));
        calls.clear();
        assert!(calls.last().is_empty() && !calls.any() && calls.get(CallKind::Database) == 0);
        calls.count(CallKind::Cache);
        calls.keep(crumb(7));
        assert_eq!(calls.last().len(), 1);
    }
}
