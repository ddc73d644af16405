//! One exemplar per bucket: the request that stands for the others.

use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use obs_core::source::{Exemplar, LabelSet};
use obs_core::{Finished, RequestId, TraceContext, UUID_TEXT};

/// What OpenMetrics allows for names and values together.
const MOST: usize = 128;
/// The least time between two writes to a bucket.
const SECOND: Duration = Duration::from_secs(1);
/// How many scrapes show an exemplar of a kept trace before one without a trace may follow.
const TRACE_STAYS: u32 = 4;

/// It is shown once before there is another one.
const TAKEN: u8 = 0;
/// Only a kept trace may take its place.
const FOR_TRACES: u8 = 1;
const FREE: u8 = 2;

/// At most one write per bucket, scrape and second, whatever the load. Buckets keep slow requests
/// apart from fast ones, and series those that failed: neither is displaced by what is common.
#[derive(Debug)]
pub(super) struct Exemplars(Box<[Slot]>);

#[derive(Debug)]
struct Slot {
    state: AtomicU8,
    kept: Mutex<Option<Box<Kept>>>,
}

#[derive(Clone, Debug)]
struct Kept {
    trace: Option<TraceContext>,
    request_id: RequestId,
    end: Instant,
    seconds: f64,
    at: Duration,
    scrapes: u32,
}

impl Exemplars {
    pub(super) fn new(buckets: usize) -> Self {
        let slot = || Slot { state: AtomicU8::new(FREE), kept: Mutex::default() };
        Self((0..buckets).map(|_| slot()).collect())
    }

    /// Offers the request as the exemplar of its bucket.
    #[inline]
    pub(super) fn offer(&self, bucket: usize, end: &Finished<'_>) {
        let Some(slot) = self.0.get(bucket) else { return };
        match slot.state.load(Ordering::Relaxed) {
            TAKEN => {}
            FOR_TRACES if !end.context.is_sampled() => {}
            _ => slot.write(end),
        }
    }

    /// Those of all buckets. From now on others may follow.
    pub(super) fn collect(&self) -> Vec<Exemplar> {
        let slots = self.0.iter().enumerate();
        slots.filter_map(|(bucket, slot)| slot.read()?.exemplar(bucket)).collect()
    }
}

impl Slot {
    #[cold]
    fn write(&self, end: &Finished<'_>) {
        let now = end.start + end.duration;
        // A scrape that reads it right now is not waited for.
        let Ok(mut kept) = self.kept.try_lock() else { return };
        if kept.as_ref().is_some_and(|old| now < old.end + SECOND) {
            return;
        }
        let trace = end.context.trace().filter(TraceContext::is_sampled);
        self.state.store(if trace.is_some() { TAKEN } else { FOR_TRACES }, Ordering::Relaxed);
        *kept = Some(Box::new(Kept {
            trace,
            request_id: end.context.request_id().clone(),
            end: now,
            seconds: end.duration.as_secs_f64(),
            at: end.clock.unix(now),
            scrapes: 0,
        }));
    }

    fn read(&self) -> Option<Kept> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = kept.as_deref_mut()?;
        kept.scrapes = kept.scrapes.saturating_add(1);
        let for_traces = kept.trace.is_some() && kept.scrapes < TRACE_STAYS;
        self.state.store(if for_traces { FOR_TRACES } else { FREE }, Ordering::Relaxed);
        Some(kept.clone())
    }
}

impl Kept {
    fn exemplar(&self, bucket: usize) -> Option<Exemplar> {
        let mut buffer = [0; UUID_TEXT];
        let request_id = self.request_id.encode(&mut buffer);
        let ids = self.trace.map(|trace| (trace.trace_id.hex(), trace.span_id.hex()));
        let mut labels: Vec<(&str, &str)> = Vec::with_capacity(3);
        if let Some((trace_id, span_id)) = &ids {
            labels.extend([("trace_id", trace_id.as_str()), ("span_id", span_id.as_str())]);
        }
        labels.push(("request_id", request_id));
        let length = |labels: &[(&str, &str)]| -> usize {
            labels.iter().map(|(name, value)| name.len() + value.len()).sum()
        };
        // Only an id that the client gave is that long.
        if length(&labels) > MOST {
            labels.pop();
        }
        let labels = LabelSet::new(&labels).ok().filter(|labels| !labels.text().is_empty())?;
        Some(Exemplar { bucket, labels, value: self.seconds, at: self.at })
    }
}
