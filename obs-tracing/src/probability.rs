//! Sampling with a probability that other services can read: OpenTelemetry's
//! [consistent probability sampling](https://opentelemetry.io/docs/specs/otel/trace/tracestate-probability-sampling/).
//!
//! A trace has 56 random bits, and a probability is a threshold that they must reach. The threshold
//! goes on in the entry `ot=th:…` of the `tracestate`.

use obs_core::{TraceId, TraceState};

/// The bits that decide.
const BITS: u32 = 56;
/// What no random bits reach.
pub(crate) const NEVER: u64 = 1 << BITS;
/// Hex digits of all bits.
const DIGITS: u32 = BITS / 4;
/// Digits that a threshold has, besides its leading `f`: the precision that the specification
/// recommends.
const PRECISION: u32 = 4;

/// The threshold of a probability from 0 to 1, rounded to [`PRECISION`].
pub(crate) fn threshold(share: f64) -> u64 {
    // A cast saturates, and takes NaN for 0.
    let kept = (share.clamp(0.0, 1.0) * NEVER as f64) as u64;
    if kept == 0 {
        return NEVER;
    }
    let leading = (u64::BITS - kept.leading_zeros()).abs_diff(BITS) / 4;
    let digits = (PRECISION + leading).min(DIGITS);
    let unit = 1 << (4 * (DIGITS - digits));
    let rounded = (NEVER - kept + unit / 2) / unit * unit;
    rounded.min(NEVER - unit)
}

/// The digits of a threshold, without the zeros at their end.
pub(crate) fn digits(threshold: u64) -> String {
    let all = format!("{threshold:014x}");
    let short = all.trim_end_matches('0');
    if short.is_empty() { "0".to_owned() } else { short.to_owned() }
}

/// The random bits of a trace: what `rv` in the `tracestate` says, else the end of the id.
pub(crate) fn randomness(trace_id: TraceId, state: Option<&TraceState>) -> u64 {
    let explicit = state.and_then(|state| subkeys(state).find_map(|part| part.strip_prefix("rv:")));
    let explicit = explicit.filter(|digits| {
        digits.len() == DIGITS as usize && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
    });
    explicit
        .and_then(|digits| u64::from_str_radix(digits, 16).ok())
        .unwrap_or(trace_id.to_u128() as u64 & (NEVER - 1))
}

/// The list after a decision of this service: with its threshold, if it kept the trace by one, and
/// without the threshold of another decision.
pub(crate) fn decided(state: TraceState, threshold: Option<&str>) -> Option<TraceState> {
    if threshold.is_none() && !subkeys(&state).any(|part| part.starts_with("th:")) {
        return Some(state);
    }
    let own = threshold.map(|digits| format!("th:{digits}"));
    let others = subkeys(&state).filter(|part| !part.starts_with("th:"));
    let parts: Vec<&str> = own.as_deref().into_iter().chain(others).collect();
    state.with("ot", (!parts.is_empty()).then(|| parts.join(";")).as_deref())
}

fn subkeys(state: &TraceState) -> impl Iterator<Item = &str> {
    state.get("ot").into_iter().flat_map(|value| value.split(';')).filter(|part| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table of the specification: 1 in N, with four digits of precision.
    #[test]
    fn thresholds_of_the_specification() {
        for (one_in, expected) in [
            (1, "0"),
            (2, "8"),
            (3, "aaab"),
            (4, "c"),
            (5, "cccd"),
            (8, "e"),
            (10, "e666"),
            (16, "f"),
            (100, "fd70a"),
            (1_000, "ffbe77"),
            (10_000, "fff9724"),
            (100_000, "ffff583a"),
            (1_000_000, "ffffef39"),
        ] {
            assert_eq!(digits(threshold(1.0 / f64::from(one_in))), expected, "1 in {one_in}");
        }
    }

    #[test]
    fn ends_of_the_range() {
        assert_eq!(threshold(0.0), NEVER);
        assert_eq!(threshold(f64::NAN), NEVER);
        assert_eq!(threshold(2.0_f64.powi(-57)), NEVER);
        assert_eq!(threshold(2.0_f64.powi(-56)), NEVER - 1);
        assert_eq!(digits(threshold(2.0_f64.powi(-56))), "ffffffffffffff");
        assert_eq!(threshold(0.999_999_9), 0, "rounded to four digits");
    }

    fn parse(text: &str) -> TraceState {
        TraceState::parse(text.as_bytes()).unwrap()
    }

    #[test]
    fn the_random_bits_of_a_trace() {
        let id = TraceId::from_u128(0x4bf9_2f35_77b3_4da6_a3ce_929d_0e0e_4736).unwrap();
        assert_eq!(randomness(id, None), 0xce_929d_0e0e_4736);
        let said = parse("a=1,ot=th:c;rv:0000000000000A");
        assert_eq!(randomness(id, Some(&said)), 0x0a);
        for invalid in ["ot=rv:0a", "ot=rv:+000000000000a", "ot=th:0a;rvx:00000000000000", "b=rv:0"]
        {
            assert_eq!(randomness(id, Some(&parse(invalid))), 0xce_929d_0e0e_4736, "{invalid}");
        }
    }

    #[test]
    fn a_decision_replaces_the_threshold_and_nothing_else() {
        let decided = |state, threshold| {
            let decided = decided(parse(state), threshold);
            decided.map(|state| state.to_string())
        };
        let is = |state: &str| Some(state.to_owned());
        assert_eq!(decided("a=1,b=2", Some("8")), is("ot=th:8,a=1,b=2"));
        assert_eq!(decided("a=1,ot=th:c", Some("8")), is("ot=th:8,a=1"));
        assert_eq!(
            decided("a=1,ot=rv:0123456789abcd;th:c;p:1,b=2", Some("8")),
            is("ot=th:8;rv:0123456789abcd;p:1,a=1,b=2")
        );
        assert_eq!(decided("a=1,ot=th:c;p:1", None), is("ot=p:1,a=1"));
        assert_eq!(decided("a=1,ot=th:c", None), is("a=1"));
        assert_eq!(decided("ot=th:c", None), None);
        assert_eq!(decided("a=1,ot=p:1", None), is("a=1,ot=p:1"), "nothing to change");
    }
}
