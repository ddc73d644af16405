//! Values of secret names, as `name=value`, `name: value`, `"name":"value"`.

use std::ops::Range;

use super::REDACTED;
use super::harmless::{is_harmless, is_harmless_quoted};
use super::letters::{
    closing, ends_with, is_random, quoted, quoted_near, run, spaces, starts_with,
};
use super::name::{
    Kind, after_name, is_secret_name, kind, kind_of_known, may_be_known, name, of_name,
};
use super::tokens::Tokens;

/// What a value is not taken to end in: it closes something around it.
const CLOSING: &[char] = &[')', ']', '}', '>', '"', '\'', '`', '\\', ' '];
/// Schemes of which the credentials are the next word.
const SCHEMES: [&str; 6] = ["bearer", "basic", "digest", "negotiate", "token", "apikey"];
/// What parsers say before the token that they do not like.
const PARSERS: [&[u8]; 5] = [b"unexpected ", b"expected ", b"illegal ", b"unknown ", b"next "];

/// The value of the pair whose `=` or `:` is at `at`, if its name is that of a secret. Most names are
/// not, and are known by their last letters.
#[inline]
pub(super) fn of_pair(text: &str, at: usize, tokens: &mut Tokens) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let mut sign = at;
    if bytes[at] == b':' && at > 0 && bytes[at - 1] == b':' {
        // LDIF: `userPassword:: c2VjcmV0`. Else it is a path of Rust.
        if bytes.get(at + 1) != Some(&b' ') {
            return None;
        }
        sign = at - 1;
    }
    let mut end = sign;
    while end > 0 && end + 8 > sign && after_name(bytes[end - 1]) {
        end -= 1;
    }
    let mut named = &bytes[..end];
    if named.last() == Some(&b';') {
        named = named.strip_suffix(b"&quot;")?;
    }
    if may_be_known(named) { of_known(text, at, named, &bytes[..sign], tokens) } else { None }
}

/// The same of a pair with such a name, and with what stands `before` its sign.
#[inline(never)]
fn of_known(
    text: &str,
    at: usize,
    named: &[u8],
    before: &[u8],
    tokens: &mut Tokens,
) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let Some(kind) = kind_of_known(named) else {
        return of_named(text, at, named);
    };
    let colon = bytes[at] == b':';
    let start = value_start(text, at, before.last() == Some(&b' '));
    match kind {
        Kind::Secret => {
            secret(text, start, named, name(named), colon && named.len() < before.len())
        }
        Kind::Random(least) => {
            let Some(value) = quoted_near(text, start) else {
                return tokens.random(bytes, start, least);
            };
            let open = tokens.goes_on && value.end == bytes.len();
            let own = &text[value];
            let random = is_random(own.as_bytes(), least) && !own.contains(' ');
            if open || random { quoted(text, start) } else { None }
        }
        Kind::Digits => {
            let value = quoted_near(text, start).unwrap_or_else(|| {
                start..start + run(&bytes[start..], |letter| letter.is_ascii_alphanumeric())
            });
            let digits = text[value.clone()].bytes().all(|letter| letter.is_ascii_digit());
            (digits && (3..=8).contains(&value.len())).then_some(value)
        }
    }
}

/// Where the value begins of the pair whose `=` or `:` is at `at`.
fn value_start(text: &str, at: usize, space: bool) -> usize {
    let bytes = text.as_bytes();
    let start = at + 1 + usize::from(bytes.get(at + 1) == Some(&b'>'));
    // `a= b=1` has an `a` that is empty; `a = 1` has not.
    if bytes[at] != b':' && !space {
        return start;
    }
    let blank = run(&bytes[start..], |letter| matches!(letter, b' ' | b'\t'));
    let rest = &bytes[start + blank..];
    // A text of several lines in YAML, and JSON with its values on lines of their own.
    if rest.starts_with(b"|\n") || rest.starts_with(b">\n") {
        return start + blank + 2 + spaces(&rest[2..]);
    }
    let lines = spaces(rest);
    if rest.get(lines) == Some(&b'"') { start + blank + lines } else { start + blank }
}

/// The value at `start` of a name that is that of a secret, unless it is harmless.
fn secret(text: &str, start: usize, named: &[u8], own: &[u8], json: bool) -> Option<Range<usize>> {
    let before = &named[..named.len() - own.len()];
    if own.eq_ignore_ascii_case(b"token") && PARSERS.iter().any(|word| ends_with(before, word)) {
        return None;
    }
    if let Some(value) = quoted_near(text, start) {
        return if is_harmless_quoted(own, &text[value], json) {
            None
        } else {
            quoted(text, start)
        };
    }
    let rest = &text[start..];
    if rest.starts_with(REDACTED) {
        return None;
    }
    if let Some(list) = rest.strip_prefix('[')
        && let Some(first) = quoted_near(list, 0)
        && is_harmless_quoted(own, &list[first], true)
    {
        // The errors of a field.
        return None;
    }
    if rest.starts_with("{\"type\"") {
        // Its schema.
        return None;
    }
    if ends_with(own, b"cookie") {
        return Some(start..line(text, start));
    }
    let first = &rest[..run(rest.as_bytes(), of_name)];
    if has_value(first, &rest.as_bytes()[first.len()..]) {
        return None;
    }
    let scheme = SCHEMES.iter().find(|scheme| starts_with(rest.as_bytes(), scheme.as_bytes()));
    let credentials = scheme.and_then(|scheme| rest[scheme.len()..].strip_prefix(' '));
    if is_harmless(own, rest) || credentials.is_some_and(|rest| is_harmless(own, rest)) {
        return None;
    }
    let end = words(text, start, ends_with(own, b"authorization"))?;
    // `secrets: 14` counts them.
    let count = end - start <= 4 && rest.bytes().take(end - start).all(|b| b.is_ascii_digit());
    (!(count && own.last() == Some(&b's'))).then_some(start..end)
}

/// The value of what is named in another pair: `name="password" value="secret"`, also in forms.
fn of_named(text: &str, at: usize, named: &[u8]) -> Option<Range<usize>> {
    let own = name(named);
    if !(own.eq_ignore_ascii_case(b"name") || own.eq_ignore_ascii_case(b"key")) {
        return None;
    }
    let bytes = text.as_bytes();
    let start = value_start(text, at, false);
    let value =
        quoted_near(text, start).unwrap_or_else(|| start..start + run(&bytes[start..], of_name));
    let short = value.len() <= 64 && bytes[value.clone()].iter().all(|letter| of_name(*letter));
    if !short || kind(&bytes[value.clone()]) != Some(Kind::Secret) {
        return None;
    }
    let rest = &bytes[value.end..];
    let rest = &rest[..rest.len().min(64)];
    let gap = run(rest, |letter| {
        letter.is_ascii_whitespace() || matches!(letter, b'"' | b'\'' | b',' | b'\\')
    });
    let (gap_start, next) = (value.end, value.end + gap);
    let after_gap = &bytes[next..];
    if starts_with(after_gap, b"value") {
        let name = next + "value".len();
        let sign = name + run(&bytes[name..], |letter| b"\"'\\ ".contains(&letter));
        let is_sign = bytes.get(sign).is_some_and(|letter| b"=:".contains(letter));
        let start = is_sign.then(|| value_start(text, sign, true))?;
        if is_harmless(b"value", &text[start..]) {
            return None;
        }
        return quoted(text, start).or_else(|| Some(start..words(text, start, false)?));
    }
    let blank = |line: &[u8]| line.windows(2).any(|two| two == b"\n\n" || two == b"\n\r");
    if gap > 1 && blank(&bytes[gap_start..next]) {
        return Some(next..next + run(after_gap, |letter| !matches!(letter, b'\r' | b'\n')));
    }
    let inside = after_gap.strip_prefix(b">")?;
    let length = inside.iter().take(128).position(|letter| *letter == b'<')?;
    (length > 0).then(|| next + 1..next + 1 + length)
}

/// Where a cookie ends: all of them are on one line.
fn line(text: &str, start: usize) -> usize {
    let least = start + redacted(&text[start..]);
    end(text, least, least, |letter, next| match letter {
        b'\n' | b'\r' => true,
        b'"' | b'\'' => !next.starts_with(b";") && closes(next),
        _ => false,
    })
}

/// Where a value without quotes ends. `None` if it is the name of a secret with a value of its own.
///
/// A loop, not a recursion: a client chooses how many schemes follow each other.
fn words(text: &str, mut start: usize, mut authorization: bool) -> Option<usize> {
    let bytes = text.as_bytes();
    loop {
        let first = &text[start..start + run(&bytes[start..], of_name)];
        let after = &bytes[start + first.len()..];
        if has_value(first, after) {
            return None;
        }
        let spaces = run(after, |letter| letter == b' ');
        let next = start + first.len() + spaces;
        let scheme = SCHEMES.iter().any(|scheme| first.eq_ignore_ascii_case(scheme));
        // A scheme that is not known has credentials that look like some.
        let credentials = || {
            let word = run(&bytes[next..], |letter| !letter.is_ascii_whitespace());
            let word = &bytes[next..next + word];
            authorization && (is_random(word, 8) || word.iter().any(|b| b":=".contains(b)))
        };
        if spaces == 0 || first.is_empty() {
            return Some(word(text, start, start + first.len()));
        }
        if !scheme {
            let start = if credentials() { next } else { start };
            let first = run(&bytes[start..], of_name);
            return Some(word(text, start, start + first));
        }
        start = next;
        authorization = false;
    }
}

/// Whether a word is the name of a secret itself, and its value follows.
fn has_value(word: &str, after: &[u8]) -> bool {
    matches!(after, [b':'] | [b':', b' ', ..]) && is_secret_name(word)
}

/// Where the word ends that begins at `start` with a name that ends at `at`.
fn word(text: &str, start: usize, mut at: usize) -> usize {
    let bytes = text.as_bytes();
    let mut least = start + redacted(&text[start..]);
    if least == start && bytes.get(at).is_some_and(|letter| b"([{".contains(letter)) {
        at = group(bytes, at);
        least = at;
    } else if least == start
        && bytes[at..].starts_with(b" {")
        && bytes[start..at].first().is_some_and(u8::is_ascii_uppercase)
    {
        // `Secret { value: "a" }`.
        at = group(bytes, at + 1);
        least = at;
    }
    end(text, least, at.max(least), |letter, next| match letter {
        b',' | b';' | b'&' => begins_pair(next),
        b'"' | b'\'' | b'`' => closes(next),
        letter => letter.is_ascii_whitespace(),
    })
}

/// The first place from `from` on at which `ends` says so, without what closes something around
/// it, but not before `least`.
fn end(text: &str, least: usize, from: usize, ends: impl Fn(u8, &[u8]) -> bool) -> usize {
    let bytes = text.as_bytes();
    let end = (from..bytes.len()).find(|at| ends(bytes[*at], &bytes[at + 1..]));
    least + text[least..end.unwrap_or(bytes.len())].trim_end_matches(CLOSING).len()
}

/// What is redacted already ends in a bracket itself.
fn redacted(value: &str) -> usize {
    if value.starts_with(REDACTED) { REDACTED.len() } else { 0 }
}

/// Whether a quote before `next` closes something: it is not within a word.
fn closes(next: &[u8]) -> bool {
    next.first().is_none_or(|next| !next.is_ascii_alphanumeric())
}

/// The end of `Some("a b")`, `["a", "b"]`, `{"a": "b"}`: the bracket that closes the one at `from`.
fn group(bytes: &[u8], from: usize) -> usize {
    let (mut at, mut depth) = (from, 0_usize);
    while let Some(letter) = bytes.get(at) {
        match letter {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth -= 1,
            b'"' => at = closing(bytes, at + 1, b'"', 0).unwrap_or(bytes.len()),
            _ => {}
        }
        at += 1;
        if depth == 0 {
            break;
        }
    }
    at.min(bytes.len())
}

/// Whether a separator ends a value: after it comes another pair, or nothing of this one. Else it
/// is a letter of a password.
pub(super) fn begins_pair(next: &[u8]) -> bool {
    let name = run(next, |letter| of_name(letter) || b".[]%".contains(&letter));
    match (name, next.get(name)) {
        (_, None | Some(b'=' | b':')) => name > 0 || next.is_empty(),
        (0, Some(letter)) => letter.is_ascii_whitespace() || b"\"'`\\)]}".contains(letter),
        _ => false,
    }
}
