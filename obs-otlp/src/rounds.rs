//! What is read when its time comes, unlike what is pushed by whoever has it.

use std::time::{Duration, Instant};

use tokio::sync::watch;
use tokio::time::sleep_until;

use crate::queue::{Item, Limits, Queue};

/// Reads all there is to export, delivers it, and does so again: every interval, when somebody asks,
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
    /// `bytes` bounds what one round reads; every item is a request of its own.
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
            read().into_iter().for_each(|item| self.queue.push(item));
            if last {
                self.queue.close();
            }
            let position = self.queue.hurry();
            self.queue.settled(position).await;
            self.done.send_replace(if last { u64::MAX } else { round });
            if last {
                return;
            }
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
