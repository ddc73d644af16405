//! Where the secrets are in a text that was written for people.

use std::borrow::Cow;
use std::ops::Range;

use super::{REDACTED, is_secret_name};

/// More of a word is not looked at for the end of a URL's credentials.
const MAX_CREDENTIALS: usize = 2048;
/// Values that say that there is no secret.
const NOTHING: [&str; 4] = ["None", "null", "true", "false"];

/// `text` without what drivers and clients like to put into their error messages:
///
/// | what | becomes |
/// |---|---|
/// | the credentials of a URL | `postgres://[redacted]@db:5432/orders` |
/// | the value of a [secret name](is_secret_name) | `password=[redacted]`, `"api_key":"[redacted]"`, `token: Some("[redacted]")` |
/// | what follows `Bearer` and `Basic` | `Bearer [redacted]` |
/// | such a header, to the end of its line | `Authorization: [redacted]`, `Cookie: [redacted]` |
///
/// After a colon and a space, and after `Bearer`, a word of small letters alone is none: `invalid
/// token: expired` stays. Without `=`, `:` and `B` a text holds no secret that is told as one.
///
/// ```
/// use obs_core::redact::text;
///
/// assert_eq!(
///     text("cannot reach postgres://app:hunter2@db:5432/orders?sslpassword=x&a=1"),
///     "cannot reach postgres://[redacted]@db:5432/orders?sslpassword=[redacted]&a=1",
/// );
/// ```
#[must_use]
pub fn text(text: &str) -> Cow<'_, str> {
    // Without a branch for each byte, since most texts end here.
    if !text.bytes().fold(false, |any, byte| any | matches!(byte, b'=' | b':' | b'B')) {
        return Cow::Borrowed(text);
    }
    let mut clean = String::new();
    let mut kept = 0;
    while let Some(secret) = next(text, kept) {
        clean.extend([&text[kept..secret.start], REDACTED]);
        kept = secret.end;
    }
    if kept == 0 {
        return Cow::Borrowed(text);
    }
    clean.push_str(&text[kept..]);
    Cow::Owned(clean)
}

/// The first secret from a place on; it is not empty.
fn next(text: &str, from: usize) -> Option<Range<usize>> {
    let mut bytes = (from..).zip(&text.as_bytes()[from..]);
    let found = bytes.find_map(|(at, byte)| match byte {
        b':' if text[at..].starts_with("://") => credentials(text, at + 3),
        b':' | b'=' => value(text, at),
        b' ' => token(text, at),
        _ => None,
    });
    found.filter(|secret| !secret.is_empty())
}

/// User and password at the beginning of a URL's authority.
fn credentials(text: &str, start: usize) -> Option<Range<usize>> {
    let rest = &text[start..];
    let rest = &rest[..rest.floor_char_boundary(MAX_CREDENTIALS)];
    // Found much faster than the end of the word.
    let rest = &rest[..rest.rfind('@')? + 1];
    let word = until(rest, |letter| letter.is_whitespace() || "\"<>`".contains(letter));
    let authority = until(word, |letter| "/?#".contains(letter));
    // A password with one of these in it is cut there, and no port.
    let cut = authority
        .rsplit_once(':')
        .is_some_and(|(_, port)| !port.bytes().all(|digit| digit.is_ascii_digit()));
    if !cut && !authority.contains('@') {
        return None;
    }
    let before_query = until(word, |letter| letter == '?');
    let end = before_query.rfind('@').or_else(|| word.rfind('@'))?;
    (end > 0).then(|| start..start + end)
}

/// What a secret name has for a value, with the `=` or `:` at a place.
fn value(text: &str, at: usize) -> Option<Range<usize>> {
    let (before, after) = (&text[..at], &text[at + 1..]);
    let name = before.trim_end_matches([' ', '"', '\'', '\\', '`']);
    if !is_secret_name(name) {
        return None;
    }
    let colon = text.as_bytes()[at] == b':';
    // `password= user=shop` has an empty one.
    let value = if colon || before.ends_with(' ') { after.trim_start() } else { after };
    let start = text.len() - value.len();
    let within = |part: Range<usize>| Some(start + part.start..start + part.end);
    if let Some(part) = quoted(value) {
        return within(part);
    }
    if value.starts_with('[') {
        return within(0..value.find(']').map_or(value.len(), |end| end + 1));
    }
    let header = is_header(name);
    let word = if header && (colon || scheme(value).is_some()) {
        until(value, |letter| matches!(letter, '\n' | '\r' | '"'))
    } else {
        until(value, |letter| letter.is_whitespace() || "&;,\"".contains(letter))
    };
    let spaced = value.len() < after.len();
    let harmless = NOTHING.contains(&word.trim_end_matches(['}', ')', ']']))
        || word.starts_with(':')
        || (colon && spaced && is_prose(word));
    if harmless { None } else { within(0..word.len()) }
}

/// What follows `Bearer ` or `Basic `, with the space at a place.
fn token(text: &str, at: usize) -> Option<Range<usize>> {
    let before = &text.as_bytes()[..at];
    let length = SCHEMES.iter().find(|name| ends_with(before, name))?.len();
    if before[..at - length].last().is_some_and(u8::is_ascii_alphanumeric) {
        return None;
    }
    let after = &text[at + 1..];
    let word = until(after, |letter| letter.is_whitespace() || "\"'`,;=".contains(letter));
    (!is_prose(word)).then_some(at + 1..at + 1 + word.len())
}

const SCHEMES: [&str; 2] = ["bearer", "basic"];

fn scheme(value: &str) -> Option<&str> {
    let word = until(value, |letter| letter == ' ');
    SCHEMES.into_iter().find(|name| name.eq_ignore_ascii_case(word))
}

/// Headers whose values have spaces in them.
fn is_header(name: &str) -> bool {
    ["authorization", "cookie"].iter().any(|ending| ends_with(name.as_bytes(), ending))
}

fn ends_with(text: &[u8], ending: &str) -> bool {
    let end = text.len().checked_sub(ending.len()).map(|at| &text[at..]);
    end.is_some_and(|end| end.eq_ignore_ascii_case(ending.as_bytes()))
}

/// What stands between quotes, if `value` begins with one, or with one in `Some(`.
fn quoted(value: &str) -> Option<Range<usize>> {
    let mut rest = value;
    while let Some(inner) = rest
        .trim_start_matches(|letter: char| letter.is_ascii_alphanumeric() || letter == '_')
        .strip_prefix('(')
    {
        rest = inner;
    }
    let bare = rest.trim_start_matches('\\');
    let escaped = bare.len() < rest.len();
    let quote = bare.chars().next().filter(|letter| matches!(letter, '"' | '\''))?;
    let inner = &bare[1..];
    let mut skip = false;
    let end = inner.find(|letter| {
        let ends = letter == quote && !skip;
        skip = letter == '\\' && !skip && !escaped;
        ends
    });
    let inner = &inner[..end.unwrap_or(inner.len())];
    let inner = if escaped { inner.trim_end_matches('\\') } else { inner };
    let start = value.len() - bare.len() + 1;
    Some(start..start + inner.len())
}

/// Words, not secrets: small letters, or nothing but marks.
fn is_prose(word: &str) -> bool {
    let word = word.trim_matches(|letter: char| letter.is_ascii_punctuation());
    word.bytes().all(|letter| letter.is_ascii_lowercase())
}

fn until(text: &str, end: impl Fn(char) -> bool) -> &str {
    &text[..text.find(end).unwrap_or(text.len())]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn secrets_go_and_the_rest_stays() {
        for (before, after) in [
            (
                "postgres://u:p@db/x?sslpassword=y&a=1",
                "postgres://[redacted]@db/x?sslpassword=[redacted]&a=1",
            ),
            ("amqp://u:a/b?c#d@mq:5672/v, again", "amqp://[redacted]@mq:5672/v, again"),
            ("redis://:p&w;x,y@r:6379", "redis://[redacted]@r:6379"),
            ("\"https://key@host/7\"", "\"https://[redacted]@host/7\""),
            ("password= user=shop", "password= user=shop"),
            ("user=a password='b \\' c' x=1", "user=a password='[redacted]' x=1"),
            ("api_key = k3y # comment", "api_key = [redacted] # comment"),
            (r#"{"password":"a\"b","n":1}"#, r#"{"password":"[redacted]","n":1}"#),
            (r#"{\"token\": \"a\"}"#, r#"{\"token\": \"[redacted]\"}"#),
            (
                r#"C { token: Some(Secret("a")), n: 1 }"#,
                r#"C { token: Some(Secret("[redacted]")), n: 1 }"#,
            ),
            (r#"{"set-cookie": ["a=b", "c=d"]}"#, r#"{"set-cookie": [redacted]}"#),
            ("X-Api-Key: Ab1, next", "X-Api-Key: [redacted], next"),
            ("authorization: Digest a=\"b\"", "authorization: [redacted]\"b\""),
            ("Cookie: a=b; c=d\nnext: 1", "Cookie: [redacted]\nnext: 1"),
            ("authorization=Bearer Ab1", "authorization=[redacted]"),
            ("sent Bearer eyJ.a-b_c~d+e/f==", "sent Bearer [redacted]=="),
            ("sent 'basic dTpw': no", "sent 'basic [redacted]': no"),
        ] {
            assert_eq!(text(before), after);
            assert_eq!(text(after), after, "once more");
        }
    }

    #[test]
    fn what_is_none_stays() {
        for harmless in [
            "invalid token: expired",
            "unexpected token: `}`",
            "Bearer token missing: send one",
            "NoBasic Auth: 1",
            "access_token::refresh: failed",
            r#"{"token":null,"password": None}"#,
            "C { password: None }",
            "http://host:8080/users/a@b.c",
            "http://host/?mail=a@b.c",
            "tokens: 5",
            "password:",
            "://",
        ] {
            assert!(matches!(text(harmless), Cow::Borrowed(_)), "{harmless}: {}", text(harmless));
        }
    }

    /// A client chooses paths and headers: no text may be expensive.
    #[test]
    fn long_texts_take_time_in_proportion() {
        for part in [
            "x://a:b/",
            "token:",
            "token: a(",
            "password=\"",
            "\"token\" : ",
            "Bearer ",
            "'''=",
            "@://a:b",
        ] {
            let began = std::time::Instant::now();
            let _ = text(&part.repeat(64 * 1024 / part.len()));
            assert!(began.elapsed().as_millis() < 1000, "{part}: {:?}", began.elapsed());
        }
    }

    proptest! {
        #[test]
        fn a_password_in_a_url_never_survives(
            before in "[a-z ]{0,20}", user in "[a-z]{1,8}", password in "S[A-Z0-9/?&;,@#]{8,20}", after in "[a-z ]{0,20}"
        ) {
            let message = format!("{before} postgres://{user}:{password}@db/x {after}");
            prop_assert!(!text(&message).contains(&password[..8]));
        }

        #[test]
        fn harmless_text_is_untouched(message in "[a-zA-Z0-9 .:/]{0,80}") {
            let clean = text(&message);
            prop_assert_eq!(clean.as_ref(), message.as_str());
        }

        #[test]
        fn any_text_is_taken(message in "(?s)[a-z\"'\\\\ =:/@(\\[é\u{2028}]{0,60}|(token|Bearer|password|cookie)[:= \"'\\\\(]{0,4}.{0,20}") {
            let clean = text(&message).into_owned();
            let again = text(&clean);
            prop_assert_eq!(again.as_ref(), clean.as_str());
        }
    }
}
