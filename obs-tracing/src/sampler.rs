use obs_core::TraceId;

/// Decides at the beginning of a trace whether it is kept.
///
/// The decision depends on the trace id alone, by the rule of OpenTelemetry's
/// [`TraceIdRatioBased`](https://opentelemetry.io/docs/specs/otel/trace/sdk/#traceidratiobased) as
/// its Rust SDK has it, so that all services with the same ratio keep the same traces.
///
/// ```
/// use obs_core::TraceId;
/// use obs_tracing::Sampler;
///
/// let tenth = Sampler::ratio(0.1).parent_based();
/// let low = TraceId::from_u128(1).unwrap();
/// assert!(tenth.decide(low, None) && !tenth.decide(low, Some(false)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sampler {
    /// Traces with a lower half of the id below twice this are kept.
    bound: u64,
    parent_based: bool,
}

/// What the halved lower half of an id is always below.
const ALL: u64 = 1 << 63;

impl Sampler {
    /// Keeps every trace.
    #[must_use]
    pub const fn always_on() -> Self {
        Self { bound: ALL, parent_based: false }
    }

    /// Keeps no trace.
    #[must_use]
    pub const fn always_off() -> Self {
        Self { bound: 0, parent_based: false }
    }

    /// Keeps this share of all traces, 0 to 1; what is beyond is taken as 0 or 1, NaN as 0.
    #[must_use]
    pub fn ratio(share: f64) -> Self {
        if share >= 1.0 {
            return Self::always_on();
        }
        // A cast saturates, and takes NaN for 0.
        Self { bound: (share.max(0.0) * ALL as f64) as u64, parent_based: false }
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
        match parent {
            Some(sampled) if self.parent_based => sampled,
            _ => (trace_id.to_u128() as u64) >> 1 < self.bound,
        }
    }
}

/// Every new trace is kept, and the caller's decision is followed: OpenTelemetry's
/// `parentbased_always_on`.
impl Default for Sampler {
    fn default() -> Self {
        Self::always_on().parent_based()
    }
}
