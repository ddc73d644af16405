use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use super::total::Total;
use crate::reason::Reason;

/// What the collector has confirmed of each series: a difference is made with that, so that whatever
/// is not confirmed is in the next one.
pub(crate) struct Deltas {
    known: HashMap<Arc<str>, Known>,
    bytes: usize,
    limit: usize,
    round: u64,
    /// The round in which room was made last.
    swept: u64,
}

struct Known {
    confirmed: Option<Mark>,
    /// The round in which it was shown last.
    seen: u64,
    bytes: usize,
}

/// How far a series was, and when.
#[derive(Clone, Debug)]
pub(crate) struct Mark {
    at: Duration,
    created: Option<Duration>,
    total: Total,
}

/// A mark to be confirmed.
pub(crate) struct Marked {
    series: Arc<str>,
    mark: Mark,
}

/// A difference. Nothing to say if nothing has come.
pub(super) struct Delta {
    /// Since when; `None` since the series began.
    pub(super) since: Option<Duration>,
    pub(super) total: Total,
    pub(super) marked: Marked,
}

impl Deltas {
    pub(super) fn new(limit: usize) -> Self {
        Self { known: HashMap::new(), bytes: 0, limit, round: 0, swept: 0 }
    }

    /// Begins a round.
    pub(super) fn begin(&mut self) {
        self.round += 1;
    }

    /// What has come since the last confirmed mark; `None` if that is nothing.
    ///
    /// # Errors
    /// If there is no room for one more series, or it was shown before in this round.
    pub(super) fn since(
        &mut self,
        series: String,
        total: Total,
        created: Option<Duration>,
        at: Duration,
    ) -> Result<Option<Delta>, Reason> {
        let (series, known) = self.known(series, &total)?;
        let mark = Mark { at, created, total };
        let delta = match &known.confirmed {
            None => (None, mark.total.clone()),
            Some(before) => {
                // A sum of several may turn out to be older than it was known to be.
                let again = created.filter(|new| before.created.is_none_or(|old| *new > old));
                match mark.total.since(&before.total).filter(|_| again.is_none()) {
                    Some(total) if total.is_nothing() => return Ok(None),
                    Some(total) => (Some(before.at), total),
                    None => (again.or(Some(before.at)), mark.total.clone()),
                }
            }
        };
        Ok(Some(Delta { since: delta.0, total: delta.1, marked: Marked { series, mark } }))
    }

    fn known(&mut self, series: String, total: &Total) -> Result<(Arc<str>, &Known), Reason> {
        let round = self.round;
        let bytes = series.len() + total.bytes() + size_of::<(Arc<str>, Known)>();
        if !self.known.contains_key(series.as_str()) {
            if self.bytes + bytes > self.limit {
                self.sweep();
            }
            if self.bytes + bytes > self.limit {
                return Err(Reason::QueueFull);
            }
            self.bytes += bytes;
            let known = Known { confirmed: None, seen: 0, bytes };
            self.known.insert(series.as_str().into(), known);
        }
        let Some((series, _)) = self.known.get_key_value(series.as_str()) else {
            return Err(Reason::QueueFull);
        };
        let series = Arc::clone(series);
        match self.known.get_mut(&series) {
            Some(known) if known.seen < round => {
                known.seen = round;
                Ok((series, known))
            }
            _ => Err(Reason::Rejected),
        }
    }

    /// Forgets what was not shown in the round before. Only when there is no room: a series that comes
    /// back is counted from where it was.
    fn sweep(&mut self) {
        if self.swept == self.round {
            return;
        }
        self.swept = self.round;
        let before = self.round - 1;
        self.known.retain(|_, known| known.seen >= before);
        self.bytes = self.known.values().map(|known| known.bytes).sum();
    }

    /// The collector has these.
    pub(super) fn confirm(&mut self, marks: &[Marked]) {
        for Marked { series, mark } in marks {
            if let Some(known) = self.known.get_mut(series) {
                known.confirmed = Some(mark.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn take(deltas: &mut Deltas, series: &str, total: u64, second: u64) -> Option<Delta> {
        deltas.since(series.to_owned(), Total::Integer(total), Some(at(1)), at(second)).unwrap()
    }

    #[test]
    fn what_is_not_confirmed_is_in_the_next_one() {
        let mut deltas = Deltas::new(1 << 20);
        for (round, (total, confirmed, expected)) in [
            (5, false, Some((None, 5))),
            (7, true, Some((None, 7))),
            (7, true, None),
            (9, false, Some((Some(at(2)), 2))),
            (12, true, Some((Some(at(2)), 5))),
            // Fewer: it began anew.
            (4, true, Some((Some(at(5)), 4))),
        ]
        .into_iter()
        .enumerate()
        {
            deltas.begin();
            let delta = take(&mut deltas, "a", total, round as u64 + 1);
            let shown = delta.as_ref().map(|delta| (delta.since, delta.total.clone()));
            let expected = expected.map(|(since, total)| (since, Total::Integer(total)));
            assert_eq!(shown, expected, "round {round}");
            if let Some(delta) = delta.filter(|_| confirmed) {
                deltas.confirm(&[delta.marked]);
            }
        }
    }

    #[test]
    fn a_series_created_anew_is_not_compared_with_the_old_one() {
        let mut deltas = Deltas::new(1 << 20);
        deltas.begin();
        let first = take(&mut deltas, "a", 5, 2).unwrap();
        deltas.confirm(&[first.marked]);
        deltas.begin();
        let again = deltas.since("a".to_owned(), Total::Integer(9), Some(at(3)), at(4)).unwrap();
        let again = again.unwrap();
        assert_eq!((again.since, again.total), (Some(at(3)), Total::Integer(9)));
    }

    #[test]
    fn memory_is_bounded_and_what_has_gone_makes_room() {
        let mut deltas = Deltas::new(600);
        deltas.begin();
        let fitted = (0..100)
            .take_while(|series| {
                let total = Total::Integer(1);
                deltas.since(format!("{series:03}"), total, None, at(1)).is_ok()
            })
            .count();
        assert!((1..10).contains(&fitted), "{fitted}");
        let late = |deltas: &mut Deltas| {
            deltas.since("late".to_owned(), Total::Integer(1), None, at(1)).err()
        };
        deltas.begin();
        assert_eq!(late(&mut deltas), Some(Reason::QueueFull), "shown a round ago");
        deltas.begin();
        assert_eq!(late(&mut deltas), None);
        assert_eq!(late(&mut deltas), Some(Reason::Rejected), "twice in a round");
        assert!(deltas.bytes <= deltas.limit);
        assert_eq!(deltas.known.len(), 1);
    }
}
