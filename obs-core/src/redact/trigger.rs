//! Which bytes are worth a look: a text without one of them has no secret that is recognised. The
//! bytes beside one leave few of them, so that most of a text costs no more than the look for them.

use super::name::may_end_name;
use super::prefix::may_end_prefix;

/// The kinds of triggers: a bit for each, with what has to stand beside it.
mod kind {
    /// The `=` of a pair: after a name.
    pub(super) const EQUALS: u16 = 1;
    /// The `:` of a pair: after a name, and not the first one of two.
    pub(super) const COLON: u16 = 1 << 1;
    /// The `:` of a URL: before a `/`.
    pub(super) const URL: u16 = 1 << 2;
    /// The `:` before a port or the token of a bot: before a digit, or between a digit and an `A`.
    pub(super) const NUMBER: u16 = 1 << 3;
    pub(super) const BOT: u16 = 1 << 4;
    /// An element: before its name.
    pub(super) const ELEMENT: u16 = 1 << 5;
    /// The `w` of password, passwd: after an `s`, before `o` or `d`.
    pub(super) const PASSWORD: u16 = 1 << 6;
    /// The `B` of Bearer, Basic and BY: at the beginning of a word, before `e`, `a` or `y`.
    pub(super) const SCHEME: u16 = 1 << 7;
    /// The `k` of token: between `o` and `e`.
    pub(super) const TOKEN: u16 = 1 << 8;
    /// The `J` of `eyJ`.
    pub(super) const JWT: u16 = 1 << 9;
    /// The `T` of OTP.
    pub(super) const OTP: u16 = 1 << 10;
    /// The `q` of requirepass.
    pub(super) const REDIS: u16 = 1 << 11;
    /// The `A` of `AIza`, `ATATT`, `AUTH` and others.
    pub(super) const ISSUER: u16 = 1 << 12;
    /// Arguments, encoded pairs, escaped elements: before a quote or a space, a `3`, an `l`.
    pub(super) const OPENING: u16 = 1 << 13;
    /// Tokens with a prefix: after what may end one.
    pub(super) const PREFIX: u16 = 1 << 14;
    /// Options and private keys: after a space or a quote, or before another `-`.
    pub(super) const DASH: u16 = 1 << 15;
}

use kind::{
    BOT, COLON, DASH, ELEMENT, EQUALS, ISSUER, JWT, NUMBER, OPENING, OTP, PASSWORD, PREFIX, REDIS,
    SCHEME, TOKEN, URL,
};

/// The kinds that `byte` may be.
const fn class(byte: u8) -> u16 {
    match byte {
        b'=' => EQUALS,
        b':' => COLON | URL | NUMBER | BOT,
        b'<' => ELEMENT,
        b'w' | b'W' => PASSWORD,
        b'b' | b'B' => SCHEME,
        b'k' | b'K' => TOKEN,
        b'J' => JWT,
        b'T' => OTP,
        b'q' => REDIS,
        b'A' => ISSUER,
        b'(' | b'%' | b'&' => OPENING,
        b'-' => PREFIX | DASH,
        b'_' | b'.' => PREFIX,
        _ => 0,
    }
}

/// The kinds before which `byte` may stand.
const fn before(byte: u8) -> u16 {
    let mut kinds = URL | NUMBER | ELEMENT | ISSUER | OPENING;
    if may_end_name(byte) {
        kinds |= EQUALS | COLON;
    }
    if byte.is_ascii_digit() {
        kinds |= BOT;
    }
    if !(byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')) {
        kinds |= SCHEME;
    }
    if may_end_prefix(byte) {
        kinds |= PREFIX;
    }
    if matches!(byte, b' ' | b'\t' | b'\n' | b'"' | b'\'' | b'`' | b'[' | b'(' | b'=' | b'-') {
        kinds |= DASH;
    }
    kinds
        | match byte {
            b's' | b'S' => PASSWORD,
            b'o' => TOKEN,
            b'O' => TOKEN | OTP,
            b'y' => JWT,
            b'e' | b'E' => REDIS,
            _ => 0,
        }
}

/// The kinds after which `byte` may stand.
const fn after(byte: u8) -> u16 {
    let mut kinds = EQUALS | JWT;
    if byte != b':' {
        kinds |= COLON;
    }
    if byte.is_ascii_digit() {
        kinds |= NUMBER;
    }
    if byte.is_ascii_alphanumeric() || byte == b'-' {
        kinds |= PREFIX | DASH;
    }
    if byte.is_ascii_alphanumeric() || byte == b'_' {
        kinds |= ELEMENT;
    }
    kinds
        | match byte {
            b'/' => URL,
            b'o' | b'O' | b'd' | b'D' => PASSWORD,
            b'e' | b'E' => SCHEME | TOKEN,
            b'a' | b'y' | b'Y' => SCHEME,
            b'A' => SCHEME | ISSUER | BOT,
            b'P' => OTP,
            b'u' | b'U' => REDIS | ISSUER,
            b'I' | b'T' | b'K' => ISSUER,
            b'"' | b'\'' | b' ' | b'\n' | b'\r' | b'\t' | b'3' | b'l' => OPENING,
            _ => 0,
        }
}

/// Whether a secret may be recognised at `byte`. [`text`](super::text) never changes a text without
/// such a byte: what scans a text for other reasons can look for both at once.
#[must_use]
pub const fn is_trigger(byte: u8) -> bool {
    class(byte) != 0
}

macro_rules! table {
    ($of:path => $none:literal) => {{
        let mut table = [$none; 256];
        let mut byte = 0;
        while byte < 256 {
            table[byte] = $of(byte as u8);
            byte += 1;
        }
        table
    }};
}

static TRIGGERS: [bool; 256] = table!(is_trigger => false);
static CLASSES: [u16; 256] = table!(class => 0);
static BEFORE: [u16; 256] = table!(before => 0);
static AFTER: [u16; 256] = table!(after => 0);

#[inline]
fn is_worth(before: u8, byte: u8, after: u8) -> bool {
    let [before, byte, after] = [before, byte, after].map(usize::from);
    TRIGGERS[byte] && CLASSES[byte] & BEFORE[before] & AFTER[after] != 0
}

/// Where the next trigger stands that is worth a look. Three instructions for each byte that is no
/// trigger, and some ten for one that has the wrong bytes beside it.
#[inline]
pub(super) fn next(bytes: &[u8], mut at: usize) -> Option<usize> {
    macro_rules! look {
        ($near:ident: $($nth:literal)*) => {
            $(if is_worth($near[$nth - 1], $near[$nth], $near[$nth + 1]) {
                return Some(at - 1 + $nth);
            })*
        };
    }
    // At the beginning of a text, and at its end, stands what stands there in a line.
    let beside = |at: usize| bytes.get(at).copied().unwrap_or(b'\n');
    let worth = |at: &usize| is_worth(beside(at.wrapping_sub(1)), bytes[*at], beside(at + 1));
    if at == 0 && !bytes.is_empty() {
        if worth(&0) {
            return Some(0);
        }
        at = 1;
    }
    while let Some(near) = bytes.get(at.wrapping_sub(1)..).and_then(<[u8]>::first_chunk::<14>) {
        look!(near: 1 2 3 4 5 6 7 8 9 10 11 12);
        at += 12;
    }
    while let Some(near) = bytes.get(at.wrapping_sub(1)..).and_then(<[u8]>::first_chunk::<5>) {
        look!(near: 1 2 3);
        at += 3;
    }
    (at..bytes.len()).find(worth)
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
                let beside = |at: Option<usize>| {
                    at.and_then(|at| bytes.get(at)).copied().unwrap_or(b'\n')
                };
                class(bytes[*at]) & before(beside(at.checked_sub(1))) & after(beside(Some(at + 1))) != 0
            };
            prop_assert_eq!(next(bytes, from), (from..bytes.len()).find(worth));
        }
    }
}
