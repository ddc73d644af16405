//! Trace ids, as the [W3C Trace Context](https://www.w3.org/TR/trace-context/) has them.

use std::fmt;
use std::num::{NonZeroU64, NonZeroU128};

use crate::TraceFlags;

/// The id of a trace: 16 bytes, not all zero, written as 32 lower-case hex digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TraceId(NonZeroU128);

/// The id of a span: 8 bytes, not all zero, written as 16 lower-case hex digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SpanId(NonZeroU64);

/// Where an exchange stands in its trace.
///
/// Send [`header`](Self::header) as `traceparent`, and
/// [`RequestContext::trace_state`](crate::RequestContext::trace_state) as `tracestate`, with every
/// call that is made for the exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TraceContext {
    /// The trace.
    pub trace_id: TraceId,
    /// The span of this exchange itself, chosen at its beginning. Where no spans are exported it is
    /// the caller's span, which the next service then continues.
    pub span_id: SpanId,
    /// The caller's span. `None` if there is no caller, and where no spans are exported.
    pub parent: Option<SpanId>,
    /// The flags as the caller sent them, except that the decision to keep the trace is this
    /// service's own. Decided once, at the beginning.
    pub flags: TraceFlags,
}

/// Length of the text that [`TraceContext::header`] makes.
pub(crate) const HEADER: usize = 55;

impl TraceContext {
    /// The value of a [`traceparent`](https://www.w3.org/TR/trace-context-2/#traceparent-header) or
    /// `traceresponse` header that names this exchange: version 00, with all flags.
    #[inline]
    #[must_use]
    pub fn header(&self) -> Hex<HEADER> {
        let mut text = *b"00-00000000000000000000000000000000-0000000000000000-00";
        text[3..35].copy_from_slice(self.trace_id.hex().as_bytes());
        text[36..52].copy_from_slice(self.span_id.hex().as_bytes());
        text[53..55].copy_from_slice(self.flags.hex().as_bytes());
        Hex(text)
    }

    /// Whether the trace is kept.
    #[inline]
    #[must_use]
    pub const fn is_sampled(&self) -> bool {
        self.flags.is_sampled()
    }
}

impl TraceId {
    /// A new random id.
    #[must_use]
    pub fn random() -> Self {
        let bits = u128::from(fastrand::u64(..)) << 64 | u128::from(fastrand::u64(1..));
        Self(NonZeroU128::new(bits).unwrap_or(NonZeroU128::MIN))
    }

    /// The id of these bytes, big-endian. `None` for zero.
    #[must_use]
    pub fn from_u128(bits: u128) -> Option<Self> {
        NonZeroU128::new(bits).map(Self)
    }

    /// The bytes as a number, big-endian.
    #[must_use]
    pub fn to_u128(self) -> u128 {
        self.0.get()
    }

    /// The 32 digits.
    #[must_use]
    pub fn hex(self) -> Hex<32> {
        Hex::of(&self.0.get().to_be_bytes())
    }
}

impl SpanId {
    /// A new random id.
    #[must_use]
    pub fn random() -> Self {
        Self(NonZeroU64::new(fastrand::u64(1..)).unwrap_or(NonZeroU64::MIN))
    }

    /// The id of these bytes, big-endian. `None` for zero.
    #[must_use]
    pub fn from_u64(bits: u64) -> Option<Self> {
        NonZeroU64::new(bits).map(Self)
    }

    /// The bytes as a number, big-endian.
    #[must_use]
    pub fn to_u64(self) -> u64 {
        self.0.get()
    }

    /// The 16 digits.
    #[must_use]
    pub fn hex(self) -> Hex<16> {
        Hex::of(&self.0.get().to_be_bytes())
    }
}

/// ASCII text of hex digits, without heap.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Hex<const N: usize>([u8; N]);

impl<const N: usize> Hex<N> {
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let mut digits = [b'0'; N];
        for (pair, byte) in digits.chunks_exact_mut(2).zip(bytes) {
            pair.copy_from_slice(&crate::hex::DIGITS[usize::from(*byte)]);
        }
        Self(digits)
    }

    /// The digits as bytes of ASCII.
    #[inline]
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; N] {
        &self.0
    }

    /// The digits as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // ASCII by construction.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl<const N: usize> fmt::Display for Hex<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl<const N: usize> fmt::Debug for Hex<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

macro_rules! text {
    ($($id:ident),*) => {$(
        impl fmt::Display for $id {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.hex().as_str())
            }
        }

        impl fmt::Debug for $id {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.hex().as_str())
            }
        }
    )*};
}

text!(TraceId, SpanId);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_as_text() {
        assert_eq!(TraceId::from_u128(0xab).unwrap().to_string(), format!("{:032x}", 0xab));
        assert_eq!(SpanId::from_u64(0x1).unwrap().to_string(), "0000000000000001");
        assert!(TraceId::from_u128(0).is_none() && SpanId::from_u64(0).is_none());
        assert_ne!(TraceId::random(), TraceId::random());
    }

    #[test]
    fn a_place_in_a_trace_as_header() {
        let (trace_id, span_id) = (TraceId::from_u128(0xab).unwrap(), SpanId::from_u64(7).unwrap());
        for bits in [0x00, 0x01, 0x02, 0x03, 0xa5, 0xff] {
            let flags = TraceFlags::from_bits(bits);
            let trace = TraceContext { trace_id, span_id, parent: None, flags };
            let expected =
                format!("00-000000000000000000000000000000ab-0000000000000007-{bits:02x}");
            assert_eq!(trace.header().as_str(), expected);
            assert_eq!(trace.is_sampled(), bits & 1 == 1);
        }
    }
}
