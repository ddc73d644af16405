//! Tokens that are recognised by their form, or by the word before them.

use std::ops::Range;

use super::REDACTED;
use super::harmless::is_harmless;
use super::letters::{ends_with, is_random, quoted, run, run_back, starts_with};
use super::name::{name, of_name};
use super::tokens::Tokens;

/// A JSON web token around the `J` of its `eyJ`: all that is between dots.
pub(super) fn jwt(text: &str, at: usize, tokens: &mut Tokens) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let start = at.checked_sub(2).filter(|start| bytes[*start..].starts_with(b"eyJ"))?;
    let token = tokens.at(bytes, start);
    let open = tokens.goes_on && token.end == bytes.len();
    let header = run(&bytes[start..], of_name);
    let signed = header > 10 && bytes[start + header..token.end].starts_with(b".");
    (open || signed || token.len() >= 64).then_some(token)
}

/// Tokens that begin with an `A` of their prefix, and the words of SMTP's `AUTH PLAIN`.
pub(super) fn with_capital(text: &str, at: usize, tokens: &mut Tokens) -> Option<Range<usize>> {
    let (before, bytes) = (&text.as_bytes()[..at], text.as_bytes());
    let (start, least) = match &bytes[at..] {
        // Google, Atlassian, JFrog, Facebook and Square.
        [b'A', b'I', b'z', b'a', ..] => (at, 30),
        [b'A', b'T', b'A' | b'C' | b'B', b'T', b'T', ..] => (at, 20),
        [b'A', b'K', b'C', ..] => (at, 60),
        [b'A', b'A', ..] if before.ends_with(b"E") => (at - 1, 30),
        // As Redis shows its commands: `"AUTH" "user" "secret"`.
        [b'A', b'U', b'T', b'H', b'"', b' ', b'"', ..] => {
            let first = quoted(text, at + "AUTH\" ".len())?;
            let second = first.end + "\" ".len();
            let more = bytes[first.end..].starts_with(b"\" \"");
            return if more { quoted(text, second) } else { Some(first) };
        }
        [b'A', b'U', b'T', b'H', b' ', rest @ ..] => {
            let scheme = [&b"plain "[..], b"login ", b"xoauth2 ", b"cram-md5 "];
            let words = at + "AUTH ".len();
            match scheme.into_iter().find(|scheme| starts_with(rest, scheme)) {
                Some(scheme) => (words + scheme.len(), 8),
                None => return of_redis(text, words, tokens),
            }
        }
        _ => return None,
    };
    if start > 0 && of_name(bytes[start - 1]) {
        return None;
    }
    tokens.random(bytes, start, least)
}

/// The token of a Telegram bot, around the `:` after its number.
pub(super) fn of_bot(text: &str, at: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    if !bytes[..at].last()?.is_ascii_digit() || !bytes[at + 1..].starts_with(b"AA") {
        return None;
    }
    let number = run_back(&bytes[at.saturating_sub(11)..at], |letter| letter.is_ascii_digit());
    let secret = run(&bytes[at + 1..], of_name);
    let fits = (8..=10).contains(&number.len()) && secret >= 30;
    fits.then_some(at + 1..at + 1 + secret)
}

/// The credentials after `Bearer` or `Basic` at `at`, unless they look like words of a sentence.
pub(super) fn of_scheme(text: &str, at: usize, tokens: &mut Tokens) -> Option<Range<usize>> {
    let (before, rest) = (&text.as_bytes()[..at], &text.as_bytes()[at..]);
    let name = [&b"bearer "[..], b"basic "].into_iter().find(|name| starts_with(rest, name))?;
    if before.last().is_some_and(|letter| of_name(*letter)) {
        return None;
    }
    let start = at + name.len() + run(&rest[name.len()..], |letter| letter == b' ');
    let token = tokens.at(text.as_bytes(), start);
    let own = &text.as_bytes()[token.clone()];
    let open = tokens.goes_on && token.end == text.len();
    if token.len() < 8 && !open {
        return None;
    }
    // `token_type=bearer expires_in=3600`
    let name = run(own, of_name);
    let pair = !is_random(&own[..name], 8)
        && own[name..].starts_with(b"=")
        && own.get(name + 1).is_some_and(|b| *b != b'=');
    if pair {
        return None;
    }
    let long = own.len() >= 20 && own.iter().all(u8::is_ascii_alphanumeric);
    (open || long || is_random(own, 8)).then_some(token)
}

/// What a database calls a password: `IDENTIFIED BY 'secret'`, at its `BY`.
pub(super) fn identified_by(text: &str, at: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let by = starts_with(&bytes[at..], b"by ") && ends_with(&bytes[..at], b"identified ");
    if !by {
        return None;
    }
    quoted(text, at + 3)
}

/// A password or a token after its word: `password is secret`, `PASSWORD 'secret'`, `token secret`,
/// `OTP is 123456`. `at` is the `w`, the `k` or the `T` of the word.
pub(super) fn after_word(text: &str, at: usize, tokens: &mut Tokens) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let (before, rest) = (&bytes[..at], &bytes[at..]);
    let (length, least) = match bytes[at] {
        b'w' | b'W' if ends_with(before, b"pass") && starts_with(rest, b"word ") => (5, 6),
        b'w' | b'W' if ends_with(before, b"pass") && starts_with(rest, b"wd ") => (3, 6),
        b'k' | b'K' if ends_with(before, b"to") && starts_with(rest, b"ken ") => (4, 16),
        b'T' if before.ends_with(b"O") && rest.starts_with(b"TP ") => (3, 0),
        _ => return None,
    };
    let mut start = at + length + run(&bytes[at + length..], |letter| letter == b' ');
    if matches!(bytes.get(start), Some(b'c' | b'i' | b'w' | b't' | b'C' | b'I' | b'W' | b'T')) {
        for verb in ["code ", "is ", "was ", "to "] {
            if starts_with(&bytes[start..], verb.as_bytes()) {
                start += verb.len();
            }
        }
    }
    if least == 0 {
        let digits = run(&bytes[start..], |letter| letter.is_ascii_digit());
        let alone = !bytes.get(start + digits).is_some_and(u8::is_ascii_alphanumeric);
        return (alone && (4..=8).contains(&digits)).then_some(start..start + digits);
    }
    let sql = bytes.get(start) == Some(&b'\'') && least == 6;
    if sql && name(&bytes[..at + length - 1]).iter().all(u8::is_ascii_uppercase) {
        return quoted(text, start);
    }
    let quote = usize::from(matches!(bytes.get(start), Some(b'"' | b'\'' | b'`')));
    tokens.random(bytes, start + quote, least)
}

/// The password of Redis in a command, `AUTH user secret`, whose words begin at `start`.
fn of_redis(text: &str, start: usize, tokens: &mut Tokens) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let quote = usize::from(matches!(bytes.get(start), Some(b'"' | b'\'')));
    let first = tokens.at(bytes, start + quote);
    if bytes.get(first.end) == Some(&b' ')
        && let Some(second) = tokens.random(bytes, first.end + 1, 8)
    {
        return Some(second);
    }
    if text[first.end..].strip_prefix(' ').is_some_and(|rest| rest.starts_with(REDACTED)) {
        return None;
    }
    // Replies of servers and sentences have words here.
    is_random(&bytes[first.clone()], 8).then_some(first)
}

/// The password in a configuration of Redis, `requirepass secret`, around its `q` at `at`.
pub(super) fn of_redis_file(text: &str, at: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    if !starts_with(&bytes[at..], b"quirepass") {
        return None;
    }
    let start = at + "quirepass".len();
    let start = start + run(&bytes[start..], |b| matches!(b, b' ' | b'\t' | b'"' | b'\''));
    if text[start..].starts_with(REDACTED) || is_harmless(b"requirepass", &text[start..]) {
        return None;
    }
    let ends = |letter: u8| letter.is_ascii_whitespace() || matches!(letter, b'"' | b'\'');
    Some(start..start + run(&bytes[start..], |letter| !ends(letter)))
}

/// The last field of a line of PostgreSQL's `.pgpass`, `host:port:database:user:password`, whose
/// first `:` is at `at`.
pub(super) fn of_pgpass(text: &str, at: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let port = at + 1 + run(&bytes[at + 1..bytes.len().min(at + 7)], |b| b.is_ascii_digit());
    if port == at + 1 || bytes.get(port) != Some(&b':') {
        return None;
    }
    let of_field = |letter: u8| of_name(letter) || matches!(letter, b'.' | b'*' | b'$');
    let field = |start: usize| {
        let end = start + run(&bytes[start..bytes.len().min(start + 64)], of_field);
        (end > start && bytes.get(end) == Some(&b':')).then_some(end)
    };
    let user = field(field(port + 1)? + 1)?;
    let end = user + 1 + run(&bytes[user + 1..], |letter| !letter.is_ascii_whitespace());
    is_random(&bytes[user + 1..end], 6).then_some(user + 1..end)
}
