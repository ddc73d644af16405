//! Which bytes are worth a look: a text without one of them has no secret that is recognised.

/// Whether a secret may be recognised at `byte`. [`text`](super::text) never changes a text without
/// such a byte: what scans a text for other reasons can look for both at once.
#[must_use]
pub const fn is_trigger(byte: u8) -> bool {
    matches!(byte, b'=' | b':' | b'b' | b'B')
}

/// [`is_trigger`] of every byte: two instructions per byte of a text, however many there are.
static TRIGGERS: [bool; 256] = {
    let mut triggers = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        triggers[byte] = is_trigger(byte as u8);
        byte += 1;
    }
    triggers
};

/// Where the next trigger stands.
#[inline]
pub(super) fn next(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    let (words, _) = bytes.get(from..)?.as_chunks::<8>();
    for word in words {
        let any = word.iter().fold(false, |any, byte| any | TRIGGERS[usize::from(*byte)]);
        if any {
            break;
        }
        at += word.len();
    }
    let rest = bytes[at..].iter().position(|byte| TRIGGERS[usize::from(*byte)]);
    rest.map(|more| at + more)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_next_one_is_found(text in "[ac\u{1}é]{0,30}[ -~\u{1}é]{0,9}", from in 0_usize..40) {
            let bytes = text.as_bytes();
            let known = (from..bytes.len()).find(|at| is_trigger(bytes[*at]));
            prop_assert_eq!(next(bytes, from), known);
        }
    }
}
