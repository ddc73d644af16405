use std::time::Duration;

use crate::queue::Item;
use crate::reason::Reason;

/// Where a pipeline delivers to.
pub(crate) trait Backend {
    type Item: Item;
    /// What one attempt sends; made once for all attempts.
    type Request;

    fn encode(&self, items: Vec<Self::Item>) -> Self::Request;

    async fn send(&mut self, request: &Self::Request) -> Answer;

    /// How long [`send`](Self::send) may take.
    fn timeout(&self) -> Duration;

    /// Gives up the connections: an answer was overdue, they may be dead.
    fn reconnect(&mut self);
}

/// How an attempt ended.
#[derive(Debug, PartialEq)]
pub(crate) enum Answer {
    /// All is taken but so many.
    Taken { rejected: u64 },
    /// Nothing is taken, and trying again would not help. Says why.
    Refused(String),
    /// Nothing is taken; it may be later.
    Failed(Failure),
}

/// An attempt that is worth another one.
#[derive(Debug, PartialEq)]
pub(crate) struct Failure {
    /// What counts if it was the last attempt.
    pub(crate) reason: Reason,
    /// How long the backend asks to be left alone.
    pub(crate) wait: Option<Duration>,
    /// For the log.
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn unreachable(text: String) -> Self {
        Self::Failed(Failure { reason: Reason::Unreachable, wait: None, text })
    }
}
