use std::borrow::Cow;
use std::time::{Duration, Instant};

use super::{CallOutcome, CallSite};
use crate::{Clock, ErrorRecord, FieldValue, Place, RequestContext};

/// A call that ended: the one record that every signal is derived from.
#[non_exhaustive]
pub struct FinishedCall<'a> {
    /// What was called.
    pub site: &'a CallSite,
    /// The request or job that it was part of.
    pub context: Option<&'a RequestContext>,
    /// The place of the client span in its trace. `None` if the trace is not kept.
    pub place: Option<&'a Place>,
    /// How it ended.
    pub outcome: CallOutcome,
    /// What went wrong, if the outcome is [`CallOutcome::Error`] and it is known.
    pub error: Option<&'a ErrorRecord>,
    /// The status of an HTTP response, if there was one.
    pub status: Option<u16>,
    /// What the driver added for the client span. Empty if the trace is not kept.
    pub attributes: Vec<(Cow<'static, str>, FieldValue)>,
    /// The clock of the stamps.
    pub clock: &'a Clock,
    /// When it began.
    pub start: Instant,
    /// How long it took.
    pub duration: Duration,
}

impl FinishedCall<'_> {
    /// What kind of error it was, with few values: the type of the error, `panic`, the status code of an
    /// HTTP response, or `cancelled` if the caller stopped waiting. `None` if it succeeded.
    #[must_use]
    pub fn error_type(&self) -> Option<Cow<'static, str>> {
        match (self.outcome, self.error, self.status) {
            (CallOutcome::Cancelled, ..) => Some("cancelled".into()),
            (CallOutcome::Success, ..) => None,
            (_, Some(error), _) => Some(error.kind.into()),
            (_, None, Some(status)) => Some(status.to_string().into()),
            // What the conventions call an error without a type.
            _ => Some("_OTHER".into()),
        }
    }
}

impl std::fmt::Debug for FinishedCall<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FinishedCall")
            .field("site", &self.site)
            .field("outcome", &self.outcome)
            .field("error", &self.error)
            .field("duration", &self.duration)
            .finish_non_exhaustive()
    }
}
