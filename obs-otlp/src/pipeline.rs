//! From a queue to its backend: batches, retries, the breaker.

use std::time::{Duration, Instant};

use tokio::time::{sleep_until, timeout};

use crate::backend::{Answer, Backend, Failure};
use crate::backoff::Backoff;
use crate::news::News;
use crate::queue::{Batch, Item as _, Queue, Step};
use crate::reason::Reason;

/// Attempts for one batch.
const ATTEMPTS: u32 = 5;
/// Attempts for one batch once the queue is closing, and the pause between them.
const LAST_ATTEMPTS: u32 = 3;
const LAST_PAUSE: Duration = Duration::from_millis(100);

pub(crate) struct Pipeline<'a, B: Backend> {
    queue: &'a Queue<B::Item>,
    backend: B,
    news: News,
    backoff: Backoff,
}

impl<'a, B: Backend> Pipeline<'a, B> {
    pub(crate) fn new(queue: &'a Queue<B::Item>, backend: B, news: News) -> Self {
        Self { queue, backend, news, backoff: Backoff::default() }
    }

    /// Delivers until the queue is closed and empty. May be dropped at any time: what is then
    /// under way is left to [`Queue::abandon`].
    pub(crate) async fn run(mut self) {
        loop {
            match self.queue.step() {
                Step::Deliver(batch) => self.deliver(batch).await,
                Step::Wait(None) => self.queue.changed().await,
                Step::Wait(Some(due)) => tokio::select! {
                    () = self.queue.changed() => {}
                    () = sleep_until(due.into()) => {}
                },
                Step::End => return,
            }
        }
    }

    async fn deliver(&mut self, batch: Batch<B::Item>) {
        let count = batch.load.count;
        let deadline = batch.items.iter().filter_map(|item| item.deadline()).min();
        if deadline.is_some_and(|deadline| deadline <= Instant::now()) {
            return self.queue.settle(0, Reason::Timeout);
        }
        let request = self.backend.encode(batch.items);
        for attempt in 1.. {
            let hurries = self.queue.hurries();
            match self.attempt(&request, deadline).await {
                Answer::Taken { rejected } => {
                    self.backoff.succeeded();
                    self.queue.settle(count.saturating_sub(rejected), Reason::Rejected);
                    match rejected {
                        0 => self.news.fine(),
                        _ => self.news.trouble(&format!("{rejected} of {count} were rejected")),
                    }
                    return;
                }
                Answer::Refused(text) => {
                    self.backoff.succeeded();
                    self.queue.settle(0, Reason::Rejected);
                    self.news.trouble(&text);
                    return;
                }
                Answer::Failed(failure) => {
                    self.news.trouble(&failure.text);
                    if self.failed(attempt, deadline, hurries, &failure).await {
                        return;
                    }
                }
            }
        }
    }

    async fn attempt(&mut self, request: &B::Request, deadline: Option<Instant>) -> Answer {
        let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
        let limit = self.backend.timeout().min(left.unwrap_or(Duration::MAX));
        match timeout(limit, self.backend.send(request)).await {
            Ok(answer) => answer,
            Err(_) => {
                self.backend.reconnect();
                let text = format!("no answer within {} ms", limit.as_millis());
                Answer::Failed(Failure { reason: Reason::Timeout, wait: None, text })
            }
        }
    }

    /// Waits for the next attempt. `true` if the batch is given up.
    async fn failed(
        &mut self,
        attempt: u32,
        deadline: Option<Instant>,
        hurries: u64,
        failure: &Failure,
    ) -> bool {
        let pause = self.backoff.failed(failure.wait);
        if self.queue.is_closing() {
            if failure.wait.is_some() || attempt >= LAST_ATTEMPTS {
                self.queue.abandon(failure.reason);
                return true;
            }
            sleep_until((Instant::now() + LAST_PAUSE.saturating_mul(attempt)).into()).await;
            return false;
        }
        let until = Instant::now() + pause;
        let given_up = attempt >= ATTEMPTS || deadline.is_some_and(|deadline| deadline <= until);
        if given_up {
            self.queue.settle(0, failure.reason);
        }
        self.pause(until, hurries, failure.wait.is_some()).await;
        if failure.wait.is_some() && Instant::now() < until {
            self.queue.abandon(failure.reason);
            return true;
        }
        given_up
    }

    /// Ends early if a flush is waiting; if the backend `asked` for the pause, only for the end.
    async fn pause(&self, until: Instant, hurries: u64, asked: bool) {
        let stop = || match asked {
            true => self.queue.is_closing(),
            false => self.queue.hurries() != hurries,
        };
        while !stop() {
            tokio::select! {
                () = self.queue.changed() => {}
                () = sleep_until(until.into()) => return,
            }
        }
    }
}
