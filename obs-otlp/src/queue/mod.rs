//! A queue that is bounded in bytes and knows what became of everything that entered it.

mod item;
mod state;
#[cfg(test)]
mod tests;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{Notify, watch};

pub(crate) use self::item::Item;
pub(crate) use self::state::{Batch, Step, Tally};
use self::state::{Load, State};
use crate::reason::Reason;

/// What bounds a queue and its batches.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Bytes that may wait or be under way.
    pub(crate) bytes: usize,
    /// Bytes that are sent at once, without waiting for more.
    pub(crate) batch_bytes: usize,
    /// Time that the first of a batch waits for others.
    pub(crate) interval: Duration,
}

/// Many push; one pipeline takes a batch, delivers it, settles it, takes the next.
pub(crate) struct Queue<T> {
    limits: Limits,
    state: Mutex<State<T>>,
    /// Something happened that the pipeline has to look at.
    changed: Notify,
    /// How many items have left, of those that entered.
    left: watch::Sender<u64>,
}

impl<T: Item> Queue<T> {
    pub(crate) fn new(limits: Limits) -> Self {
        Self {
            limits,
            state: Mutex::new(State::default()),
            changed: Notify::new(),
            left: watch::Sender::new(0),
        }
    }

    /// A panic cannot leave the state half changed: nothing of it runs foreign code.
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes an item, or counts it as lost.
    pub(crate) fn push(&self, item: T) {
        let load = Load::of(&item);
        let pushed = self.lock().push(item, load, &self.limits);
        // A lost item is dropped here, outside of the lock.
        if let Ok(true) = pushed {
            self.changed.notify_one();
        }
    }

    /// What the pipeline has to do now.
    pub(crate) fn step(&self) -> Step<T> {
        self.lock().step(&self.limits, Instant::now())
    }

    /// Waits until something happens that [`step`](Self::step) may depend on.
    pub(crate) async fn changed(&self) {
        self.changed.notified().await;
    }

    /// Ends the batch under way: so many items are written, the others lost for `reason`.
    pub(crate) fn settle(&self, written: u64, reason: Reason) {
        self.publish(|state| state.settle(written, reason));
    }

    /// Loses everything that is here, and everything that will come.
    pub(crate) fn abandon(&self, reason: Reason) {
        let waiting = self.publish(|state| state.abandon(reason));
        drop(waiting);
    }

    /// Counts what came, but was lost before it could be pushed.
    pub(crate) fn refuse(&self, count: u64, reason: Reason) {
        self.lock().refuse(count, reason);
    }

    /// The pipeline is to hurry, since [`close`](Self::close) comes soon, after a last push.
    pub(crate) fn end(&self) {
        self.lock().end();
        self.changed.notify_one();
    }

    /// Lets nothing in any more; the pipeline is to end with what is here.
    pub(crate) fn close(&self) {
        self.lock().close();
        self.changed.notify_one();
    }

    pub(crate) fn is_closing(&self) -> bool {
        self.lock().is_closing()
    }

    /// Asks the pipeline to deliver what is here without waiting, for
    /// [`settled`](Self::settled) with the returned position.
    pub(crate) fn hurry(&self) -> u64 {
        let position = self.lock().hurry();
        self.changed.notify_one();
        position
    }

    /// How often a flush was requested. A pause ends when this changes.
    pub(crate) fn hurries(&self) -> u64 {
        self.lock().hurries()
    }

    /// Waits until everything up to `position` is written or lost.
    pub(crate) async fn settled(&self, position: u64) {
        // The sender lives in `self`: the only error cannot happen.
        let _ = self.left.subscribe().wait_for(|left| *left >= position).await;
    }

    /// Whether everything up to `position` is written or lost.
    pub(crate) fn has_left(&self, position: u64) -> bool {
        self.lock().left() >= position
    }

    /// The numbers.
    pub(crate) fn tally(&self) -> Tally {
        self.lock().tally()
    }

    fn publish<R>(&self, change: impl FnOnce(&mut State<T>) -> R) -> R {
        let mut state = self.lock();
        let result = change(&mut state);
        self.left.send_replace(state.left());
        result
    }
}
