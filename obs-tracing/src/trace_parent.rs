use std::fmt;

use obs_core::{SpanId, TraceFlags, TraceId};

/// A `traceparent` header as
/// [W3C Trace Context level 2](https://www.w3.org/TR/trace-context-2/#traceparent-header) has it.
///
/// ```
/// use obs_tracing::TraceParent;
///
/// let header = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
/// let parent = TraceParent::parse(header.as_bytes()).unwrap();
/// assert!(parent.flags.is_sampled());
/// assert_eq!(parent.to_string(), header);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TraceParent {
    /// The trace that the caller is in.
    pub trace_id: TraceId,
    /// The caller's span.
    pub span_id: SpanId,
    /// What the caller says of the trace: whether it is kept, for one.
    pub flags: TraceFlags,
}

/// Length of the header in version 00; later versions may append to it.
const LENGTH: usize = 55;
/// The flags whose meaning is known: all that is read of a later version.
const KNOWN_FLAGS: u8 = TraceFlags::SAMPLED.bits() | TraceFlags::RANDOM.bits();

impl TraceParent {
    /// Takes the header's value. `None` unless it is valid to the letter: lower-case digits, ids
    /// that are not zero, nothing after version 00. Of version 00 all flags are taken. A later version
    /// is read as far as 00 is known: ids, and the flags `sampled` and `random`. No more than the first
    /// 56 bytes are looked at.
    #[must_use]
    pub fn parse(value: &[u8]) -> Option<Self> {
        let (known, more) = value.split_at_checked(LENGTH)?;
        if [known[2], known[35], known[52]] != *b"---" {
            return None;
        }
        let flags = match number(&known[..2])? {
            0 if !more.is_empty() => return None,
            0 => 0xff,
            0xff => return None,
            _ if !matches!(more, [] | [b'-', ..]) => return None,
            _ => KNOWN_FLAGS,
        };
        let trace_id =
            u128::from(number(&known[3..19])?) << 64 | u128::from(number(&known[19..35])?);
        Some(Self {
            trace_id: TraceId::from_u128(trace_id)?,
            span_id: SpanId::from_u64(number(&known[36..52])?)?,
            flags: TraceFlags::from_bits(number(&known[53..])? as u8 & flags),
        })
    }
}

/// Version 00, with all flags.
impl fmt::Display for TraceParent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "00-{}-{}-{}", self.trace_id.hex(), self.span_id.hex(), self.flags.hex())
    }
}

/// At most 16 lower-case digits.
#[inline]
fn number(digits: &[u8]) -> Option<u64> {
    let mut number = 0;
    // Looked at once, at the end: a digit has no high bits.
    let mut seen = 0;
    for digit in digits {
        let value = VALUES[usize::from(*digit)];
        seen |= value;
        number = number << 4 | u64::from(value & 15);
    }
    (seen < 16).then_some(number)
}

/// The value of every digit, 255 for anything else.
static VALUES: [u8; 256] = values();

const fn values() -> [u8; 256] {
    let mut values = [255; 256];
    let mut value = 0;
    while value < 16 {
        values[b"0123456789abcdef"[value as usize] as usize] = value;
        value += 1;
    }
    values
}
