use std::str::FromStr;

use crate::load::LINES_PER_HISTOGRAM;

/// What is done, with one library or another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Operation {
    /// Adds to the counter of three labels that are any text.
    CounterDynamic,
    /// Adds to the counter of three labels whose values are a closed set, without a handle.
    CounterClosed,
    /// Adds to a counter that was looked up before.
    CounterHandle,
    /// Observes with three labels that are any text.
    HistogramDynamic,
    /// Observes with three labels whose values are a closed set, without a handle.
    HistogramClosed,
    /// Observes with a histogram that was looked up before.
    HistogramHandle,
    /// Records the beginning and the end of a request. The clock is not read.
    RedRecord,
    /// Writes 1 000 counters as text.
    EncodeCounters1k,
    /// Writes 10 000 counters as text.
    EncodeCounters10k,
    /// Writes 1 000 histograms as text.
    EncodeHistograms1k,
}

impl Operation {
    /// All operations, in the order of the tables.
    pub const ALL: [Self; 10] = [
        Self::RedRecord,
        Self::CounterDynamic,
        Self::CounterClosed,
        Self::CounterHandle,
        Self::HistogramDynamic,
        Self::HistogramClosed,
        Self::HistogramHandle,
        Self::EncodeCounters1k,
        Self::EncodeCounters10k,
        Self::EncodeHistograms1k,
    ];

    /// The name on the command line and in `budgets.toml`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::CounterDynamic => "counter-3-dynamic",
            Self::CounterClosed => "counter-3-closed",
            Self::CounterHandle => "counter-handle",
            Self::HistogramDynamic => "histogram-3-dynamic",
            Self::HistogramClosed => "histogram-3-closed",
            Self::HistogramHandle => "histogram-handle",
            Self::RedRecord => "red-record",
            Self::EncodeCounters1k => "encode-counters-1k",
            Self::EncodeCounters10k => "encode-counters-10k",
            Self::EncodeHistograms1k => "encode-histograms-1k",
        }
    }

    /// How often it is done to be counted.
    #[must_use]
    pub const fn times(self) -> u32 {
        if self.lines().is_some() { 1 } else { 10_000 }
    }

    /// What [`Bench::seen`](crate::Bench::seen) must be after so many times: the counter's value or
    /// the number of observations; of an encoding its samples, each a line.
    #[must_use]
    pub const fn expected(self, times: u32) -> u64 {
        match self.lines() {
            Some(lines) => lines,
            None => times as u64,
        }
    }

    /// What [`expected`](Self::expected) counts.
    pub(crate) const fn what(self) -> &'static str {
        match self {
            Self::RedRecord => "requests",
            Self::HistogramDynamic | Self::HistogramClosed | Self::HistogramHandle => {
                "observations"
            }
            _ if self.lines().is_some() => "samples",
            _ => "counted",
        }
    }

    const fn lines(self) -> Option<u64> {
        match self {
            Self::EncodeCounters1k => Some(1000),
            Self::EncodeCounters10k => Some(10_000),
            Self::EncodeHistograms1k => Some(1000 * LINES_PER_HISTOGRAM),
            _ => None,
        }
    }
}

impl FromStr for Operation {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let operation = Self::ALL.into_iter().find(|operation| operation.name() == name);
        operation.ok_or_else(|| format!("no operation is called {name:?}: see --list"))
    }
}
