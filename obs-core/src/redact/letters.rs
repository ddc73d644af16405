//! Pieces of a text that the rules share: runs of letters, and values in quotes.

use std::ops::Range;

use super::bounded::floor;

/// How many of the first bytes are `of` a class.
pub(super) fn run(bytes: &[u8], of: impl Fn(u8) -> bool) -> usize {
    bytes.iter().position(|letter| !of(*letter)).unwrap_or(bytes.len())
}

/// The last of the bytes that are all `of` a class.
pub(super) fn run_back(bytes: &[u8], of: impl Fn(u8) -> bool) -> &[u8] {
    let start = bytes.iter().rposition(|letter| !of(*letter));
    &bytes[start.map_or(0, |at| at + 1)..]
}

pub(super) fn spaces(bytes: &[u8]) -> usize {
    run(bytes, |letter| letter.is_ascii_whitespace())
}

/// Whether `bytes` begin with `lowercase`, in capitals or not. Most differ in the first letter.
#[inline]
pub(super) fn starts_with(bytes: &[u8], lowercase: &[u8]) -> bool {
    let same = |(own, letter): (&u8, &u8)| own.to_ascii_lowercase() == *letter;
    bytes.len() >= lowercase.len() && bytes.iter().zip(lowercase).all(same)
}

/// Whether `bytes` end in `lowercase`, in capitals or not. Most differ in the last letter.
#[inline]
pub(super) fn ends_with(bytes: &[u8], lowercase: &[u8]) -> bool {
    let same = |(own, letter): (&u8, &u8)| own.to_ascii_lowercase() == *letter;
    bytes.len() >= lowercase.len() && bytes.iter().rev().zip(lowercase.iter().rev()).all(same)
}

/// How far a value in quotes is looked at before it is known to be a secret.
const NEAR: usize = 64;

/// Whether a word is random: it has letters and digits, or a capital within.
pub(super) fn is_random(word: &[u8], least: usize) -> bool {
    let inner = |pair: &[u8]| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase();
    word.len() >= least
        && word.iter().any(u8::is_ascii_alphabetic)
        && (word.iter().any(u8::is_ascii_digit) || word.windows(2).any(inner))
}

/// What is between the quotes that open at `start`. Without the second one, it is all of the rest.
pub(super) fn quoted(text: &str, start: usize) -> Option<Range<usize>> {
    quoted_within(text, start, text.len())
}

/// The same of a value that may be harmless: no more than [`NEAR`] bytes of it are looked at, for
/// the next pair may look at them again.
pub(super) fn quoted_near(text: &str, start: usize) -> Option<Range<usize>> {
    // Most values have no quotes.
    if !matches!(text.as_bytes().get(start)?, b'"' | b'\'' | b'`' | b'\\' | b'b' | b'N') {
        return None;
    }
    quoted_within(text, start, floor(text, start.saturating_add(NEAR)))
}

fn quoted_within(text: &str, start: usize, limit: usize) -> Option<Range<usize>> {
    let text = &text[..limit];
    let bytes = text.as_bytes();
    // As bytes are printed, `b"..."`, and wide texts of SQL, `N'...'`.
    let start = start + usize::from(matches!(bytes[start..], [b'b', b'"', ..] | [b'N', b'\'', ..]));
    // JSON in a string of JSON has its quotes escaped.
    let escapes = run(&bytes[start..], |letter| letter == b'\\');
    let quote = *bytes.get(start + escapes).filter(|b| matches!(b, b'"' | b'\'' | b'`'))?;
    let inside = start + escapes + 1;
    Some(inside..closing(bytes, inside, quote, escapes).map_or(text.len(), |at| at - escapes))
}

/// Where the quote is that closes what an equal one with so many escapes has opened.
pub(super) fn closing(bytes: &[u8], from: usize, quote: u8, escapes: usize) -> Option<usize> {
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
