//! Sources that the export thread reads periodically; spans and events are pushed to it instead.

use std::time::{Duration, Instant};
use std::vec;

use tokio::sync::watch;
use tokio::time::sleep_until;

use crate::queue::{Item, Limits, Queue};
use crate::reason::Reason;

/// Reads all there is to export, delivers it, and does so again: every interval, when a flush asks for it,
/// and once more at the end. A round begins when the one before it is delivered or lost.
pub(crate) struct Rounds<T> {
    pub(crate) queue: Queue<T>,
    asked: watch::Sender<Asked>,
    done: watch::Sender<u64>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Asked {
    round: u64,
    last: bool,
}

impl<T: Item> Rounds<T> {
    /// `bytes` bounds an item; each is a request of its own.
    pub(crate) fn new(bytes: usize) -> Self {
        let limits = Limits { bytes, batch_bytes: 1, interval: Duration::ZERO };
        Self {
            queue: Queue::new(limits),
            asked: watch::Sender::default(),
            done: watch::Sender::default(),
        }
    }

    /// Asks for a round, for [`settled`](Self::settled) with the returned number.
    pub(crate) fn hurry(&self) -> u64 {
        let mut round = 0;
        self.asked.send_modify(|asked| {
            asked.round += 1;
            round = asked.round;
        });
        // Ends a pause of the round under way.
        self.queue.hurry();
        round
    }

    pub(crate) async fn settled(&self, round: u64) {
        // The sender lives in `self`: the only error cannot happen.
        let _ = self.done.subscribe().wait_for(|done| *done >= round).await;
    }

    /// Asks for the last round.
    pub(crate) fn close(&self) {
        self.queue.end();
        self.asked.send_modify(|asked| asked.last = true);
    }

    /// Reads until it is closed; without an `interval` only when asked.
    pub(crate) async fn run(&self, interval: Option<Duration>, mut read: impl FnMut() -> Vec<T>) {
        let mut due = interval.map(|interval| Instant::now() + interval);
        loop {
            let Asked { round, last } = self.next(due).await;
            due = interval.map(|interval| Instant::now() + interval);
            self.deliver(read()).await;
            if last {
                self.queue.close();
            }
            self.done.send_replace(if last { u64::MAX } else { round });
            if last {
                return;
            }
        }
    }

    /// One item after the other: a round may be larger than the queue.
    async fn deliver(&self, items: Vec<T>) {
        let mut rest = Rest { queue: &self.queue, items: items.into_iter() };
        for item in rest.items.by_ref() {
            self.queue.push(item);
            let position = self.queue.hurry();
            self.queue.settled(position).await;
        }
    }

    async fn next(&self, due: Option<Instant>) -> Asked {
        let mut asked = self.asked.subscribe();
        let done = *self.done.borrow();
        let time = async {
            match due {
                Some(due) => sleep_until(due.into()).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = asked.wait_for(|asked| asked.last || asked.round > done) => {}
            () = time => {}
        }
        *self.asked.borrow()
    }
}

/// What a round has read and not pushed yet. Dropped in between, it is lost.
struct Rest<'a, T: Item> {
    queue: &'a Queue<T>,
    items: vec::IntoIter<T>,
}

impl<T: Item> Drop for Rest<'_, T> {
    fn drop(&mut self) {
        let count = self.items.as_slice().iter().map(Item::count).sum();
        self.queue.refuse(count, Reason::Shutdown);
    }
}
