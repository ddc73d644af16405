use std::sync::Arc;

use obs_core::{
    CallSite, Finished, FinishedCall, Observer, Place, RequestContext, RequestInfo, TaskFailure,
    Work,
};

use crate::signals::{errors, logging, metrics, tracing};

/// The signals, each optional, in the one place that knows their order.
///
/// They begin in the order of the fields and finish in the reverse order. Tracing has chosen the ids,
/// which all of them show, before the first one begins.
#[derive(Clone, Debug, Default)]
pub struct Stack {
    pub(crate) metrics: Option<Arc<metrics::Observer>>,
    pub(crate) tracing: Option<Arc<tracing::Observer>>,
    pub(crate) logging: Option<logging::Observer>,
    pub(crate) errors: Option<errors::Observer>,
}

/// What the signals remember of one exchange.
#[derive(Debug)]
pub struct Open {
    tracing: Option<<tracing::Observer as Observer>::State>,
}

impl Stack {
    /// A stack without signals: the lifecycle alone.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With RED metrics.
    #[cfg(feature = "metrics")]
    #[must_use]
    pub fn with_metrics(mut self, metrics: Arc<metrics::Observer>) -> Self {
        self.metrics = Some(metrics);
        self
    }

    /// With trace ids and server spans.
    #[cfg(feature = "tracing")]
    #[must_use]
    pub fn with_tracing(mut self, spans: Arc<tracing::Observer>) -> Self {
        self.tracing = Some(spans);
        self
    }

    /// With an access line per request.
    #[cfg(feature = "logging")]
    #[must_use]
    pub fn with_logging(mut self, lines: logging::Observer) -> Self {
        self.logging = Some(lines);
        self
    }

    /// With events for server errors and panics.
    #[cfg(feature = "errors")]
    #[must_use]
    pub fn with_errors(mut self, errors: errors::Observer) -> Self {
        self.errors = Some(errors);
        self
    }
}

impl Observer for Stack {
    type State = Open;

    #[inline]
    fn place(&self, request: &RequestInfo<'_>) -> Option<Place> {
        self.tracing.as_ref()?.place(request)
    }

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

    fn discard(&self, open: Open, work: Work) {
        if let (Some(spans), Some(span)) = (&self.tracing, open.tracing) {
            spans.discard(span, work);
        }
        if let Some(metrics) = &self.metrics {
            metrics.discard((), work);
        }
    }

    fn task_failed(&self, failure: &TaskFailure<'_>) {
        if let Some(errors) = &self.errors {
            errors.task_failed(failure);
        }
        if let Some(metrics) = &self.metrics {
            metrics.task_failed(failure);
        }
    }

    #[inline]
    fn begin_call(&self, site: &CallSite, context: Option<&RequestContext>) -> Option<Place> {
        self.tracing.as_ref().and_then(|spans| spans.begin_call(site, context))
    }

    #[inline]
    fn finish_call(&self, call: &mut FinishedCall<'_>) {
        if let Some(lines) = &self.logging {
            lines.finish_call(call);
        }
        if let Some(spans) = &self.tracing {
            spans.finish_call(call);
        }
        if let Some(metrics) = &self.metrics {
            metrics.finish_call(call);
        }
    }
}
