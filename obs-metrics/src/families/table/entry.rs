use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering, fence};
use std::time::Duration;

use crate::families::series::{Cell, Series};

/// A series in a table, and how long it is to stay there.
#[derive(Debug)]
pub(super) struct Entry<C> {
    pub(super) series: Arc<Series<C>>,
    pub(super) charge: Charge,
    /// It is on its way out of the table, or was.
    retired: AtomicBool,
    hidden: AtomicBool,
    /// Its state when it was last looked at, and when that was another one, in nanoseconds of uptime.
    seen: AtomicU64,
    changed: AtomicU64,
}

/// Whose budget it uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Charge {
    /// The family's and the registry's.
    Budget,
    /// What a family has besides for combinations with [`OTHER`](crate::OTHER).
    Reserve,
    /// Nobody's: there is one of these per family, with [`OTHER`](crate::OTHER) everywhere.
    Nothing,
}

/// What is to become of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Stays,
    Hidden,
    Removed,
}

impl<C: Cell> Entry<C> {
    pub(super) fn new(series: Arc<Series<C>>, charge: Charge, uptime: Duration) -> Self {
        Self {
            series,
            charge,
            retired: AtomicBool::new(false),
            hidden: AtomicBool::new(false),
            seen: AtomicU64::new(0),
            changed: AtomicU64::new(uptime.as_nanos() as u64),
        }
    }

    pub(super) fn is_hidden(&self) -> bool {
        self.hidden.load(Ordering::Relaxed)
    }

    /// Whether what was just written may be lost. If not, it is seen by whoever retires the entry:
    /// either they see the write, or we see that it is retired.
    #[inline]
    pub(super) fn may_be_retired(&self) -> bool {
        fence(Ordering::SeqCst);
        self.is_retired()
    }

    pub(super) fn is_retired(&self) -> bool {
        self.retired.load(Ordering::Relaxed)
    }

    /// Looks at the entry, under the lock of the table.
    pub(super) fn look(&self, uptime: Duration, ttl: Duration) -> Fate {
        let state = self.series.cell.state();
        let now = uptime.as_nanos() as u64;
        let changed = Duration::from_nanos(self.changed.load(Ordering::Relaxed));
        let fate = if state != self.seen.load(Ordering::Relaxed) {
            self.seen.store(state, Ordering::Relaxed);
            self.changed.store(now, Ordering::Relaxed);
            Fate::Stays
        } else if uptime.saturating_sub(changed) < ttl {
            Fate::Stays
        } else if self.retire(state) {
            Fate::Removed
        } else {
            Fate::Hidden
        };
        self.hidden.store(fate == Fate::Hidden, Ordering::Relaxed);
        fate
    }

    /// Retires it unless a handle holds it or it was written to at this moment. Nobody takes a handle
    /// meanwhile: that needs the lock of the table.
    fn retire(&self, state: u64) -> bool {
        self.retired.store(true, Ordering::Relaxed);
        let held = Arc::strong_count(&self.series) > 1;
        fence(Ordering::SeqCst);
        let retired = !held && self.series.cell.state() == state;
        self.retired.store(retired, Ordering::Relaxed);
        retired
    }
}
