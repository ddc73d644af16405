//! Values of secret names that are no secrets: sentences, types, placeholders. Without this, error
//! messages of parsers and validators could not be read.

use super::bounded::floor;
use super::letters::run;
use super::name::{is_secret_name, name, of_name};
use super::value::begins_pair;
use super::words::Words;

/// Words that begin a sentence and no password: after them another word follows.
static SENTENCE: Words = Words::new(&[
    "an",
    "and",
    "any",
    "are",
    "as",
    "at",
    "await",
    "be",
    "before",
    "but",
    "by",
    "can",
    "cannot",
    "contains",
    "could",
    "does",
    "expected",
    "failed",
    "field",
    "for",
    "from",
    "has",
    "have",
    "if",
    "in",
    "is",
    "it",
    "length",
    "may",
    "minimum",
    "must",
    "needs",
    "no",
    "not",
    "of",
    "on",
    "only",
    "or",
    "please",
    "see",
    "should",
    "that",
    "the",
    "this",
    "to",
    "too",
    "unexpected",
    "use",
    "value",
    "was",
    "were",
    "when",
    "which",
    "will",
    "with",
    "without",
    "you",
    "your",
]);
/// Words that say something of a value instead of being one.
static STATES: Words = Words::new(&[
    "boolean",
    "bytes",
    "correct",
    "default",
    "denied",
    "disabled",
    "empty",
    "enabled",
    "eof",
    "expired",
    "failed",
    "false",
    "filtered",
    "found",
    "hidden",
    "incorrect",
    "invalid",
    "masked",
    "mismatch",
    "missing",
    "n/a",
    "nil",
    "no",
    "none",
    "null",
    "number",
    "ok",
    "omitted",
    "optional",
    "present",
    "read",
    "redacted",
    "rejected",
    "required",
    "revoked",
    "secretstring",
    "set",
    "str",
    "string",
    "sensitive",
    "true",
    "undefined",
    "unset",
    "unknown",
    "valid",
    "varchar",
    "write",
    "wrong",
    "yes",
]);

/// How much of a value is looked at: none of these is longer.
const NEAR: usize = 64;

/// Whether the value at the beginning of `rest`, without quotes, is no secret.
pub(super) fn is_harmless(own_name: &[u8], rest: &str) -> bool {
    let rest = &rest[..floor(rest, NEAR)];
    let bytes = rest.as_bytes();
    let ends = |at: &usize| match bytes[*at] {
        b',' | b';' => begins_pair(&bytes[at + 1..]),
        letter => letter.is_ascii_whitespace(),
    };
    let word = (0..bytes.len()).find(ends).unwrap_or(bytes.len());
    let group = matches!(bytes.first(), Some(b'(' | b'[' | b'{'));
    let closes = |letter: &u8| matches!(letter, b')' | b']' | b'}');
    let value = match group.then(|| bytes.iter().position(closes)).flatten() {
        Some(close) => &rest[..=close],
        None => &rest[..word],
    };
    let letters = |letter: u8| letter.is_ascii_alphabetic();
    let word = &rest[..run(rest.as_bytes(), letters)];
    let after = &rest[word.len()..];
    let sentence = after.strip_prefix(' ').is_some_and(|next| {
        next.starts_with(|letter: char| letter.is_alphanumeric() || "([".contains(letter))
    });
    (sentence && SENTENCE.contains(word))
        || is_state(value)
        || value == "?"
        // The end of an element: `<password></password>`.
        || value.starts_with("</")
        || is_placeholder(own_name, value)
        || is_code(own_name, rest, value)
}

/// The same of a value in quotes, which may be any sentence.
pub(super) fn is_harmless_quoted(own_name: &[u8], value: &str, pair_of_json: bool) -> bool {
    let value = &value[..floor(value, NEAR)];
    let words = value.split_once(' ');
    let sentence = words.is_some_and(|(first, _)| SENTENCE.contains(first));
    (pair_of_json && (sentence || is_state(value))) || is_placeholder(own_name, value)
}

fn is_state(value: &str) -> bool {
    let end = |letter: &u8| matches!(letter, b',' | b';' | b'.' | b'!' | b'?' | b')' | b'}' | b']');
    let value = &value[..value.len() - value.bytes().rev().take_while(end).count()];
    let value = value.trim_start_matches('&');
    STATES.contains(value) || value.starts_with("Option<") || value.starts_with("Vec<")
}

/// `$1`, `${PASSWORD}`, `$(cat file)`, `$PASSWORD`, `<password>`, `***`, `{}`, `(sensitive value)`.
fn is_placeholder(own_name: &[u8], value: &str) -> bool {
    let plain = |letter: u8| letter.is_ascii_lowercase() || letter == b' ';
    let capital = |letter: u8| letter.is_ascii_uppercase() || letter == b'_';
    let value = value.trim_end_matches(['"', '\'', '`', '.']);
    // All of them begin with one of these.
    if !matches!(value.as_bytes().first(), Some(b'$' | b'*' | b'<' | b'(' | b'[' | b'{' | b'%')) {
        return false;
    }
    let inside = |open, close| value.strip_prefix(open)?.strip_suffix(close);
    if let Some(variable) = value.strip_prefix('$') {
        let bytes = variable.trim_end_matches([')', ',', ';', '"', '\'']).as_bytes();
        return variable.starts_with("{{")
            || (variable.starts_with('{') && variable.contains('}'))
            || (variable.starts_with('(') && variable.contains(')'))
            || (!bytes.is_empty() && bytes.len() <= 2 && bytes.iter().all(u8::is_ascii_digit))
            || (bytes.len() > 1 && bytes.iter().all(|letter| capital(*letter)))
            || bytes.eq_ignore_ascii_case(own_name);
    }
    (value.len() >= 3 && value.bytes().all(|letter| letter == b'*'))
        || inside('<', '>')
            .is_some_and(|name| name.bytes().all(|b| of_name(b) || b" |".contains(&b)))
        || inside('(', ')').is_some_and(|words| !words.is_empty() && words.bytes().all(plain))
        || inside('[', ']').is_some_and(|name| !name.is_empty() && name.bytes().all(capital))
        || inside('{', '}').is_some_and(|name| name.bytes().all(of_name))
        || matches!(value, "%s" | "%v" | "{}")
}

/// Whether `rest` begins with arguments in brackets, after which the expression ends or goes on.
fn is_closed(rest: &str) -> bool {
    let close = rest.strip_prefix('(').and_then(|rest| rest.find(')').map(|at| &rest[at + 1..]));
    close.is_some_and(|after| {
        after.is_empty()
            || after.starts_with(|b: char| b.is_whitespace() || ".,;)}]?:\"'`".contains(b))
    })
}

/// A call, a path or a name of a program: `std::env::var("PASSWORD")`, `self.token`, `String!`.
fn is_code(own_name: &[u8], rest: &str, value: &str) -> bool {
    let path = run(rest.as_bytes(), |letter| of_name(letter) || matches!(letter, b'.' | b':'));
    let (path, after) = rest.split_at(path);
    let last = name(path.as_bytes());
    let lower = |name: &[u8]| name.first().is_some_and(u8::is_ascii_lowercase);
    let word = |part: &str| {
        let begins = part.bytes().next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_');
        begins && part.bytes().all(|b| b.is_ascii_alphabetic() || b == b'_')
    };
    // Names without digits, and nothing of a password behind them.
    let names = path.split("::").flat_map(|part| part.split('.')).all(word);
    let module = path.contains("::") && names && !after.starts_with('@');
    let call = names && lower(last) && is_closed(after);
    let ends = value.trim_end_matches([',', ';', ')', '}', '!']);
    let plain = |letter: u8| letter.is_ascii_lowercase() || matches!(letter, b'_' | b'.' | b':');
    let member = ends.contains('.')
        && ends.bytes().all(plain)
        && is_secret_name(&String::from_utf8_lossy(name(ends.as_bytes())));
    // An argument that has the name of its parameter, and no words after it.
    let same = ends.as_bytes().eq_ignore_ascii_case(own_name);
    call || module || member || (same && !rest[value.len()..].starts_with(' '))
}
