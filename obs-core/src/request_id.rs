use std::fmt;
use std::time::Duration;

use crate::TraceId;
use crate::hex::DIGITS;

/// Longest request id that is accepted, in bytes.
pub const MAX_REQUEST_ID: usize = 128;

/// The id of one request: taken from the client if acceptable, else the id of a trace that starts
/// with the request, else generated.
///
/// Acceptable is 1..=128 bytes of `[A-Za-z0-9._:/+=@-]`, so that an id can stand in a header, a
/// log line and a label without escaping. The id of a trace is its 32 hex digits. A generated id is a
/// UUID version 7 ([RFC 9562](https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-7)): ordered by
/// time. Both are made without heap and without locks.
#[derive(Clone)]
pub struct RequestId(Repr);

#[derive(Clone)]
enum Repr {
    Generated(u128),
    Trace(TraceId),
    Given(Box<str>),
}

impl RequestId {
    /// Takes an id of the client's. `None` if it is not acceptable.
    ///
    /// ```
    /// use obs_core::RequestId;
    ///
    /// assert_eq!(RequestId::accept(b"order-42").unwrap().to_string(), "order-42");
    /// assert!(RequestId::accept(b"two\r\nlines").is_none());
    /// ```
    #[must_use]
    pub fn accept(text: &[u8]) -> Option<Self> {
        let acceptable = (1..=MAX_REQUEST_ID).contains(&text.len())
            && text.iter().all(|byte| byte.is_ascii_alphanumeric() || b"._:/+=@-".contains(byte));
        let text = std::str::from_utf8(text).ok().filter(|_| acceptable)?;
        Some(Self(Repr::Given(text.into())))
    }

    /// A new id for a request that began at `unix` (time since the Unix epoch).
    #[must_use]
    pub fn generate(unix: Duration) -> Self {
        const VERSION_7: u128 = 0x7 << 76;
        const VARIANT: u128 = 0b10 << 62;
        const RANDOM: u128 = (0xfff << 64) | (u64::MAX >> 2) as u128;
        let millis = u128::from(unix.as_secs()) * 1000 + u128::from(unix.subsec_millis());
        let random = u128::from(fastrand::u64(..)) << 64 | u128::from(fastrand::u64(..));
        Self(Repr::Generated((millis << 80) | VERSION_7 | VARIANT | (random & RANDOM)))
    }

    /// The id of a trace, as the id of the request that it is about.
    #[inline]
    #[must_use]
    pub const fn of_trace(trace_id: TraceId) -> Self {
        Self(Repr::Trace(trace_id))
    }

    /// The text of the id, in a buffer of the caller's; no heap.
    #[must_use]
    pub fn encode<'a>(&'a self, buffer: &'a mut [u8; UUID_TEXT]) -> &'a str {
        // ASCII by construction.
        std::str::from_utf8(self.encode_bytes(buffer)).unwrap_or_default()
    }

    #[inline]
    pub(crate) fn encode_bytes<'a>(&'a self, buffer: &'a mut [u8; UUID_TEXT]) -> &'a [u8] {
        match &self.0 {
            Repr::Given(text) => text.as_bytes(),
            Repr::Trace(id) => {
                let digits = id.hex();
                let text = &mut buffer[..digits.as_bytes().len()];
                text.copy_from_slice(digits.as_bytes());
                text
            }
            Repr::Generated(id) => {
                hyphenated(*id, buffer);
                buffer
            }
        }
    }
}

/// Length of a UUID as text: the size of the buffer for [`RequestId::encode`].
pub const UUID_TEXT: usize = 36;

fn hyphenated(id: u128, text: &mut [u8; UUID_TEXT]) {
    /// Where the two digits of each byte stand.
    const AT: [usize; 16] = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];
    *text = [b'-'; UUID_TEXT];
    for (byte, at) in id.to_be_bytes().into_iter().zip(AT) {
        [text[at], text[at + 1]] = DIGITS[usize::from(byte)];
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.encode(&mut [0; UUID_TEXT]))
    }
}

impl fmt::Debug for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RequestId({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn generated_ids_are_uuids_in_order_of_time() {
        let early = RequestId::generate(Duration::from_millis(1_700_000_000_000)).to_string();
        let late = RequestId::generate(Duration::from_millis(1_700_000_000_001)).to_string();
        assert!(early < late, "{early} {late}");
        assert_eq!(early.len(), UUID_TEXT);
        assert!(early.starts_with("018bcfe5-6800-7"), "{early}");
        assert!(b"89ab".contains(&early.as_bytes()[19]), "{early}");
    }

    #[test]
    fn bounds_of_length() {
        assert!(RequestId::accept(b"").is_none());
        assert!(RequestId::accept(&[b'a'; 128]).is_some());
        assert!(RequestId::accept(&[b'a'; 129]).is_none());
    }

    proptest! {
        #[test]
        fn accepted_ids_come_back_unchanged(text in "[A-Za-z0-9._:/+=@-]{1,128}") {
            prop_assert_eq!(RequestId::accept(text.as_bytes()).unwrap().to_string(), text);
        }

        #[test]
        fn nothing_else_is_accepted(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let fine = (1..=128).contains(&bytes.len())
                && bytes.iter().all(|b| matches!(b, b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9'
                    | b'.' | b'_' | b':' | b'/' | b'+' | b'=' | b'@' | b'-'));
            prop_assert_eq!(RequestId::accept(&bytes).is_some(), fine);
        }

        #[test]
        fn generated_ids_are_acceptable(millis in 0_u64..1 << 48) {
            let id = RequestId::generate(Duration::from_millis(millis)).to_string();
            prop_assert!(RequestId::accept(id.as_bytes()).is_some());
        }
    }
}
