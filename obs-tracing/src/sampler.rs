use obs_core::{TraceId, TraceState};

use crate::probability::{self, NEVER};

/// Decides at the beginning of a trace whether it is kept.
///
/// A ratio decides by the last 56 bits of the trace id, by the rule of OpenTelemetry's
/// [consistent probability sampling](https://opentelemetry.io/docs/specs/otel/trace/tracestate-probability-sampling/):
/// all services that follow it keep the same traces, whatever their language, and one with a greater
/// ratio keeps what one with a smaller ratio keeps.
///
/// ```
/// use obs_core::TraceId;
/// use obs_tracing::Sampler;
///
/// let tenth = Sampler::ratio(0.1).parent_based();
/// let high = TraceId::from_u128(0x00ff_ffff_ffff_ffff).unwrap();
/// assert!(tenth.decide(high, None) && !tenth.decide(high, Some(false)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sampler {
    /// Traces whose 56 random bits reach this are kept.
    threshold: u64,
    /// Whether the threshold stands for a probability.
    probability: bool,
    parent_based: bool,
}

impl Sampler {
    /// Keeps every trace.
    #[must_use]
    pub const fn always_on() -> Self {
        Self { threshold: 0, probability: false, parent_based: false }
    }

    /// Keeps no trace.
    #[must_use]
    pub const fn always_off() -> Self {
        Self { threshold: NEVER, probability: false, parent_based: false }
    }

    /// Keeps this share of all traces, 0 to 1; what is beyond is taken as 0 or 1, NaN as 0.
    ///
    /// The share is rounded to four hex digits: 0.1 is 0.100006. It goes on in the `tracestate`
    /// (`ot=th:e666`) of the traces that are kept by it, so that a backend can extrapolate counts.
    #[must_use]
    pub fn ratio(share: f64) -> Self {
        Self { threshold: probability::threshold(share), probability: true, parent_based: false }
    }

    /// Follows the caller's decision if there is a caller, else decides as before.
    #[must_use]
    pub const fn parent_based(mut self) -> Self {
        self.parent_based = true;
        self
    }

    /// Whether the trace is kept. `parent` is the decision of the caller, if there is one.
    #[inline]
    #[must_use]
    pub fn decide(&self, trace_id: TraceId, parent: Option<bool>) -> bool {
        self.decide_in(trace_id, None, parent)
    }

    /// The same for a caller that may have sent random bits in its `tracestate`.
    #[inline]
    pub(crate) fn decide_in(
        &self,
        trace_id: TraceId,
        state: Option<&TraceState>,
        parent: Option<bool>,
    ) -> bool {
        match parent {
            Some(sampled) if self.parent_based => sampled,
            _ => probability::randomness(trace_id, state) >= self.threshold,
        }
    }

    pub(crate) const fn is_parent_based(&self) -> bool {
        self.parent_based
    }

    /// The digits of the threshold, if it stands for a probability by which traces are kept.
    pub(crate) fn threshold(&self) -> Option<String> {
        let some = self.probability && self.threshold < NEVER;
        some.then(|| probability::digits(self.threshold))
    }
}

/// Every new trace is kept, and the caller's decision is followed: OpenTelemetry's
/// `parentbased_always_on`.
impl Default for Sampler {
    fn default() -> Self {
        Self::always_on().parent_based()
    }
}
