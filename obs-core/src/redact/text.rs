//! Finds the secrets of a text and puts [`REDACTED`] in their place, in one pass.

use std::borrow::Cow;
use std::ops::Range;

use super::tokens::Tokens;
use super::trigger::next;
use super::url::{self, Urls};
use super::{REDACTED, markup, prefix, token, value};

/// `text` without secrets: credentials of URLs (`scheme://user:password@host`), values of pairs,
/// elements, options and arguments with a secret name (`name=value`, `name: value`, `"name":"value"`,
/// `<name>value</name>`, `--name value`, `Name("value")`), what follows `Bearer` or `Basic`, private
/// keys, JSON web tokens, and tokens with the prefix of a known issuer (`ghp_…`).
///
/// In doubt it hides too much: a value without quotes ends at white space, one whose quote or
/// bracket is not closed with the text. Sentences, types and placeholders stay:
/// `password: must be at least 8`, `password: Option<String>`, `password = $1`. What is missed and
/// what is hidden for nothing is measured with a corpus of some 600 texts.
///
/// ```
/// use obs_core::redact::text;
///
/// assert_eq!(
///     text("cannot reach postgres://app:hunter2@db:5432/orders?sslpassword=x&a=1"),
///     "cannot reach postgres://[redacted]@db:5432/orders?sslpassword=[redacted]&a=1",
/// );
/// assert_eq!(text(r#"{"user":"app","password":"x"}"#), r#"{"user":"app","password":"[redacted]"}"#);
/// assert_eq!(text("Authorization: Bearer abc"), "Authorization: [redacted]");
/// ```
#[must_use]
pub fn text(text: &str) -> Cow<'_, str> {
    scanned(text, text.len(), false)
}

/// The same of the first `shown` bytes of `text`; the rest is looked at only to recognise what
/// begins before. If `goes_on`, the text is longer than this part of it.
pub(super) fn scanned(text: &str, shown: usize, goes_on: bool) -> Cow<'_, str> {
    let mut clean = String::new();
    let (mut urls, mut tokens) = (Urls::new(goes_on), Tokens::new(goes_on));
    let (mut copied, mut from) = (0, 0);
    while let Some(at) = next(text.as_bytes(), from) {
        let secret = found(text, at, &mut urls, &mut tokens);
        from = urls.until.max(at + 1);
        let Some(secret) = secret.filter(|secret| !secret.is_empty()) else { continue };
        from = from.max(secret.end);
        // A token begins before its trigger: perhaps in what is hidden already.
        let start = secret.start.max(copied);
        if start >= shown {
            break;
        }
        if start < secret.end && &text[start..secret.end] != REDACTED {
            clean.push_str(&text[copied..start]);
            clean.push_str(REDACTED);
            copied = secret.end;
        }
    }
    if copied == 0 {
        return Cow::Borrowed(&text[..shown]);
    }
    clean.push_str(&text[copied.min(shown)..shown]);
    Cow::Owned(clean)
}

fn found(text: &str, at: usize, urls: &mut Urls, tokens: &mut Tokens) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let after = bytes.get(at + 1).copied().unwrap_or_default();
    match bytes[at] {
        b'=' => value::of_pair(text, at, tokens),
        b':' if after == b'/' && bytes.get(at + 2) == Some(&b'/') => urls.found(text, at + 3),
        b':' if after.is_ascii_digit() => {
            value::of_pair(text, at, tokens).or_else(|| token::of_pgpass(text, at))
        }
        b':' if after == b'A' => {
            token::of_bot(text, at).or_else(|| value::of_pair(text, at, tokens))
        }
        b':' if bytes[..at].ends_with(b":thin") => url::of_thin_driver(text, at),
        b':' => value::of_pair(text, at, tokens),
        b'_' | b'.' => prefix::with_prefix(text, at, tokens),
        b'-' if bytes[at..].starts_with(b"-----B") => markup::of_private_key(text, at),
        b'-' => prefix::with_prefix(text, at, tokens).or_else(|| markup::of_option(text, at)),
        b'b' | b'B' if after | 0x20 == b'y' => token::identified_by(text, at),
        b'b' | b'B' => token::of_scheme(text, at, tokens),
        b'w' | b'W' | b'k' | b'K' | b'T' => token::after_word(text, at, tokens),
        b'J' => token::jwt(text, at, tokens),
        b'A' => token::with_capital(text, at, tokens),
        b'q' => token::of_redis_file(text, at),
        b'(' => markup::of_argument(text, at),
        b'<' | b'&' => markup::of_element(text, at, tokens.goes_on),
        b'%' => markup::of_encoded_pair(text, at),
        _ => None,
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
