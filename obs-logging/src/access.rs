use obs_core::{Finished, Observer, RequestContext, RequestInfo};

use crate::Logging;

/// Writes one line per finished request or job.
///
/// A request's line: message `HTTP Request`, target `obs.access`, the ids, `method`, `path` (never
/// the query), `route` (`unknown` if none matched), `status_code`, `duration_ms`, `outcome`, then
/// the [fields](RequestContext::add) that were added and `error` with the causes, if there is one. A
/// job's: message `Job`, `job`, `duration_ms`, `outcome`, fields and `error`; its outcome is
/// `failed` if it returned an error. The level is ERROR from status 500 up and for failed jobs, else
/// INFO.
///
/// The lines do not depend on the levels of other targets: they are written unless
/// [`access_log`](crate::LoggingSettings::access_log) is `false`, all targets are `off`, or the
/// levels name `obs.access` itself: `obs.access=error` keeps only the failures.
#[derive(Clone, Debug)]
pub struct AccessLog(Logging);

impl AccessLog {
    pub(crate) fn new(logging: Logging) -> Self {
        Self(logging)
    }
}

impl Observer for AccessLog {
    type State = ();

    fn begin(&self, _: &RequestInfo<'_>, _: &RequestContext) {}

    fn finish(&self, (): (), end: &Finished<'_>) {
        self.0.access(end);
    }
}
