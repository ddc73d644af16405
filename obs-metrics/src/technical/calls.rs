//! Outgoing calls as observations of the family of their kind.

use std::sync::{Arc, OnceLock};

use obs_core::{CallKind, CallOutcome, CallSite, FinishedCall, MAX_CALL_SITES, MAX_CALL_TEXT};

use crate::built_in::BuiltIn;
use crate::families::{CounterCell, HistogramCell, Series};
use crate::{LabelValues, Labels};

/// Sites in a chunk: memory is taken chunk by chunk.
const CHUNK: usize = 32;

/// The series of each call site, found by the number of the site.
#[derive(Debug, Default)]
pub(crate) struct Sites([OnceLock<Box<[OfSite; CHUNK]>>; MAX_CALL_SITES / CHUNK]);

/// The series of one call site, each resolved when it is first used. `None` if there is none: the
/// family is turned off, or another one has its name.
#[derive(Debug, Default)]
struct OfSite {
    /// By outcome.
    durations: [Resolved<HistogramCell>; 3],
    errors: Resolved<CounterCell>,
    /// Slow queries of a database; the operations of a cache.
    count: Resolved<CounterCell>,
}

pub(crate) type Resolved<C> = OnceLock<Option<Arc<Series<C>>>>;

impl Sites {
    #[inline]
    fn of(&self, site: &CallSite) -> Option<&OfSite> {
        let number = site.number()?;
        let chunk = self.0.get(number / CHUNK)?;
        chunk.get_or_init(Box::default).get(number % CHUNK)
    }
}

impl BuiltIn {
    /// An outgoing call ended.
    pub(crate) fn finish_call(&self, call: &FinishedCall<'_>) {
        let (site, outcome) = (call.site, call.outcome);
        let series = self.sites.of(site);
        let duration = series.map(|series| &series.durations[outcome as usize]);
        let seconds = call.duration.as_secs_f64();
        let target = Target(site);
        match site.kind() {
            CallKind::Database => {
                let query_type = QueryType(site);
                self.database.duration.observe_at(duration, &query_type, seconds);
                // 0 as well: the first one is to be an increase.
                let failed = u64::from(outcome == CallOutcome::Error);
                self.database.errors.add_at(series.map(|s| &s.errors), &query_type, failed);
                let slow = u64::from(call.duration > self.slow_query);
                self.database.slow.add_at(series.map(|s| &s.count), &query_type, slow);
            }
            CallKind::Cache => {
                let operation = Operation(site);
                self.caches.duration.observe_at(duration, &operation, seconds);
                self.caches.operations.add_at(series.map(|s| &s.count), &operation, 1);
            }
            CallKind::Messaging => {
                let labels = Outcome(target, outcome);
                self.external.messages.observe_at(duration, &labels, seconds);
            }
            _ => {
                let labels = Outcome(target, outcome);
                self.external.duration.observe_at(duration, &labels, seconds);
            }
        }
    }
}

/// What is called: the target, or the system if the site names none.
#[derive(Clone, Copy)]
struct Target<'a>(&'a CallSite);

impl<'a> Target<'a> {
    fn text(self) -> &'a str {
        let Self(site) = self;
        if site.target().is_empty() { site.system() } else { site.target() }
    }
}

/// The type of a query: its operation in lower case, as drivers and applications write it either way.
struct QueryType<'a>(&'a CallSite);

/// Cache and operation, in lower case.
struct Operation<'a>(&'a CallSite);

struct Outcome<'a>(Target<'a>, CallOutcome);

/// Calls `then` with the text in lower case. The text of a call site is bounded.
fn lower<R>(text: &str, then: impl FnOnce(&str) -> R) -> R {
    let mut buffer = [0; MAX_CALL_TEXT];
    let lower = buffer.get_mut(..text.len()).map(|lower| {
        lower.copy_from_slice(text.as_bytes());
        lower.make_ascii_lowercase();
        std::str::from_utf8(lower).unwrap_or(text)
    });
    then(lower.unwrap_or(text))
}

macro_rules! labels {
    ($($name:ident: |$labels:ident, $then:ident| $texts:expr;)+) => {$(
        impl Labels for $name<'_> {
            /// The family knows them: none is registered with this type.
            fn values() -> Vec<LabelValues> {
                Vec::new()
            }

            fn slot(&self) -> usize {
                0
            }

            fn texts<R>(&self, $then: impl FnOnce(&[&str]) -> R) -> R {
                let $labels = self;
                $texts
            }
        }
    )+};
}

labels! {
    QueryType: |labels, then| {
        let Self(site) = labels;
        let operation = if site.operation().is_empty() { Target(site).text() } else { site.operation() };
        lower(operation, |operation| then(&[operation]))
    };
    Operation: |labels, then| {
        let Self(site) = labels;
        lower(site.operation(), |operation| then(&[Target(site).text(), operation]))
    };
    Outcome: |labels, then| then(&[labels.0.text(), labels.1.as_str()]);
}
