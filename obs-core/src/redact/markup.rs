//! Secrets in elements of XML, in private keys as text, and in arguments of types and functions.

use std::ops::Range;

use super::bounded::floor;
use super::harmless::is_harmless;
use super::letters::{
    closing, ends_with, is_random, quoted, quoted_near, run, spaces, starts_with,
};
use super::name::{Kind, kind, of_name};

/// The text of the element that begins at `at`, with `<` or `&lt;`, if its name is that of a secret.
pub(super) fn of_element(text: &str, at: usize, goes_on: bool) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let escaped = bytes[at] == b'&';
    let (open, close) = if escaped { ("&lt;", "&gt;") } else { ("<", ">") };
    let rest = text[at..].strip_prefix(open)?;
    let name = run(rest.as_bytes(), |letter| of_name(letter) || matches!(letter, b':' | b'.'));
    let kind = kind(&rest.as_bytes()[..name])?;
    // The tag ends before the next one begins: no text is looked at twice.
    let end = first_of(&rest[name..], open, close).map(|end| name + end)?;
    if rest[end..].starts_with(open) || rest[..end].ends_with('/') {
        return None;
    }
    let start = at + open.len() + end + close.len();
    let inside = &text[start..];
    if let Some(data) = inside.strip_prefix("<![CDATA[") {
        let start = text.len() - data.len();
        return Some(start..data.find("]]>").map_or(text.len(), |end| start + end));
    }
    let length = first_of(inside, open, open);
    let value = &inside[..length.unwrap_or(inside.len())];
    let closed = length.is_some_and(|at| inside[at + open.len()..].starts_with('/'));
    let random = is_random(value.as_bytes(), 6) && !value.contains(' ');
    let secret = match kind {
        Kind::Secret => closed || random || (goes_on && length.is_none()),
        Kind::Random(least) => is_random(value.as_bytes(), least),
        Kind::Digits => value.bytes().all(|letter| letter.is_ascii_digit()),
    };
    (secret && !value.trim().is_empty()).then_some(start..start + value.len())
}

/// Where the first of two parts is, which begin with the same byte, or are one byte each.
fn first_of(text: &str, one: &str, other: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let first = [one.as_bytes()[0], other.as_bytes()[0]];
    let is = |at: &usize| {
        first.contains(&bytes[*at])
            && (bytes[*at..].starts_with(one.as_bytes())
                || bytes[*at..].starts_with(other.as_bytes()))
    };
    (0..bytes.len()).find(is)
}

/// The private key in [textual encoding](https://www.rfc-editor.org/rfc/rfc7468) that begins at `at`
/// with `-----BEGIN`, without its first line.
pub(super) fn of_private_key(text: &str, at: usize) -> Option<Range<usize>> {
    let rest = text[at..].strip_prefix("-----BEGIN ")?;
    let label = run(&rest.as_bytes()[..rest.len().min(65)], |letter| letter != b'-');
    if !rest.as_bytes()[label..].starts_with(b"-----") || !rest[..label].contains("PRIVATE KEY") {
        return None;
    }
    let start = text.len() - rest.len() + label + "-----".len();
    Some(start..text[start..].find("-----END").map_or(text.len(), |end| start + end))
}

/// What is in the brackets at `at`: `Password("secret")`, or `("password", "secret")`.
pub(super) fn of_argument(text: &str, at: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let start = at + 1 + spaces(&bytes[at + 1..]);
    let quote = *bytes.get(start).filter(|quote| matches!(quote, b'"' | b'\''))?;
    if kind(&bytes[..at]) == Some(Kind::Secret) {
        // Parsers print their tokens so.
        let value = quoted_near(text, start)?;
        let plain = ends_with(&bytes[..at], b"token") && !is_random(&bytes[value], 16);
        return if plain { None } else { quoted(text, start) };
    }
    let name = run(&bytes[start + 1..], of_name);
    let end = start + 1 + name;
    if kind(&bytes[start + 1..end]) != Some(Kind::Secret) || bytes.get(end) != Some(&quote) {
        return None;
    }
    let comma = end + 1 + spaces(&bytes[end + 1..]);
    if bytes.get(comma) != Some(&b',') {
        return None;
    }
    quoted(text, comma + 1 + spaces(&bytes[comma + 1..]))
}

/// The value of an encoded pair, `password%3Dsecret`, whose `%` is at `at`.
pub(super) fn of_encoded_pair(text: &str, at: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let rest = &bytes[at..];
    if !(starts_with(rest, b"%3d") || starts_with(rest, b"%3a")) {
        return None;
    }
    let before = bytes[..at].strip_suffix(b"%22").unwrap_or(&bytes[..at]);
    let before = before.strip_suffix(b"%5D").unwrap_or(before);
    let kind = kind(before)?;
    let mut start = at + 3;
    while starts_with(&bytes[start..], b"%20") || starts_with(&bytes[start..], b"%22") {
        start += 3;
    }
    if kind == Kind::Digits {
        let digits = run(&bytes[start..], |letter| letter.is_ascii_digit());
        return (3..=8).contains(&digits).then_some(start..start + digits);
    }
    let ends = |at: &usize| {
        let rest = &bytes[*at..];
        rest[0].is_ascii_whitespace()
            || b"&\"'<>,;)".contains(&rest[0])
            || [&b"%26"[..], b"%22", b"%2c", b"%7d"].iter().any(|end| starts_with(rest, end))
    };
    let end = (start..bytes.len()).find(ends).unwrap_or(bytes.len());
    let value = &bytes[start..end];
    let secret = match kind {
        Kind::Secret => !value.is_empty(),
        Kind::Random(least) => is_random(value, least),
        Kind::Digits => false,
    };
    secret.then_some(start..end)
}

/// The value of an option of a command line: `--password secret`, `"--password", "secret"`, and the
/// password of `-u user:password`. Its `-` is at `at`.
pub(super) fn of_option(text: &str, at: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let begins = |before: u8| {
        matches!(before, b' ' | b'\t' | b'\n' | b'"' | b'\'' | b'`' | b'[' | b'(' | b'=')
    };
    if at > 0 && !begins(bytes[at - 1]) {
        return None;
    }
    let name = 1 + run(&bytes[at + 1..], |letter| of_name(letter) || letter == b'.');
    let option = &bytes[at..at + name];
    let mut start = at + name;
    let listed = bytes[start..].first().is_some_and(|quote| matches!(quote, b'"' | b'\''));
    if listed {
        start += 1 + usize::from(bytes.get(start + 1) == Some(&b','));
    }
    let gap = spaces(&bytes[start..]);
    start += gap;
    if gap == 0 && !listed {
        // MySQL: `-psecret`.
        let attached = option.starts_with(b"-p") && !option.starts_with(b"--");
        let secret = attached && is_random(&option[2..], 6) && !option[2..].contains(&b'-');
        return secret.then_some(at + 2..at + name);
    }
    if bytes.get(start).is_none_or(|first| *first == b'-') {
        return None;
    }
    let user = matches!(option, b"-u" | b"-U" | b"--user" | b"--proxy-user");
    let named = option.starts_with(b"--") && kind(option) == Some(Kind::Secret);
    let sshpass = option == b"-p" && bytes[..at].ends_with(b"sshpass ");
    let near = || &text[floor(text, at.saturating_sub(128))..at];
    let redis = option == b"-a" && near().contains("redis-cli");
    if !(user || named || sshpass || redis) {
        return None;
    }
    let quote = bytes.get(start).copied().filter(|quote| matches!(quote, b'"' | b'\'' | b'`'));
    let value = match quote {
        Some(quote) => start + 1..closing(bytes, start + 1, quote, 0).unwrap_or(bytes.len()),
        None => {
            let ends = |letter: u8| {
                letter.is_ascii_whitespace()
                    || matches!(letter, b'"' | b'\'' | b'`' | b',' | b']' | b')')
            };
            start..start + run(&bytes[start..], |letter| !ends(letter))
        }
    };
    if value.is_empty() || bytes[value.start] == b'-' {
        return None;
    }
    let own = &text[value.clone()];
    if own.contains("[redacted") {
        // Another rule has hidden what is one here.
        return None;
    }
    if user {
        let colon = own.find(':')?;
        if own[colon + 1..].starts_with(':') {
            // A path of a program.
            return None;
        }
        let digits = own[colon + 1..].bytes().all(|letter| letter.is_ascii_digit());
        return (!digits).then_some(value.start + colon + 1..value.end);
    }
    (sshpass || redis || !is_harmless(&option[2..], &text[value.start..])).then_some(value)
}
