use std::borrow::Cow;
use std::ops::Range;

use super::trigger::next;
use super::url::Urls;
use super::{REDACTED, value};

/// What was found at a trigger.
pub(super) struct Found {
    /// Empty if it was harmless.
    pub(super) secret: Range<usize>,
    /// Where to look further.
    pub(super) resume: usize,
}

/// `text` without the credentials of URLs (`scheme://user:password@host`), without the values of
/// pairs with a secret name (`name=value`, `name: value`, `"name":"value"`), and without what
/// follows `Bearer` or `Basic`: what drivers and clients like to put into their error messages.
///
/// In doubt it hides too much: a value without quotes ends at white space, one whose quote or
/// bracket is not closed with the text.
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
    let mut urls = Urls::new(goes_on);
    let (mut copied, mut from) = (0, 0);
    while let Some(at) = next(text.as_bytes(), from) {
        let rest = &text.as_bytes()[at..];
        let Found { secret, resume } = match rest {
            [b':', b'/', b'/', ..] => urls.userinfo(text, at + 3),
            [b':' | b'=', ..] => Found::of(value::of_pair(text, at), at + 1),
            _ => Found::of(value::of_scheme(text, at), at + 1),
        };
        if secret.start >= shown {
            break;
        }
        if !secret.is_empty() && &text[secret.clone()] != REDACTED {
            clean.push_str(&text[copied..secret.start]);
            clean.push_str(REDACTED);
            copied = secret.end;
        }
        from = resume;
    }
    if copied == 0 {
        return Cow::Borrowed(&text[..shown]);
    }
    clean.push_str(&text[copied.min(shown)..shown]);
    Cow::Owned(clean)
}

impl Found {
    fn of(secret: Option<Range<usize>>, otherwise: usize) -> Self {
        match secret {
            Some(secret) if !secret.is_empty() => Self { resume: secret.end, secret },
            _ => Self { secret: 0..0, resume: otherwise },
        }
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
