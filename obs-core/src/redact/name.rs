//! Names whose values are secrets: of headers, query parameters, fields, elements.

use super::letters::ends_with;

/// What a name says of its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Its value is a secret.
    Secret,
    /// Its value is a secret if it is random: letters with digits, of at least so many bytes.
    Random(usize),
    /// Its value is a secret if it is a number of 3 to 8 digits.
    Digits,
}

/// Whether the value of a field, a header or a variable of this name is a secret.
///
/// Compared without case, `-` and `_`; `SESSION_TOKEN` is one because it ends in `token`. `pass`
/// has to be a word of its own: `db_pass` is one, `bypass` is none.
#[must_use]
pub fn is_secret_name(name: &str) -> bool {
    kind(name.as_bytes()) == Some(Kind::Secret)
}

/// What the name that `text` ends in says of its value.
///
/// Asked for every field of every span and every pair of a text: no heap, and the last letter
/// decides in most cases.
pub(super) fn kind(text: &[u8]) -> Option<Kind> {
    if may_be_known(text) { kind_of_known(text) } else { None }
}

/// The same of a name that [may be known](may_be_known).
pub(super) fn kind_of_known(text: &[u8]) -> Option<Kind> {
    use Kind::{Digits, Random, Secret};
    let text = trimmed(text);
    // Most names are written as they are known. Else folded to a comparison with a constant.
    macro_rules! ends {
        ($($ending:literal)|+) => {
            $(ends_with(text, $ending.as_bytes()))||+ || has_separator(text) && {
                let letters = last_letters(text);
                $(letters & const { pack($ending).1 } == const { pack($ending).0 })||+
            }
        };
    }
    let word = |length: usize| begins_word(text, length);
    let secret = match &last_three(text) {
        b"sid" if word(3) => return Some(Random(8)),
        b"sid" if ends!("phpsessid") => true,
        b"sid" if ends!("sessid") => return Some(Random(8)),
        b"nid" if ends!("jsessionid") => true,
        b"nid" if ends!("sessionid") => return Some(Random(8)),
        b"ord" => ends!("password"),
        b"swd" => ends!("passwd"),
        b"pwd" | b"jwt" | b"dsn" => true,
        // Rails, Redis, Laravel.
        b"ase" => ends!("secretkeybase" | "passphrase"),
        b"nse" if ends!("response") => return Some(Random(32)),
        b"ure" if ends!("signature") => return Some(Random(8)),
        b"ode" if ends!("passcode") => true,
        b"ode" if word(4) && ends!("code") => {
            let digits =
                ends!("otpcode" | "pincode" | "mfacode" | "securitycode" | "verificationcode");
            return Some(if digits { Digits } else { Random(16) });
        }
        b"kie" => ends!("cookie"),
        b"srf" => ends!("csrf" | "xsrf"),
        b"sig" if word(3) => return Some(Random(8)),
        b"uth" if ends!("masterauth" | "requireauth") => true,
        b"uth" if word(4) && ends!("auth") => return Some(Random(8)),
        b"psk" => word(3),
        // OBS_PUSHGATEWAY_URL: it may carry a password.
        b"url" => ends!("pushgatewayurl"),
        b"ial" => ends!("credential"),
        b"eam" => ends!("honeycombteam"),
        b"pin" | b"otp" if word(3) => return Some(Digits),
        b"otp" if word(4) && ends!("totp") => return Some(Digits),
        b"cvv" | b"cvc" if word(3) => return Some(Digits),
        b"ion" if word(7) && ends!("session") => return Some(Random(8)),
        b"ion" => ends!("authorization" | "authentication"),
        b"ken" => ends!("token"),
        b"ier" if ends!("codeverifier") => return Some(Random(16)),
        b"ass" => (word(4) && ends!("pass")) || ends!("requirepass"),
        b"eds" => word(5) && ends!("creds"),
        b"als" => ends!("credentials"),
        b"rds" => ends!("passwords"),
        b"ets" => ends!("secrets"),
        // OTEL_EXPORTER_OTLP_HEADERS, OTEL_EXPORTER_OTLP_TRACES_HEADERS: they carry keys.
        b"ers" => ends!("otlpheaders" | "tracesheaders" | "metricsheaders" | "logsheaders"),
        b"ret" => ends!("secret"),
        b"nic" => ends!("mnemonic"),
        b"key" => {
            ends!(
                "apikey"
                    | "accesskey"
                    | "accountkey"
                    | "appkey"
                    | "applicationkey"
                    | "functionskey"
                    | "licensekey"
                    | "authkey"
                    | "deploykey"
                    | "encryptionkey"
                    | "hmackey"
                    | "masterkey"
                    | "privatekey"
                    | "secretkey"
                    | "sessionkey"
                    | "sharedkey"
                    | "signingkey"
                    | "storagekey"
                    | "subscriptionkey"
            )
        }
        [.., b'p', b'w'] => word(2),
        _ => false,
    };
    secret.then_some(Secret)
}

/// The last three letters of all these names, and of `name`, which names another pair.
const LAST: [&[u8; 3]; 40] = [
    b"ord", b"swd", b"pwd", b"sid", b"nid", b"kie", b"ase", b"ode", b"ure", b"srf", b"sig", b"uth",
    b"psk", b"ial", b"url", b"eam", b"pin", b"ion", b"ken", b"dsn", b"otp", b"otp", b"ier", b"ass",
    b"eds", b"als", b"rds", b"ets", b"ers", b"ret", b"jwt", b"cvv", b"cvc", b"key", b"nse", b"nic",
    b" pw", b"_pw", b"-pw", b"ame",
];

/// The last two of them, as [`pair`] mixes them, and all that have a separator.
static PAIRS: [bool; 1024] = {
    let mut pairs = [false; 1024];
    let mut nth = 0;
    while nth < LAST.len() {
        pairs[pair(LAST[nth][1], LAST[nth][2])] = true;
        nth += 1;
    }
    let mut byte = 0;
    while byte < 256 {
        pairs[pair(b'-', byte as u8)] = true;
        pairs[pair(b'_', byte as u8)] = true;
        pairs[pair(byte as u8, b'-')] = true;
        pairs[pair(byte as u8, b'_')] = true;
        byte += 1;
    }
    pairs
};

/// All three, as [`slot`] mixes them.
static ENDINGS: [bool; 1024] = {
    let mut endings = [false; 1024];
    let mut nth = 0;
    while nth < LAST.len() {
        let [a, b, c] = *LAST[nth];
        endings[slot(a, b, c)] = true;
        nth += 1;
    }
    endings
};

/// Whether the last letters leave it possible: two of them do for one name in ten, three for one in
/// fifty.
#[inline]
pub(super) fn may_be_known(text: &[u8]) -> bool {
    match *text {
        [.., b, c] if !PAIRS[pair(b, c)] => false,
        [.., a, b, c] if !(separates(a) || separates(b) || separates(c)) => ENDINGS[slot(a, b, c)],
        _ => may_be_known_apart(text),
    }
}

/// The same of letters with more separators between them.
#[cold]
fn may_be_known_apart(text: &[u8]) -> bool {
    let [a, b, c] = last_three(text);
    ENDINGS[slot(a, b, c)]
}

const fn separates(letter: u8) -> bool {
    matches!(letter, b'-' | b'_')
}

/// Whether a pair has `byte` before its `=` or `:`, because a known name ends in it, or because such
/// a byte may follow a name.
pub(super) const fn may_end_name(byte: u8) -> bool {
    let last = byte | 0x20;
    let mut nth = 0;
    while nth < LAST.len() {
        if LAST[nth][2] == last {
            return true;
        }
        nth += 1;
    }
    // `&quot;` ends in `;`, LDIF has `::`.
    after_name(byte) || matches!(byte, b'-' | b'_' | b';' | b':')
}

/// What may stand between a name and its `=` or `:`, as in `{"name":1}` and `form[name]=1`.
pub(super) const fn after_name(letter: u8) -> bool {
    matches!(letter, b'"' | b'\'' | b'`' | b'\\' | b']' | b' ')
}

/// Without case.
const fn pair(last_but_one: u8, last: u8) -> usize {
    (last_but_one as usize & 31) << 5 | last as usize & 31
}

/// Without case.
const fn slot(a: u8, b: u8, c: u8) -> usize {
    let [a, b, c] = [(a | 0x20) as usize, (b | 0x20) as usize, (c | 0x20) as usize];
    (a * 97 + b + c) & 1023
}

/// A letter of a name.
pub(super) fn of_name(letter: u8) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, b'_' | b'-')
}

/// The name that `text` ends in.
pub(super) fn name(text: &[u8]) -> &[u8] {
    let start = text.iter().rposition(|letter| !of_name(*letter));
    &text[start.map_or(0, |at| at + 1)..]
}

fn trimmed(mut text: &[u8]) -> &[u8] {
    while let [before @ .., b'-' | b'_'] = text {
        text = before;
    }
    text
}

/// The last letters of the name that `text` ends in, without `-` and `_`, and small: as many as the
/// longest of the known names has. The last one is in the lowest byte.
fn last_letters(text: &[u8]) -> u128 {
    let (mut letters, mut room) = (0_u128, u128::BITS);
    // A client may send a name of nothing but separators.
    for letter in text.iter().rev().take(64) {
        if !letter.is_ascii_alphanumeric() {
            if separates(*letter) {
                continue;
            }
            break;
        }
        letters = letters >> 8 | u128::from(letter | 0x20) << (u128::BITS - 8);
        room -= 8;
        if room == 0 {
            return letters;
        }
    }
    letters.checked_shr(room).unwrap_or_default()
}

/// Whether the last letters have a separator between them.
fn has_separator(text: &[u8]) -> bool {
    text.iter().rev().take(20).any(|letter| separates(*letter))
}

/// The last three of them, or what stands before these in the text.
fn last_three(text: &[u8]) -> [u8; 3] {
    if let [.., a, b, c] = text
        && !(separates(*a) || separates(*b) || separates(*c))
    {
        return [a | 0x20, b | 0x20, c | 0x20];
    }
    let mut letters = text.iter().rev().take(64).filter(|letter| !separates(**letter));
    let mut next = || letters.next().map_or(b' ', |letter| letter | 0x20);
    let (c, b, a) = (next(), next(), next());
    [a, b, c]
}

/// An ending as [`last_letters`] has it, and which bits are its.
const fn pack(ending: &str) -> (u128, u128) {
    let (mut letters, mut bits) = (0, 0);
    let mut nth = 0;
    while nth < ending.len() {
        letters = letters << 8 | ending.as_bytes()[nth] as u128;
        bits = bits << 8 | 0xff;
        nth += 1;
    }
    (letters, bits)
}

/// Whether the last `length` bytes of `text` are a word of their own, as in `a_word`, `a-word` and
/// `aWord`, without separators within.
fn begins_word(text: &[u8], length: usize) -> bool {
    let Some(start) = text.len().checked_sub(length) else { return false };
    let (before, word) = text.split_at(start);
    word.iter().all(u8::is_ascii_alphabetic)
        && before.last().is_none_or(|letter| {
            !letter.is_ascii_alphabetic()
                || (letter.is_ascii_lowercase() && word[0].is_ascii_uppercase())
        })
}

#[cfg(test)]
#[path = "name_tests.rs"]
mod tests;
