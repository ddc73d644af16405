//! The queues of the export thread, one per signal.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use obs_core::export::{Envelope, SpanRecord};

use crate::gateway::Exposition;
use crate::metrics::Points;
use crate::queue::{Item, Queue, Tally};
use crate::reason::Reason;
use crate::rounds::Rounds;
use crate::signal::Signal;

/// One way out: of what is pushed, or of what is read when its time comes.
pub(crate) trait Outlet: Send + Sync {
    /// Asks for what is here, for [`settled`](Self::settled) with the returned position.
    fn hurry(&self) -> u64;
    /// Waits until everything up to `position` is written or lost.
    fn settled(&self, position: u64) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;
    /// Delivers what is here, and lets nothing in any more.
    fn close(&self);
    /// Loses everything that is here, and everything that will come.
    fn abandon(&self, reason: Reason);
    fn tally(&self) -> Tally;
}

impl<T: Item> Outlet for Queue<T> {
    fn hurry(&self) -> u64 {
        self.hurry()
    }

    fn settled(&self, position: u64) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(self.settled(position))
    }

    fn close(&self) {
        self.close();
    }

    fn abandon(&self, reason: Reason) {
        self.abandon(reason);
    }

    fn tally(&self) -> Tally {
        self.tally()
    }
}

impl<T: Item> Outlet for Rounds<T> {
    fn hurry(&self) -> u64 {
        self.hurry()
    }

    fn settled(&self, round: u64) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(self.settled(round))
    }

    fn close(&self) {
        self.close();
    }

    fn abandon(&self, reason: Reason) {
        self.queue.abandon(reason);
    }

    fn tally(&self) -> Tally {
        self.queue.tally()
    }
}

/// The ways out that there are.
#[derive(Clone, Default)]
pub(crate) struct Outlets {
    pub(crate) traces: Option<Arc<Queue<Vec<SpanRecord>>>>,
    pub(crate) errors: Option<Arc<Queue<Envelope>>>,
    pub(crate) metrics: Option<Arc<Rounds<Points>>>,
    pub(crate) pushes: Option<Arc<Rounds<Exposition>>>,
}

/// Up to where to wait, for each signal; `None` not at all.
pub(crate) type Positions = [Option<u64>; Signal::COUNT];

impl Outlets {
    /// Those that there are.
    pub(crate) fn all(&self) -> impl Iterator<Item = (Signal, &dyn Outlet)> {
        let all: [(Signal, Option<&dyn Outlet>); Signal::COUNT] = [
            (Signal::Traces, self.traces.as_deref().map(|outlet| outlet as _)),
            (Signal::Errors, self.errors.as_deref().map(|outlet| outlet as _)),
            (Signal::Metrics, self.metrics.as_deref().map(|outlet| outlet as _)),
            (Signal::Pushes, self.pushes.as_deref().map(|outlet| outlet as _)),
        ];
        all.into_iter().filter_map(|(signal, outlet)| Some((signal, outlet?)))
    }

    pub(crate) fn hurry(&self) -> Positions {
        let mut positions = Positions::default();
        for (signal, outlet) in self.all() {
            positions[signal as usize] = Some(outlet.hurry());
        }
        positions
    }

    pub(crate) async fn settled(&self, until: Positions) {
        // All hurry already, so that one after the other takes as long as the slowest.
        for (signal, outlet) in self.all() {
            if let Some(position) = until[signal as usize] {
                outlet.settled(position).await;
            }
        }
    }

    pub(crate) fn close(&self) {
        self.all().for_each(|(_, outlet)| outlet.close());
    }

    pub(crate) fn abandon(&self, reason: Reason) {
        self.all().for_each(|(_, outlet)| outlet.abandon(reason));
    }
}
