use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::batches::Points;
use super::deltas::Deltas;
use super::snapshot::{Snapshot, Taken};
use crate::inputs::Inputs;
use crate::news::News;
use crate::queue::Queue;
use crate::target::{HistogramForm, MetricsTarget, TemporalityPreference};

/// Reads what a source shows, into requests.
pub(crate) struct Reader {
    started: Duration,
    timeout: Duration,
    temporality: TemporalityPreference,
    histograms: HistogramForm,
    bytes: usize,
    deltas: Arc<Mutex<Deltas>>,
}

impl Reader {
    /// `bytes` bounds a request, and what differences are made with.
    pub(crate) fn new(target: &MetricsTarget, bytes: usize) -> Self {
        Self {
            started: now(),
            timeout: target.timeout,
            temporality: target.temporality,
            histograms: target.histograms,
            bytes,
            deltas: Arc::new(Mutex::new(Deltas::new(bytes))),
        }
    }

    /// For the backend, which knows what the collector has taken.
    pub(crate) fn deltas(&self) -> Arc<Mutex<Deltas>> {
        Arc::clone(&self.deltas)
    }

    /// All there is now, each item a request.
    pub(crate) fn read(
        &self,
        inputs: &Inputs,
        queue: &Queue<Points>,
        faults: &mut News,
    ) -> Vec<Points> {
        let Some(source) = inputs.source.get().and_then(Weak::upgrade) else {
            return Vec::new();
        };
        let mut deltas = self.deltas.lock().unwrap_or_else(PoisonError::into_inner);
        deltas.begin();
        let mut snapshot = Snapshot {
            now: now(),
            started: self.started,
            temporality: self.temporality,
            histograms: self.histograms,
            deltas: &mut deltas,
            taken: Taken::new(self.bytes),
        };
        let collected = catch_unwind(AssertUnwindSafe(|| source.collect(&mut snapshot)));
        if collected.is_err() {
            faults.trouble("a source of metrics panicked");
        }
        let (points, lost) = snapshot.finish(Instant::now() + self.timeout);
        for (reason, count) in lost {
            queue.refuse(count, reason);
        }
        points
    }
}

fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}
