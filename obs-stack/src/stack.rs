use std::sync::Arc;

use obs_core::{Finished, Observer, RequestContext, RequestInfo};
use obs_metrics::HttpMetrics;

/// The signals, each optional, in the one place that knows their order.
///
/// They begin in the order of the fields and finish in the reverse order.
#[derive(Clone, Debug, Default)]
pub struct Stack {
    pub(crate) metrics: Option<Arc<HttpMetrics>>,
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
}

impl Observer for Stack {
    type State = ();

    #[inline]
    fn begin(&self, request: &RequestInfo<'_>, context: &RequestContext) {
        if let Some(metrics) = &self.metrics {
            metrics.begin(request, context);
        }
    }

    #[inline]
    fn finish(&self, (): (), end: &Finished<'_>) {
        if let Some(metrics) = &self.metrics {
            metrics.finish((), end);
        }
    }
}
