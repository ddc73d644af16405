use std::sync::Arc;

use obs_core::config::Reader;
use obs_core::export::{Envelope, EnvelopeSink, SpanSink};
use obs_core::{Clock, Lifecycle, ServiceIdentity};
use obs_errors::{ErrorSettings, Errors};
use obs_logging::{Logging, LoggingSettings};
use obs_metrics::{Metrics, MetricsSettings};
use obs_stack::Stack;
use obs_tracing::{ServerSpans, TracingSettings};

use crate::produced::{CountSpans, Produced};

/// RED metrics alone, with or without the request id in the response.
pub(crate) fn red(echo: bool) -> (Lifecycle<Stack>, Produced) {
    let metrics = Metrics::new(&MetricsSettings::default(), &ServiceIdentity::default());
    let lifecycle = Lifecycle::new(Stack::new().with_metrics(Arc::clone(metrics.http())));
    let mut ids = lifecycle.request_ids().clone();
    ids.echo = echo;
    (lifecycle.with_request_ids(ids), Produced::Series(Arc::new(metrics)))
}

/// All signals into sinks that cost nothing by themselves: as installed, without the outside. `share`
/// of the traces is kept; without it there are none.
pub(crate) fn signals(share: Option<f64>, errors: bool) -> (Lifecycle<Stack>, Produced) {
    let (service, clock) = (ServiceIdentity::default(), Clock::system());
    let mut json =
        Reader::from_lookup(|name| (name == "OBS_LOG_FORMAT").then(|| "json".to_owned()));
    let settings = LoggingSettings::read(&mut json);
    let logging =
        Logging::with_output(settings, &service, clock.clone(), Box::new(std::io::sink()));
    let spans = Arc::new(CountSpans::default());
    let metrics = Arc::new(Metrics::new(&MetricsSettings::default(), &service));
    metrics.add_source(Arc::new(logging.clone()));
    let mut stack =
        Stack::new().with_metrics(Arc::clone(metrics.http())).with_logging(logging.access_log());
    if let Some(share) = share {
        stack = stack.with_tracing(Arc::new(tracing(share, Arc::clone(&spans) as _)));
    }
    if errors {
        let mut dsn = Reader::from_lookup(|name| {
            (name == "SENTRY_DSN").then(|| "http://key@127.0.0.1:9/1".to_owned())
        });
        let settings = ErrorSettings::read(&mut dsn);
        stack = stack.with_errors(Errors::new(settings, &service, Arc::new(NoEvents)));
    }
    let lifecycle = Lifecycle::new(stack).with_clock(clock);
    (lifecycle, Produced::Signals { metrics, logging, spans })
}

fn tracing(share: f64, sink: Arc<dyn SpanSink>) -> ServerSpans {
    // The same traces are kept in every run.
    fastrand::seed(7);
    let mut ratio = Reader::from_lookup(|name| match name {
        "OTEL_TRACES_SAMPLER" => Some("parentbased_traceidratio".to_owned()),
        "OTEL_TRACES_SAMPLER_ARG" => Some(share.to_string()),
        _ => None,
    });
    ServerSpans::new(&TracingSettings::read(&mut ratio), Some(sink))
}

/// No request of the bench fails.
struct NoEvents;

impl EnvelopeSink for NoEvents {
    fn push(&self, _: Envelope) {}

    fn flush(&self, _: std::time::Duration) -> bool {
        true
    }
}
