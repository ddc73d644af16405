//! One exemplar per bucket: the request that stands for the others.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use obs_core::source::{Exemplar, LabelSet};
use obs_core::{Finished, RequestId, TraceContext, UUID_TEXT};

/// What OpenMetrics allows for names and values together.
const MOST: usize = 128;
/// How long the exemplar of a kept trace stays before one without a trace may take its place.
const TRACE_STAYS: Duration = Duration::from_secs(60);

/// At most one write per bucket and second, whatever the load. Buckets keep slow requests apart
/// from fast ones, and series those that failed: neither is displaced by what is common.
#[derive(Debug)]
pub(super) struct Exemplars {
    origin: Instant,
    buckets: Box<[Slot]>,
}

#[derive(Debug, Default)]
struct Slot {
    /// The first second that may write again.
    next: AtomicU32,
    kept: Mutex<Option<Box<Kept>>>,
}

#[derive(Clone, Debug)]
struct Kept {
    trace: Option<TraceContext>,
    request_id: RequestId,
    seconds: f64,
    at: Duration,
}

impl Exemplars {
    pub(super) fn new(buckets: usize, origin: Instant) -> Self {
        Self { origin, buckets: (0..buckets).map(|_| Slot::default()).collect() }
    }

    /// Offers the request as the exemplar of its bucket.
    #[inline]
    pub(super) fn offer(&self, bucket: usize, end: &Finished<'_>) {
        // The first second of the store is number 1.
        let second = end.start.saturating_duration_since(self.origin).as_secs() as u32 + 1;
        if let Some(slot) = self.buckets.get(bucket)
            && second >= slot.next.load(Ordering::Relaxed)
        {
            slot.write(second, end);
        }
    }

    pub(super) fn collect(&self) -> Vec<Exemplar> {
        let slots = self.buckets.iter().enumerate();
        slots.filter_map(|(bucket, slot)| slot.read()?.exemplar(bucket)).collect()
    }
}

impl Slot {
    #[cold]
    fn write(&self, second: u32, end: &Finished<'_>) {
        let next = self.next.load(Ordering::Relaxed);
        let claim =
            self.next.compare_exchange(next, second + 1, Ordering::Relaxed, Ordering::Relaxed);
        if next > second || claim.is_err() {
            return;
        }
        let new = Kept {
            trace: end.context.trace().filter(|trace| trace.sampled),
            request_id: end.context.request_id().clone(),
            seconds: end.duration.as_secs_f64(),
            at: end.clock.unix(end.start + end.duration),
        };
        // A scrape that reads it right now is not waited for.
        if let Ok(mut kept) = self.kept.try_lock()
            && kept.as_ref().is_none_or(|old| old.gives_way_to(&new))
        {
            *kept = Some(Box::new(new));
        }
    }

    fn read(&self) -> Option<Kept> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.as_deref().cloned()
    }
}

impl Kept {
    /// An exemplar whose trace can be looked at is worth more than one without.
    fn gives_way_to(&self, new: &Self) -> bool {
        new.trace.is_some() || self.trace.is_none() || new.at > self.at + TRACE_STAYS
    }

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
