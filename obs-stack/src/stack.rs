use std::sync::Arc;

use obs_core::{Finished, Observer, RequestContext, RequestInfo};
use obs_errors::Errors;
use obs_logging::AccessLog;
use obs_metrics::HttpMetrics;
use obs_tracing::{OpenSpan, ServerSpans};

/// The signals, each optional, in the one place that knows their order.
///
/// They begin in the order of the fields, because tracing chooses the ids that the others show, and
/// finish in the reverse order.
#[derive(Clone, Debug, Default)]
pub struct Stack {
    pub(crate) metrics: Option<Arc<HttpMetrics>>,
    pub(crate) tracing: Option<Arc<ServerSpans>>,
    pub(crate) logging: Option<AccessLog>,
    pub(crate) errors: Option<Errors>,
}

/// What the signals remember of one exchange.
#[derive(Debug)]
pub struct Open {
    tracing: Option<OpenSpan>,
}

impl Stack {
    /// A stack without signals: the lifecycle alone.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With RED metrics.
    #[must_use]
    pub fn with_metrics(mut self, metrics: Arc<HttpMetrics>) -> Self {
        self.metrics = Some(metrics);
        self
    }

    /// With trace ids and server spans.
    #[must_use]
    pub fn with_tracing(mut self, spans: Arc<ServerSpans>) -> Self {
        self.tracing = Some(spans);
        self
    }

    /// With an access line per request.
    #[must_use]
    pub fn with_logging(mut self, lines: AccessLog) -> Self {
        self.logging = Some(lines);
        self
    }

    /// With events for server errors and panics.
    #[must_use]
    pub fn with_errors(mut self, errors: Errors) -> Self {
        self.errors = Some(errors);
        self
    }
}

impl Observer for Stack {
    type State = Open;

    #[inline]
    fn begin(&self, request: &RequestInfo<'_>, context: &RequestContext) -> Open {
        if let Some(metrics) = &self.metrics {
            metrics.begin(request, context);
        }
        let tracing = self.tracing.as_ref().map(|spans| spans.begin(request, context));
        if let Some(lines) = &self.logging {
            lines.begin(request, context);
        }
        if let Some(errors) = &self.errors {
            errors.begin(request, context);
        }
        Open { tracing }
    }

    #[inline]
    fn finish(&self, open: Open, end: &Finished<'_>) {
        if let Some(errors) = &self.errors {
            errors.finish((), end);
        }
        if let Some(lines) = &self.logging {
            lines.finish((), end);
        }
        if let (Some(spans), Some(span)) = (&self.tracing, open.tracing) {
            spans.finish(span, end);
        }
        if let Some(metrics) = &self.metrics {
            metrics.finish((), end);
        }
    }
}
