//! Durations by a bounded name and an outcome: of calls, of jobs.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use obs_core::CallOutcome;
use obs_core::source::{Collector, Histogram, Value};

/// How many names per kind get a series; the last is [`OTHER`].
const NAMES: usize = 64;
/// What further names share. A caller's own `other` is the same series: it must not be there twice.
const OTHER: &str = "other";
/// Upper bounds in seconds, for both families.
const BOUNDS: [f64; 10] = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0, 30.0];
const OUTCOMES: [CallOutcome; 3] =
    [CallOutcome::Success, CallOutcome::Error, CallOutcome::Cancelled];

/// Filled in order, never emptied: reading takes no lock.
#[derive(Debug)]
pub(crate) struct Names([OnceLock<Name>; NAMES]);

#[derive(Debug)]
struct Name {
    text: Box<str>,
    outcomes: [Durations; OUTCOMES.len()],
}

#[derive(Debug, Default)]
struct Durations {
    counts: [AtomicU64; BOUNDS.len() + 1],
    nanos: AtomicU64,
}

impl Default for Names {
    fn default() -> Self {
        Self([const { OnceLock::new() }; NAMES])
    }
}

impl Names {
    pub(crate) fn record(&self, name: &str, outcome: CallOutcome, duration: Duration) {
        let outcome = OUTCOMES.iter().position(|known| *known == outcome);
        if let Some(durations) = self.get(name).zip(outcome).map(|(name, at)| &name.outcomes[at]) {
            let bucket = BOUNDS.partition_point(|bound| *bound < duration.as_secs_f64());
            durations.counts[bucket].fetch_add(1, Ordering::Relaxed);
            durations.nanos.fetch_add(duration.as_nanos() as u64, Ordering::Relaxed);
        }
    }

    /// A histogram per name, whatever the outcome.
    pub(crate) fn show(&self, label: &str, out: &mut dyn Collector) {
        for name in self.iter() {
            let mut counts = [0; BOUNDS.len() + 1];
            let sum = name.outcomes.iter().map(|durations| durations.read(&mut counts)).sum();
            let histogram = Histogram { bounds: &BOUNDS, counts: &counts, sum };
            out.sample(&[(label, &name.text)], Value::Histogram(histogram));
        }
    }

    /// A histogram per name and outcome.
    pub(crate) fn show_outcomes(&self, label: &str, out: &mut dyn Collector) {
        for name in self.iter() {
            for (outcome, durations) in OUTCOMES.iter().zip(&name.outcomes) {
                let mut counts = [0; BOUNDS.len() + 1];
                let sum = durations.read(&mut counts);
                let histogram = Histogram { bounds: &BOUNDS, counts: &counts, sum };
                let labels = [(label, &*name.text), ("outcome", outcome.as_str())];
                out.sample(&labels, Value::Histogram(histogram));
            }
        }
    }

    /// What ended with this outcome, whatever the name.
    pub(crate) fn count(&self, outcome: CallOutcome) -> u64 {
        let Some(at) = OUTCOMES.iter().position(|known| *known == outcome) else { return 0 };
        let of_name = |name: &Name| {
            let mut counts = [0; BOUNDS.len() + 1];
            name.outcomes[at].read(&mut counts);
            counts.iter().sum::<u64>()
        };
        self.iter().map(of_name).sum()
    }

    fn get(&self, text: &str) -> Option<&Name> {
        let (last, own) = self.0.split_last()?;
        for slot in own.iter().filter(|_| text != OTHER) {
            let name = slot.get_or_init(|| Name::new(text));
            if &*name.text == text {
                return Some(name);
            }
        }
        Some(last.get_or_init(|| Name::new(OTHER)))
    }

    fn iter(&self) -> impl Iterator<Item = &Name> {
        self.0.iter().filter_map(OnceLock::get)
    }
}

impl Name {
    fn new(text: &str) -> Self {
        Self { text: text.into(), outcomes: Default::default() }
    }
}

impl Durations {
    /// Adds these to `counts` and gives their sum in seconds.
    fn read(&self, counts: &mut [u64; BOUNDS.len() + 1]) -> f64 {
        for (total, count) in counts.iter_mut().zip(&self.counts) {
            *total += count.load(Ordering::Relaxed);
        }
        self.nanos.load(Ordering::Relaxed) as f64 / 1e9
    }
}
