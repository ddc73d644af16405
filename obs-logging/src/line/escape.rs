//! Text inside of a JSON string, as [RFC 8259](https://www.rfc-editor.org/rfc/rfc8259#section-7)
//! has it.

use obs_core::redact::triggers;

/// What a look at all bytes of a text found, eight at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Scan {
    /// There is something to escape.
    pub(crate) dirty: bool,
    /// There is a letter without which no credential is recognised.
    pub(crate) suspicious: bool,
}

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// Not zero if any byte of `word` is below `bound`, which is at most 128.
const fn below(word: u64, bound: u64) -> u64 {
    word.wrapping_sub(ONES * bound) & !word & HIGH
}

const fn equal(word: u64, byte: u8) -> u64 {
    below(word ^ (ONES * byte as u64), 1)
}

#[inline]
pub(crate) fn scan(text: &str) -> Scan {
    let (words, rest) = text.as_bytes().as_chunks::<8>();
    let mut last = [b' '; 8];
    last[..rest.len()].copy_from_slice(rest);
    let (mut dirty, mut suspicious) = (0, 0);
    for word in words.iter().chain(std::iter::once(&last)) {
        let word = u64::from_le_bytes(*word);
        dirty |= below(word, 0x20) | equal(word, b'"') | equal(word, b'\\');
        suspicious |= triggers(word);
    }
    Scan { dirty: dirty != 0, suspicious: suspicious != 0 }
}

/// What follows the backslash; `u` stands for the four digits, 0 for no escape at all.
static ESCAPES: [u8; 256] = {
    let mut escapes = [0; 256];
    let mut byte = 0;
    while byte < 0x20 {
        escapes[byte] = b'u';
        byte += 1;
    }
    escapes[0x08] = b'b';
    escapes[0x09] = b't';
    escapes[0x0a] = b'n';
    escapes[0x0c] = b'f';
    escapes[0x0d] = b'r';
    escapes[b'"' as usize] = b'"';
    escapes[b'\\' as usize] = b'\\';
    escapes
};

/// Appends `text` with its escapes.
pub(crate) fn escape(text: &str, out: &mut Vec<u8>) {
    let bytes = text.as_bytes();
    let mut clean = 0;
    for (at, byte) in bytes.iter().enumerate() {
        let letter = ESCAPES[usize::from(*byte)];
        if letter == 0 {
            continue;
        }
        out.extend_from_slice(&bytes[clean..at]);
        out.extend_from_slice(&[b'\\', letter]);
        if letter == b'u' {
            const DIGITS: &[u8; 16] = b"0123456789abcdef";
            let [high, low] = [byte >> 4, byte & 15].map(|half| DIGITS[usize::from(half)]);
            out.extend_from_slice(&[b'0', b'0', high, low]);
        }
        clean = at + 1;
    }
    out.extend_from_slice(&bytes[clean..]);
}

/// The longest beginning of `text` that takes at most `room` bytes with its escapes.
pub(crate) fn fitting(text: &str, room: usize) -> &str {
    let mut used = 0;
    for (at, letter) in text.char_indices() {
        used += match ESCAPES[usize::from(text.as_bytes()[at])] {
            0 => letter.len_utf8(),
            b'u' => 6,
            _ => 2,
        };
        if used > room {
            return &text[..at];
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn escaped(text: &str) -> String {
        let mut out = Vec::new();
        escape(text, &mut out);
        String::from_utf8(out).unwrap()
    }

    proptest! {
        #[test]
        fn any_text_comes_back(text in any::<String>()) {
            let json = format!("\"{}\"", escaped(&text));
            prop_assert_eq!(&json, &serde_json::to_string(&text).unwrap());
            prop_assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
        }

        #[test]
        fn control_characters_come_back(text in "[\\x00-\\x7f\u{80}-\u{2029}]{0,40}") {
            let json = format!("\"{}\"", escaped(&text));
            prop_assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
        }

        #[test]
        fn the_scan_sees_every_byte(text in "[c-z\\x00-\\x22=:Bb\\\\é\u{7f}\u{2028}]{0,40}") {
            let dirty = escaped(&text) != text;
            let suspicious = text.contains(['=', ':', 'b', 'B']);
            prop_assert_eq!(scan(&text), Scan { dirty, suspicious });
        }

        #[test]
        fn what_fits_fits_and_one_more_does_not(text in any::<String>(), room in 0_usize..64) {
            let part = fitting(&text, room);
            prop_assert!(escaped(part).len() <= room);
            if let Some(next) = text[part.len()..].chars().next() {
                let longer = &text[..part.len() + next.len_utf8()];
                prop_assert!(escaped(longer).len() > room);
            }
        }
    }
}
