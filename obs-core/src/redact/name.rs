//! Names whose values are secrets: of headers, query parameters, fields, elements.

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
    use Kind::{Digits, Random, Secret};
    if !may_be_known(text) {
        return None;
    }
    let text = trimmed(text);
    let last = text.last()?;
    let ends = |ending: &str| ends_in(text, ending.as_bytes());
    let any = |endings: &[&str]| endings.iter().any(|ending| ends(ending));
    let word = |word: &str| ends_in_word(text, word.as_bytes());
    let secret = match last.to_ascii_lowercase() {
        b'd' if word("sid") => return Some(Random(8)),
        b'c' if ends("mnemonic") => true,
        b'd' if ends("sessionid") || ends("sessid") => {
            let java = any(&["jsessionid", "phpsessid"]);
            return Some(if java { Secret } else { Random(8) });
        }
        b'd' => any(&["password", "passwd", "pwd"]),
        // Rails, Redis, Laravel.
        b'e' if ends("secretkeybase") => true,
        b'h' if any(&["masterauth", "requireauth"]) => true,
        b's' if ends("requirepass") => true,
        b'e' if ends("response") => return Some(Random(32)),
        b'e' if ends("signature") => return Some(Random(8)),
        b'e' if word("code") => {
            let digits =
                any(&["otpcode", "pincode", "mfacode", "securitycode", "verificationcode"]);
            return Some(if digits { Digits } else { Random(16) });
        }
        b'e' => any(&["cookie", "passphrase", "passcode"]),
        b'f' => any(&["csrf", "xsrf"]),
        b'g' if word("sig") => return Some(Random(8)),
        b'h' if word("auth") => return Some(Random(8)),
        b'k' => word("psk"),
        // OBS_PUSHGATEWAY_URL: it may carry a password.
        b'l' => any(&["credential", "pushgatewayurl"]),
        b'm' => ends("honeycombteam"),
        b'n' if word("pin") => return Some(Digits),
        b'n' if word("session") => return Some(Random(8)),
        b'n' => any(&["authorization", "authentication", "token", "dsn"]),
        b'p' if word("otp") || word("totp") => return Some(Digits),
        b'r' if ends("codeverifier") => return Some(Random(16)),
        // OTEL_EXPORTER_OTLP_HEADERS, OTEL_EXPORTER_OTLP_TRACES_HEADERS: they carry keys.
        b's' => {
            word("pass")
                || word("creds")
                || any(&[
                    "credentials",
                    "passwords",
                    "secrets",
                    "otlpheaders",
                    "tracesheaders",
                    "metricsheaders",
                    "logsheaders",
                ])
        }
        b't' => any(&["secret", "jwt"]),
        b'v' | b'c' if word("cvv") || word("cvc") => return Some(Digits),
        b'w' => word("pw"),
        b'y' => any(&[
            "apikey",
            "accesskey",
            "accountkey",
            "appkey",
            "applicationkey",
            "functionskey",
            "licensekey",
            "authkey",
            "deploykey",
            "encryptionkey",
            "hmackey",
            "masterkey",
            "privatekey",
            "secretkey",
            "sessionkey",
            "sharedkey",
            "signingkey",
            "storagekey",
            "subscriptionkey",
        ]),
        _ => false,
    };
    secret.then_some(Secret)
}

/// The last three letters of all these names, as [`slot`] mixes them.
static ENDINGS: [bool; 1024] = {
    const LAST: [&[u8; 3]; 39] = [
        b"ord", b"swd", b"pwd", b"sid", b"nid", b"kie", b"ase", b"ode", b"ure", b"srf", b"sig",
        b"uth", b"psk", b"ial", b"url", b"eam", b"pin", b"ion", b"ken", b"dsn", b"otp", b"otp",
        b"ier", b"ass", b"eds", b"als", b"rds", b"ets", b"ers", b"ret", b"jwt", b"cvv", b"cvc",
        b"key", b"nse", b"nic", b" pw", b"_pw", b"-pw",
    ];
    let mut endings = [false; 1024];
    let mut nth = 0;
    while nth < LAST.len() {
        let [a, b, c] = *LAST[nth];
        endings[slot(a, b, c)] = true;
        nth += 1;
    }
    endings
};

/// Whether the last three letters leave it possible: they do for one name in fifty.
#[inline]
fn may_be_known(text: &[u8]) -> bool {
    let separates = |letter: u8| matches!(letter, b'-' | b'_');
    match *text {
        [.., a, b, c] if ![a, b, c].into_iter().any(separates) => ENDINGS[slot(a, b, c)],
        _ => {
            let mut letters = text.iter().rev().filter(|letter| !separates(**letter));
            let mut next = || letters.next().copied().unwrap_or(b' ');
            let (c, b, a) = (next(), next(), next());
            ENDINGS[slot(a, b, c)]
        }
    }
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

fn trimmed(text: &[u8]) -> &[u8] {
    let end = text.iter().rposition(|letter| !matches!(letter, b'-' | b'_'));
    &text[..end.map_or(0, |at| at + 1)]
}

/// Whether `text` ends in `ending`, without `-` and `_`.
fn ends_in(text: &[u8], ending: &[u8]) -> bool {
    let mut letters = text.iter().rev().filter(|letter| !matches!(letter, b'-' | b'_'));
    ending
        .iter()
        .rev()
        .all(|letter| letters.next().is_some_and(|own| own.eq_ignore_ascii_case(letter)))
}

/// Whether `word` is the last one of `text`, be that `a_word`, `a-word` or `aWord`.
fn ends_in_word(text: &[u8], word: &[u8]) -> bool {
    let Some(at) = text.len().checked_sub(word.len()) else { return false };
    let (before, last) = text.split_at(at);
    last.eq_ignore_ascii_case(word)
        && before.last().is_none_or(|letter| {
            !letter.is_ascii_alphabetic()
                || (letter.is_ascii_lowercase() && last[0].is_ascii_uppercase())
        })
}

#[cfg(test)]
#[path = "name_tests.rs"]
mod tests;
