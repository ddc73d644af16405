//! Which bytes are worth a look: a text without one of them has no secret that is recognised.

/// What stands beside a trigger, so that it is worth a look: a bit for each kind of trigger.
mod beside {
    /// Pairs and elements: whatever stands beside.
    pub(super) const ANY: u8 = 1;
    /// The `w` of password, passwd: after an `s`.
    pub(super) const PASSWORD: u8 = 1 << 1;
    /// The `B` of Bearer, Basic and BY: at the beginning of a word, before `e`, `a` or `y`.
    pub(super) const SCHEME: u8 = 1 << 2;
    /// The `k` of token: between `o` and `e`.
    pub(super) const TOKEN: u8 = 1 << 3;
    /// The `J` of `eyJ`, the `T` of OTP, the `q` of requirepass: after `y`, `O` or `e`.
    pub(super) const CAPITAL: u8 = 1 << 4;
    /// The `A` of `AIza`, `ATATT`, `AUTH` and others.
    pub(super) const ISSUER: u8 = 1 << 5;
    /// Arguments, encoded pairs, escaped elements: before a quote or a space, a `3`, an `l`.
    pub(super) const OPENING: u8 = 1 << 6;
    /// Options and tokens with a prefix: before a letter or another `-`.
    pub(super) const JOINT: u8 = 1 << 7;

    pub(super) const fn class(byte: u8) -> u8 {
        match byte {
            b'=' | b':' | b'<' => ANY,
            b'w' | b'W' => PASSWORD,
            b'b' | b'B' => SCHEME,
            b'k' | b'K' => TOKEN,
            b'J' | b'T' | b'q' => CAPITAL,
            b'A' => ISSUER,
            b'(' | b'%' | b'&' => OPENING,
            b'-' | b'_' | b'.' => JOINT,
            _ => 0,
        }
    }

    /// The kinds before which `byte` may stand.
    pub(super) const fn before(byte: u8) -> u8 {
        let own = match byte | 0x20 {
            b's' => PASSWORD,
            b'o' => TOKEN | CAPITAL,
            b'y' | b'e' => CAPITAL,
            _ => 0,
        };
        let word = byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        own | ANY | ISSUER | OPENING | JOINT | if word { 0 } else { SCHEME }
    }

    /// The kinds after which `byte` may stand.
    pub(super) const fn after(byte: u8) -> u8 {
        let own = match byte {
            b'e' | b'E' => SCHEME | TOKEN,
            b'a' | b'y' | b'Y' => SCHEME,
            b'A' => SCHEME | ISSUER,
            b'I' | b'T' | b'K' | b'U' => ISSUER,
            b'"' | b'\'' | b' ' | b'\n' | b'\r' | b'\t' | b'3' | b'l' => OPENING,
            b'-' => JOINT,
            _ => 0,
        };
        let joint = if byte.is_ascii_alphanumeric() { JOINT } else { 0 };
        own | joint | ANY | PASSWORD | CAPITAL
    }
}

/// Whether a secret may be recognised at `byte`. [`text`](super::text) never changes a text without
/// such a byte: what scans a text for other reasons can look for both at once.
#[must_use]
pub const fn is_trigger(byte: u8) -> bool {
    beside::class(byte) != 0
}

macro_rules! table {
    ($of:path) => {{
        let mut table = [0; 256];
        let mut byte = 0;
        while byte < 256 {
            table[byte] = $of(byte as u8);
            byte += 1;
        }
        table
    }};
}

static CLASSES: [u8; 256] = table!(beside::class);
static BEFORE: [u8; 256] = table!(beside::before);
static AFTER: [u8; 256] = table!(beside::after);

/// Where the next trigger stands that is worth a look.
#[inline]
pub(super) fn next(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        at = trigger(bytes, at)?;
        let of =
            |table: &[u8; 256], byte: Option<&u8>| byte.map_or(u8::MAX, |b| table[usize::from(*b)]);
        let before = of(&BEFORE, at.checked_sub(1).and_then(|at| bytes.get(at)));
        if CLASSES[usize::from(bytes[at])] & before & of(&AFTER, bytes.get(at + 1)) != 0 {
            return Some(at);
        }
        at += 1;
    }
}

/// Where the next trigger stands: three instructions per byte where there is none, and none for a
/// new start.
#[inline]
fn trigger(bytes: &[u8], mut at: usize) -> Option<usize> {
    let is = |byte: &u8| CLASSES[usize::from(*byte)] != 0;
    while let Some([a, b, c, d, e, f, g, h, i, j, k, l]) = bytes.get(at..)?.first_chunk::<12>() {
        let nth = match () {
            () if is(a) => 0,
            () if is(b) => 1,
            () if is(c) => 2,
            () if is(d) => 3,
            () if is(e) => 4,
            () if is(f) => 5,
            () if is(g) => 6,
            () if is(h) => 7,
            () if is(i) => 8,
            () if is(j) => 9,
            () if is(k) => 10,
            () if is(l) => 11,
            () => {
                at += 12;
                continue;
            }
        };
        return Some(at + nth);
    }
    bytes.get(at..)?.iter().position(is).map(|more| at + more)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_next_one_is_found(text in "[ac\u{1}é]{0,30}[ -~\u{1}é]{0,9}", from in 0_usize..40) {
            let bytes = text.as_bytes();
            let worth = |at: &usize| {
                let before = at.checked_sub(1).map_or(u8::MAX, |at| beside::before(bytes[at]));
                let after = bytes.get(at + 1).map_or(u8::MAX, |byte| beside::after(*byte));
                beside::class(bytes[*at]) & before & after != 0
            };
            prop_assert_eq!(next(bytes, from), (from..bytes.len()).find(worth));
        }
    }
}
