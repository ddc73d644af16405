//! Text inside of a JSON string, as [RFC 8259](https://www.rfc-editor.org/rfc/rfc8259#section-7)
//! has it. What commands a terminal or a viewer is escaped too.

use obs_core::is_display_control;
use obs_core::redact::is_trigger;

/// What one look at all bytes of a text found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Scan {
    /// There may be something to escape: there is a letter beyond ASCII, or one that is escaped.
    pub(crate) dirty: bool,
    /// There is a letter without which no credential is recognised.
    pub(crate) suspicious: bool,
}

const DIRTY: u8 = 1;
const SUSPICIOUS: u8 = 2;

/// What a byte says of its text.
static CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        if ESCAPES[byte] != 0 || byte >= 0x80 {
            classes[byte] |= DIRTY;
        }
        if is_trigger(byte as u8) {
            classes[byte] |= SUSPICIOUS;
        }
        byte += 1;
    }
    classes
};

#[inline]
pub(crate) fn scan(text: &str) -> Scan {
    let (words, rest) = text.as_bytes().as_chunks::<8>();
    let class = |found: u8, byte: &u8| found | CLASSES[usize::from(*byte)];
    let found = words.iter().fold(0, |found, word| word.iter().fold(found, class));
    let found = rest.iter().fold(found, class);
    Scan { dirty: found & DIRTY != 0, suspicious: found & SUSPICIOUS != 0 }
}

/// What follows the backslash; `u` stands for the four digits, `WIDE` for a look at the whole letter,
/// 0 for no escape at all.
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
    escapes[0x7f] = b'u';
    escapes[0xc2] = WIDE;
    escapes[0xd8] = WIDE;
    escapes[0xe2] = WIDE;
    escapes
};

/// With such a byte begins a letter of two or three bytes that may be escaped: U+0080 to U+009F,
/// U+061C, those of U+2000 to U+2069.
const WIDE: u8 = 1;

/// Appends `text` with its escapes.
pub(crate) fn escape(text: &str, out: &mut Vec<u8>) {
    let bytes = text.as_bytes();
    let mut clean = 0;
    for (at, byte) in bytes.iter().enumerate() {
        let (code, length) = match ESCAPES[usize::from(*byte)] {
            0 => continue,
            WIDE => match text[at..].chars().next() {
                Some(letter) if is_display_control(letter) => (letter as u32, letter.len_utf8()),
                _ => continue,
            },
            b'u' => (u32::from(*byte), 1),
            letter => {
                out.extend_from_slice(&bytes[clean..at]);
                out.extend_from_slice(&[b'\\', letter]);
                clean = at + 1;
                continue;
            }
        };
        out.extend_from_slice(&bytes[clean..at]);
        out.extend_from_slice(b"\\u");
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        out.extend([12, 8, 4, 0].map(|place| DIGITS[(code >> place) as usize & 15]));
        clean = at + length;
    }
    out.extend_from_slice(&bytes[clean..]);
}

/// The longest beginning of `text` that takes at most `room` bytes with its escapes.
pub(crate) fn fitting(text: &str, room: usize) -> &str {
    let mut used = 0;
    for (at, letter) in text.char_indices() {
        used += match ESCAPES[usize::from(text.as_bytes()[at])] {
            b'u' => 6,
            WIDE if is_display_control(letter) => 6,
            0 | WIDE => letter.len_utf8(),
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
            if !text.contains(is_display_control) {
                prop_assert_eq!(&json, &serde_json::to_string(&text).unwrap());
            }
            prop_assert!(!json.contains(is_display_control));
            prop_assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
        }

        #[test]
        fn control_characters_come_back(text in "[\\x00-\\x7f\u{80}-\u{9f}\u{61b}-\u{61d}\u{2000}-\u{2070}]{0,40}") {
            let json = format!("\"{}\"", escaped(&text));
            prop_assert!(!json.contains(is_display_control));
            prop_assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
        }

        #[test]
        fn the_scan_sees_every_byte(text in "[c-z\\x00-\\x22=:Bb\\\\é\u{7f}\u{2028}]{0,40}") {
            let dirty = escaped(&text) != text || !text.is_ascii();
            let suspicious = text.bytes().any(is_trigger);
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
