use std::fmt;

use crate::trace::Hex;

/// The flags of a trace, one byte, as
/// [W3C Trace Context level 2](https://www.w3.org/TR/trace-context-2/#trace-flags) has them.
///
/// All eight bits are kept: a flag that this library does not know goes on to the next service as it came.
///
/// ```
/// use obs_core::TraceFlags;
///
/// let flags = TraceFlags::from_bits(0x02);
/// assert!(flags.is_random() && !flags.is_sampled());
/// assert_eq!(flags.with_sampled(true).bits(), 0x03);
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct TraceFlags(u8);

impl TraceFlags {
    /// The trace is kept (`01`).
    pub const SAMPLED: Self = Self(0x01);
    /// The last 56 bits of the trace id are random (`02`), so that a sampler can decide by them.
    pub const RANDOM: Self = Self(0x02);

    /// The flags of this byte.
    #[must_use]
    pub const fn from_bits(bits: u8) -> Self {
        Self(bits)
    }

    /// The byte.
    #[must_use]
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// Whether the trace is kept.
    #[inline]
    #[must_use]
    pub const fn is_sampled(self) -> bool {
        self.0 & Self::SAMPLED.0 != 0
    }

    /// Whether the last 56 bits of the trace id are random.
    #[must_use]
    pub const fn is_random(self) -> bool {
        self.0 & Self::RANDOM.0 != 0
    }

    /// The same flags with another decision; all other bits stay.
    #[inline]
    #[must_use]
    pub const fn with_sampled(self, sampled: bool) -> Self {
        Self(self.0 & !Self::SAMPLED.0 | sampled as u8)
    }

    /// The two digits.
    #[must_use]
    pub fn hex(self) -> Hex<2> {
        Hex::of(&[self.0])
    }
}

impl fmt::Display for TraceFlags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.hex().as_str())
    }
}

impl fmt::Debug for TraceFlags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.hex().as_str())
    }
}
