use obs_core::{Finished, FinishedCall, Observer, RequestContext, RequestInfo};

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
///
/// The line of a request that made calls has their numbers, by kind: `database_calls`,
/// `cache_calls`, `http_calls`, `messaging_calls`, `other_calls`.
///
/// A call that takes longer than [`slow_call`](crate::LoggingSettings::slow_call) writes a line of its
/// own: level WARN, message `Slow call`, target `obs.calls`, the ids of its request and of its client
/// span, `kind`, `system`, `operation`, `call_target`, `duration_ms`, `outcome`, and `error` with the
/// causes, if there is one.
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

    #[inline]
    fn finish_call(&self, call: &mut FinishedCall<'_>) {
        if self.0.is_slow(call) {
            self.0.slow_call(call);
        }
    }
}
