use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use obs_core::source::{Collector, Family, Histogram, Kind, Source, Value};
use obs_core::{Call, CallKind, CallObserver, CallOutcome};

/// How many names per kind get a series; the last is [`OTHER`].
const NAMES: usize = 64;
/// What further names share. A caller's own `other` is the same series: it must not be there twice.
const OTHER: &str = "other";
/// Upper bounds in seconds, for both families.
const BOUNDS: [f64; 10] = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0, 30.0];
const OUTCOMES: [CallOutcome; 3] =
    [CallOutcome::Success, CallOutcome::Error, CallOutcome::Cancelled];

/// Durations of outgoing calls.
#[derive(Debug, Default)]
pub(crate) struct CallMetrics {
    database: Names,
    external: Names,
}

/// Filled in order, never emptied: reading takes no lock.
#[derive(Debug)]
struct Names([OnceLock<Name>; NAMES]);

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

impl CallObserver for CallMetrics {
    fn finish(&self, call: &Call<'_>) {
        let names = match call.kind {
            CallKind::Database => &self.database,
            _ => &self.external,
        };
        let outcome = OUTCOMES.iter().position(|outcome| *outcome == call.outcome);
        if let Some(durations) =
            names.get(call.name).zip(outcome).map(|(name, at)| &name.outcomes[at])
        {
            let bucket = BOUNDS.partition_point(|bound| *bound < call.duration.as_secs_f64());
            durations.counts[bucket].fetch_add(1, Ordering::Relaxed);
            durations.nanos.fetch_add(call.duration.as_nanos() as u64, Ordering::Relaxed);
        }
    }
}

impl Default for Names {
    fn default() -> Self {
        Self([const { OnceLock::new() }; NAMES])
    }
}

impl Names {
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

impl Source for CallMetrics {
    fn collect(&self, out: &mut dyn Collector) {
        out.family(&Family {
            name: "db_query_duration_seconds",
            kind: Kind::Histogram,
            help: "Time of database queries, by type, whatever their outcome.",
        });
        for name in self.database.iter() {
            let mut counts = [0; BOUNDS.len() + 1];
            let sum = name.outcomes.iter().map(|durations| durations.read(&mut counts)).sum();
            let histogram = Histogram { bounds: &BOUNDS, counts: &counts, sum };
            out.sample(&[("query_type", &name.text)], Value::Histogram(histogram));
        }
        out.family(&Family {
            name: "db_errors_total",
            kind: Kind::Counter,
            help: "Database queries that failed.",
        });
        let errors = self.database.iter().map(|name| {
            let mut counts = [0; BOUNDS.len() + 1];
            name.outcomes[1].read(&mut counts);
            counts.iter().sum::<u64>()
        });
        out.sample(&[], Value::Integer(errors.sum()));
        out.family(&Family {
            name: "external_request_duration_seconds",
            kind: Kind::Histogram,
            help: "Time of requests to other services, by target and outcome.",
        });
        for name in self.external.iter() {
            for (outcome, durations) in OUTCOMES.iter().zip(&name.outcomes) {
                let mut counts = [0; BOUNDS.len() + 1];
                let sum = durations.read(&mut counts);
                let histogram = Histogram { bounds: &BOUNDS, counts: &counts, sum };
                out.sample(
                    &[("target", &name.text), ("outcome", outcome.as_str())],
                    Value::Histogram(histogram),
                );
            }
        }
    }
}
