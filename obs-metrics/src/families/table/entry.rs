use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering, fence};
use std::time::Duration;

use crate::families::series::{Cell, Series};

/// A series in a table, and how long it is to stay there.
#[derive(Debug)]
pub(super) struct Entry<C> {
    pub(super) series: Arc<Series<C>>,
    pub(super) charge: Charge,
    /// How many came before it.
    pub(super) number: u64,
    /// It is on its way out of the table, or is out.
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
    pub(super) fn new(
        series: Arc<Series<C>>,
        charge: Charge,
        number: u64,
        uptime: Duration,
    ) -> Self {
        Self {
            series,
            charge,
            number,
            retired: AtomicBool::new(false),
            hidden: AtomicBool::new(false),
            seen: AtomicU64::new(0),
            changed: AtomicU64::new(uptime.as_nanos() as u64),
        }
    }

    pub(super) fn is_hidden(&self) -> bool {
        self.hidden.load(Ordering::Relaxed)
    }

    /// The series, unless it is on its way out. As long as a handle holds it, it stays: either who
    /// retires the entry sees that it is held, or we see that it is retired.
    #[inline]
    pub(super) fn hold(&self) -> Option<Arc<Series<C>>> {
        let series = Arc::clone(&self.series);
        fence(Ordering::SeqCst);
        (!self.retired.load(Ordering::Relaxed)).then_some(series)
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
        } else {
            self.retire(state)
        };
        self.hidden.store(fate == Fate::Hidden, Ordering::Relaxed);
        fate
    }

    /// Retires it unless a handle holds it or it is written at this moment.
    fn retire(&self, state: u64) -> Fate {
        self.retired.store(true, Ordering::Relaxed);
        fence(Ordering::SeqCst);
        let held = Arc::strong_count(&self.series) > 1;
        // Who held it until now has written before.
        fence(Ordering::Acquire);
        let changed = self.series.cell.state() != state;
        if !held && !changed {
            return Fate::Removed;
        }
        self.retired.store(false, Ordering::Relaxed);
        if changed { Fate::Stays } else { Fate::Hidden }
    }
}

#[cfg(test)]
mod tests {
    use obs_core::Clock;
    use obs_core::source::Kind;

    use super::*;
    use crate::families::counter::CounterCell;
    use crate::families::series::Shape;
    use crate::families::validate::validate;
    use crate::{Definition, MetricsSettings, Part};

    fn entry() -> Entry<CounterCell> {
        let definition = Definition::new("a_total", "Help.");
        let definition = validate(
            definition,
            Kind::Counter,
            &[],
            &MetricsSettings::default(),
            std::panic::Location::caller(),
        )
        .unwrap();
        let series =
            Series::new(&Shape::new(definition, Part::Business, Clock::system()), [].into_iter());
        Entry::new(series, Charge::Budget, 0, Duration::ZERO)
    }

    #[test]
    fn a_write_at_the_last_moment_keeps_it() {
        let entry = entry();
        let state = entry.series.cell.state();
        entry.hold().unwrap().cell.add(1);
        assert_eq!(entry.retire(state), Fate::Stays);
        assert!(entry.hold().is_some());
    }

    #[test]
    fn who_holds_it_keeps_it_and_nobody_gets_hold_of_it_afterwards() {
        let entry = entry();
        let held = entry.hold();
        assert_eq!(entry.retire(0), Fate::Hidden);
        drop(held);
        assert_eq!(entry.retire(0), Fate::Removed);
        assert!(entry.hold().is_none());
    }
}
