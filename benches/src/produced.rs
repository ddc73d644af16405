use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use obs_core::export::{SpanRecord, SpanSink};
use obs_logging::Logging;
use obs_metrics::{Format, Metrics};
use obs_store_benches::{self as store, Operation};

/// What a row leaves behind, to be counted.
pub(crate) enum Produced {
    /// A row without a signal.
    Nothing,
    /// Metrics.
    Series(Arc<Metrics>),
    /// Metrics, lines and spans.
    Signals { metrics: Arc<Metrics>, logging: Logging, spans: Arc<CountSpans> },
    /// Lines.
    Lines { metrics: Arc<Metrics>, logging: Logging },
    /// Bytes that were redacted.
    Bytes(Arc<AtomicU64>),
    /// What the store did.
    Operation(Operation, Arc<store::Bench>),
}

/// Takes spans and drops them, as an exporter thread would.
#[derive(Default)]
pub(crate) struct CountSpans(AtomicU64);

impl SpanSink for CountSpans {
    fn push(&self, spans: Vec<SpanRecord>) {
        self.0.fetch_add(spans.len() as u64, Ordering::Relaxed);
    }
}

impl Produced {
    /// In words, after so many requests or operations.
    pub(crate) fn text(&self, done: u32) -> Result<String, String> {
        Ok(match self {
            Self::Nothing => "nothing, as meant".to_owned(),
            Self::Bytes(bytes) => format!("{} bytes redacted", bytes.load(Ordering::Relaxed)),
            Self::Operation(operation, bench) => store::produced(bench, *operation, done)?,
            Self::Series(metrics) => series(metrics)?,
            Self::Signals { metrics, logging, spans } => {
                let lines = lines(metrics, logging);
                let spans = spans.0.load(Ordering::Relaxed);
                format!("{}, {lines}, {spans} spans", series(metrics)?)
            }
            Self::Lines { metrics, logging } => lines(metrics, logging),
        })
    }
}

fn lines(metrics: &Metrics, logging: &Logging) -> String {
    let complete = logging.flush(Duration::from_secs(10));
    assert!(complete, "the lines of a bench go nowhere slow");
    let lines = sum(metrics, "obs_log_lines_written_total");
    let dropped = sum(metrics, "obs_log_lines_dropped_total{");
    format!("{lines} lines ({dropped} dropped)")
}

fn series(metrics: &Metrics) -> Result<String, String> {
    let text = metrics.render(Format::Text);
    let count = text.lines().filter(|line| line.starts_with("http_requests_total{")).count();
    match sum(metrics, "http_requests_total{") {
        0 => Err("no request was counted: what the row costs says nothing".to_owned()),
        requests => Ok(format!("{requests} requests in {count} series")),
    }
}

fn sum(metrics: &Metrics, series: &str) -> u64 {
    let text = metrics.render(Format::Text);
    let of_series = text.lines().filter(|line| line.starts_with(series));
    of_series.filter_map(|line| line.rsplit(' ').next()?.parse::<u64>().ok()).sum()
}
