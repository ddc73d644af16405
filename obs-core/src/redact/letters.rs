//! Pieces of a text that the rules share: runs of letters, quotes, tokens.

use std::ops::Range;

use super::name::of_name;

/// How many of the first bytes are `of` a class.
pub(super) fn run(bytes: &[u8], of: impl Fn(u8) -> bool) -> usize {
    bytes.iter().position(|letter| !of(*letter)).unwrap_or(bytes.len())
}

pub(super) fn spaces(bytes: &[u8]) -> usize {
    run(bytes, |letter| letter.is_ascii_whitespace())
}

pub(super) fn starts_with(bytes: &[u8], lowercase: &[u8]) -> bool {
    bytes.get(..lowercase.len()).is_some_and(|own| own.eq_ignore_ascii_case(lowercase))
}

pub(super) fn ends_with(bytes: &[u8], lowercase: &[u8]) -> bool {
    let start = bytes.len().checked_sub(lowercase.len());
    start.is_some_and(|start| bytes[start..].eq_ignore_ascii_case(lowercase))
}

/// How far a value is looked at before it is known to be a secret.
const NEAR: usize = 512;

/// The letters of tokens: base64, base64url, hexadecimal numbers, and what joins their parts.
pub(super) fn of_token(letter: u8) -> bool {
    of_name(letter) || b".~+/=%".contains(&letter)
}

/// The token that begins at `start`, without a full stop of its sentence.
pub(super) fn token(bytes: &[u8], start: usize) -> Range<usize> {
    let end = start + run(&bytes[start..], of_token);
    let stops = bytes[start..end].iter().rev().take_while(|letter| **letter == b'.').count();
    start..end - stops
}

/// The token that begins at `start` if it is random, or if it is cut off by the end of the text and
/// the text `goes_on`.
pub(super) fn random_token(
    bytes: &[u8],
    start: usize,
    least: usize,
    goes_on: bool,
) -> Option<Range<usize>> {
    // Others may begin inside of one that is not random: they look at all of it again.
    let near = &bytes[..bytes.len().min(start.saturating_add(NEAR))];
    let seen = token(near, start);
    let open = goes_on && seen.end == bytes.len();
    (open || is_random(&bytes[seen], least)).then(|| token(bytes, start))
}

/// Whether a word is random: it has letters and digits, or a capital within.
pub(super) fn is_random(word: &[u8], least: usize) -> bool {
    let inner = |pair: &[u8]| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase();
    let digit = word.iter().any(u8::is_ascii_digit);
    word.len() >= least
        && word.iter().any(u8::is_ascii_alphabetic)
        && (digit || word.windows(2).any(inner))
}

/// What is between the quotes that open at `start`. Without the second one, it is all of the rest.
pub(super) fn quoted(text: &str, start: usize) -> Option<Range<usize>> {
    quoted_within(text, start, text.len())
}

/// The same of a value that may be harmless: no more than [`NEAR`] bytes of it are looked at, for
/// the next pair may look at them again.
pub(super) fn quoted_near(text: &str, start: usize) -> Option<Range<usize>> {
    quoted_within(text, start, text.floor_char_boundary(start.saturating_add(NEAR)))
}

fn quoted_within(text: &str, start: usize, limit: usize) -> Option<Range<usize>> {
    let text = &text[..limit];
    let bytes = text.as_bytes();
    // As bytes are printed, `b"..."`, and wide texts of SQL, `N'...'`.
    let rest = &bytes[start..];
    let start = start + usize::from(rest.starts_with(b"b\"") || rest.starts_with(b"N'"));
    // JSON in a string of JSON has its quotes escaped.
    let escapes = run(&bytes[start..], |letter| letter == b'\\');
    let quote = *bytes.get(start + escapes).filter(|quote| b"\"'`".contains(quote))?;
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
