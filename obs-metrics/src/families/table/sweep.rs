use super::Table;
use super::entry::Fate;
use crate::families::series::Cell;

impl<C: Cell> Table<C> {
    /// Removes what did not change for the family's time to live, and hides what a handle holds.
    pub(super) fn sweep(&self) {
        let Some(ttl) = self.shape.definition.ttl else { return };
        let uptime = self.shape.clock.uptime();
        let guard = self.series.guard();
        self.with_lock(|| {
            for (key, entry) in self.series.iter(&guard) {
                if entry.look(uptime, ttl) == Fate::Removed {
                    self.series.remove(key, &guard);
                    self.labels.iter().zip(&key.0).for_each(|(label, text)| label.release(text));
                    self.refund(entry.charge);
                }
            }
        });
    }
}
