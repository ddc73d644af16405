const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// Not zero in the byte of the first `=`, `:`, `b` or `B` of eight bytes, little end first; zero
/// if there is none. [`text`](super::text) never changes a text without one of them.
#[inline]
#[must_use]
pub const fn triggers(word: u64) -> u64 {
    equal(word, b'=') | equal(word, b':') | equal(word | (ONES * 0x20), b'b')
}

const fn equal(word: u64, byte: u8) -> u64 {
    let other = word ^ (ONES * byte as u64);
    other.wrapping_sub(ONES) & !other & HIGH
}

/// Where the next trigger stands.
pub(super) fn next(bytes: &[u8], from: usize) -> Option<usize> {
    let (words, rest) = bytes.get(from..)?.as_chunks::<8>();
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    let found = |nth: usize, word: [u8; 8]| {
        let found = triggers(u64::from_le_bytes(word));
        (found != 0).then(|| from + nth * 8 + found.trailing_zeros() as usize / 8)
    };
    for (nth, word) in words.iter().enumerate() {
        if let Some(at) = found(nth, *word) {
            return Some(at);
        }
    }
    found(words.len(), last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_next_one_is_found(text in "[a-cB:=<>;\u{1}é]{0,40}", from in 0_usize..40) {
            let bytes = text.as_bytes();
            let known = (from..bytes.len()).find(|at| b"=:bB".contains(&bytes[*at]));
            prop_assert_eq!(next(bytes, from), known);
        }
    }
}
