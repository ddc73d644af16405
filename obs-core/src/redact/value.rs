//! Values of secret names, as `name=value`, `name: value`, `"name":"value"`, and the credentials
//! after the name of an authentication scheme.

use std::ops::Range;

use super::{REDACTED, is_secret_name};

/// What may stand between a name and its `=` or `:`, as in `{"name":1}` and `form[name]=1`.
const AFTER_NAME: &[u8] = b"\"'`\\] ";
/// What a value is not taken to end in: it closes something around it.
const CLOSING: &[char] = &[')', ']', '}', '>', '"', '\'', '`', '\\', ' '];
/// Schemes of which the credentials are the next word.
const SCHEMES: [&str; 6] = ["bearer", "basic", "digest", "negotiate", "token", "apikey"];

/// The value of the pair whose `=` or `:` is at `at`, if its name is that of a secret.
pub(super) fn of_pair(text: &str, at: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let (before, after) = (&bytes[..at], &bytes[at + 1..]);
    let colon = bytes[at] == b':';
    if colon && (before.last() == Some(&b':') || after.first() == Some(&b':')) {
        // A path of Rust.
        return None;
    }
    let mut name_end = at;
    while name_end + 3 > at && name_end > 0 && AFTER_NAME.contains(&bytes[name_end - 1]) {
        name_end -= 1;
    }
    let name_start = before[..name_end].iter().rposition(|letter| !of_name(*letter));
    let name = &text[name_start.map_or(0, |at| at + 1)..name_end];
    if !is_secret_name(name) {
        return None;
    }
    let mut start = at + 1 + usize::from(after.first() == Some(&b'>'));
    // `a= b=1` has an `a` that is empty; `a = 1` has not.
    if colon || before.last() == Some(&b' ') {
        start += run(&bytes[start..], |letter| matches!(letter, b' ' | b'\t'));
    }
    if let Some(value) = quoted(text, start) {
        return Some(value);
    }
    let cookie = name.len() >= 6 && name[name.len() - 6..].eq_ignore_ascii_case("cookie");
    Some(start..if cookie { line(text, start) } else { words(text, start)? })
}

/// The credentials after `Bearer` or `Basic` at `at`, unless they look like words of a sentence.
pub(super) fn of_scheme(text: &str, at: usize) -> Option<Range<usize>> {
    let (before, rest) = (&text.as_bytes()[..at], &text.as_bytes()[at..]);
    let named = |name: &&str| {
        rest.get(..name.len()).is_some_and(|own| own.eq_ignore_ascii_case(name.as_bytes()))
    };
    let name = ["bearer ", "basic "].into_iter().find(named)?;
    if before.last().is_some_and(|letter| of_name(*letter)) {
        return None;
    }
    let start = at + name.len() + run(&rest[name.len()..], |letter| letter == b' ');
    let of_token = |letter: u8| of_name(letter) || b".~+/=".contains(&letter);
    let token = &text[start..start + run(&text.as_bytes()[start..], of_token)];
    is_opaque(token.trim_end_matches('.').as_bytes()).then(|| start..start + token.len())
}

/// Whether it is no word: it has a digit or a capital inside, or is longer than any.
fn is_opaque(token: &[u8]) -> bool {
    let capital = |pair: &[u8]| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase();
    let long = token.len() >= 20 && token.iter().all(u8::is_ascii_alphanumeric);
    token.len() >= 8
        && (long || token.iter().any(u8::is_ascii_digit) || token.windows(2).any(capital))
}

fn of_name(letter: u8) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, b'_' | b'-')
}

fn run(bytes: &[u8], of: impl Fn(u8) -> bool) -> usize {
    bytes.iter().position(|letter| !of(*letter)).unwrap_or(bytes.len())
}

/// What is between the quotes that open at `start`. Without the second one, it is all of the rest.
fn quoted(text: &str, start: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    // As bytes are printed: `b"..."`.
    let start = start + usize::from(text[start..].starts_with("b\""));
    // JSON in a string of JSON has its quotes escaped.
    let escapes = run(&bytes[start..], |letter| letter == b'\\');
    let quote = *bytes.get(start + escapes).filter(|quote| b"\"'`".contains(quote))?;
    let inside = start + escapes + 1;
    Some(inside..closing(bytes, inside, quote, escapes).map_or(text.len(), |at| at - escapes))
}

/// Where the quote is that closes what an equal one with so many escapes has opened.
fn closing(bytes: &[u8], from: usize, quote: u8, escapes: usize) -> Option<usize> {
    let mut slashes = 0;
    for (at, letter) in bytes.iter().enumerate().skip(from) {
        // Each level of escapes doubles what the ones before it have written.
        if *letter == quote && slashes % (2 * (escapes + 1)) == escapes {
            return Some(at);
        }
        slashes = if *letter == b'\\' { slashes + 1 } else { 0 };
    }
    None
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
fn words(text: &str, mut start: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    loop {
        let first = &text[start..start + run(&bytes[start..], of_name)];
        let after = &bytes[start + first.len()..];
        if is_secret_name(first) && matches!(after, [b':'] | [b':', b' ', ..]) {
            return None;
        }
        let spaces = run(after, |letter| letter == b' ');
        if spaces == 0 || !SCHEMES.iter().any(|scheme| first.eq_ignore_ascii_case(scheme)) {
            return Some(word(text, start, start + first.len()));
        }
        start += first.len() + spaces;
    }
}

/// Where the word ends that begins at `start` with a name that ends at `at`.
fn word(text: &str, start: usize, mut at: usize) -> usize {
    let bytes = text.as_bytes();
    let mut least = start + redacted(&text[start..]);
    if least == start && bytes.get(at).is_some_and(|letter| b"([{".contains(letter)) {
        at = group(bytes, at);
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
fn begins_pair(next: &[u8]) -> bool {
    let name = run(next, |letter| of_name(letter) || b".[]%".contains(&letter));
    match (name, next.get(name)) {
        (_, None | Some(b'=' | b':')) => name > 0 || next.is_empty(),
        (0, Some(letter)) => letter.is_ascii_whitespace() || b"\"'`\\)]}".contains(letter),
        _ => false,
    }
}
