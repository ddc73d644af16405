//! The one way a text of a client's, or of an application's, is taken: bounded before any work is
//! done on it, redacted, then cut.

use std::borrow::Cow;

use super::text::scanned;

/// How many bytes beyond a bound are looked at, so that a secret that the bound cuts in two is
/// recognised.
pub const LOOKAHEAD: usize = 4096;
/// What a cut text ends in.
const MARK: &str = "…";

/// The last border of a letter in `text` that is not behind `at`: what
/// [`str::floor_char_boundary`] gives, which the lowest Rust that we build with has not.
#[must_use]
pub fn floor(text: &str, at: usize) -> usize {
    if at >= text.len() {
        return text.len();
    }
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default()
}

/// A text without secrets, of at most a given number of bytes.
///
/// ```
/// use obs_core::redact::Clean;
///
/// let clean = Clean::of("password=hunter2, and more", 22);
/// assert_eq!((&*clean.text, clean.cut), ("password=[redacted], a", true));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Clean<'a> {
    /// What is left of the text; it does not show that it was cut.
    pub text: Cow<'a, str>,
    /// Whether there was more.
    pub cut: bool,
}

impl<'a> Clean<'a> {
    /// Looks at no more than `max` + [`LOOKAHEAD`] bytes of `text`, [redacts](super::text) them, and
    /// keeps at most `max` bytes of the result, at the border of a letter.
    ///
    /// Of a text that is longer than what is looked at, nothing is kept that stands behind the first
    /// `max` bytes: a secret that begins before is recognised, or hidden whole if it reaches the end
    /// of what was looked at.
    #[must_use]
    pub fn of(text: &'a str, max: usize) -> Self {
        let seen = &text[..floor(text, max.saturating_add(LOOKAHEAD))];
        let whole = seen.len() == text.len();
        let shown = if whole { seen.len() } else { floor(seen, max) };
        let mut clean = scanned(seen, shown, !whole);
        let cut = !whole || clean.len() > max;
        if clean.len() > max {
            let end = floor(&clean, max);
            match &mut clean {
                Cow::Borrowed(text) => *text = &text[..end],
                Cow::Owned(text) => text.truncate(end),
            }
        }
        Self { text: clean, cut }
    }
}

/// The same as one text: it ends in `…` if it was cut, and has at most `max` bytes with that.
///
/// ```
/// use obs_core::redact::bounded;
///
/// assert_eq!(bounded("token=hunter2", 16), "token=[redacted]");
/// assert_eq!(bounded("order 17 is shipped", 11), "order 17…");
/// ```
#[must_use]
pub fn bounded(text: &str, max: usize) -> Cow<'_, str> {
    let Clean { text, cut } = Clean::of(text, max);
    if cut { marked(text, max) } else { text }
}

/// The same of the bytes of a header; what is not UTF-8 is replaced.
#[must_use]
pub fn bounded_bytes(bytes: &[u8], max: usize) -> String {
    // One letter more than is looked at: so that it shows that there is more.
    let most = max.saturating_add(LOOKAHEAD + 4).min(bytes.len());
    bounded(&String::from_utf8_lossy(&bytes[..most]), max).into_owned()
}

/// The same of a text that is given away: without a copy if it is harmless and short enough.
pub(crate) fn bounded_owned(own: Cow<'static, str>, max: usize) -> Cow<'static, str> {
    match bounded(&own, max) {
        Cow::Borrowed(same) if same.len() == own.len() => own,
        other => other.into_owned().into(),
    }
}

/// Cuts a text that has no secrets any more: it ends in `…`, and has at most `max` bytes with that.
pub(crate) fn cut(clean: Cow<'static, str>, max: usize) -> Cow<'static, str> {
    if clean.len() <= max { clean } else { marked(clean, max) }
}

fn marked(text: Cow<'_, str>, max: usize) -> Cow<'_, str> {
    let room = max.saturating_sub(MARK.len());
    let mut text = text.into_owned();
    text.truncate(floor(&text, room));
    if MARK.len() <= max {
        text.push_str(MARK);
    }
    Cow::Owned(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::text;

    #[test]
    fn the_floor_is_a_border_of_a_letter() {
        let text = "aé€😀";
        for at in 0..14 {
            let borders = text.char_indices().map(|(border, _)| border).chain([text.len()]);
            assert_eq!(Some(floor(text, at)), borders.filter(|border| *border <= at).max());
        }
    }

    #[test]
    fn a_cut_text_is_the_beginning_of_the_redacted_one() {
        for message in [
            "no postgres://app:HUNTER2@db:5432/orders, retry in 5 s, é",
            "{\"password\":\"HUNTER2 HUNTER2\",\"id\":1}",
            "Authorization: Bearer HUNTER2HUNTER2.HUNTER2 and more",
            "token=HUNTER2&a=1",
        ] {
            let whole = text(message).into_owned();
            for max in 0..message.len() + 3 {
                let Clean { text, cut } = Clean::of(message, max);
                assert!(whole.starts_with(&*text) && text.len() <= max, "{max}: {text}");
                assert_eq!(cut, text.len() < whole.len(), "{max}: {text}");
                let marked = bounded(message, max);
                assert!(marked.len() <= max && (!cut || max < 3 || marked.ends_with('…')));
            }
        }
    }

    #[test]
    fn a_secret_at_the_edge_of_what_is_looked_at_is_hidden_whole() {
        let secret = "SECRET".repeat(LOOKAHEAD);
        for before in [
            "postgres://app:",
            "postgres://app:a/",
            "https://",
            "password=",
            "{\"password\":\"",
            "Authorization: Bearer ",
            "secrets: [\"",
            "Cookie: a=",
        ] {
            for max in before.len()..before.len() + 40 {
                let message = format!("{before}{secret}@db");
                let clean = Clean::of(&message, max);
                assert!(clean.cut && !clean.text.contains('S'), "{max}: {}", clean.text);
            }
        }
    }

    #[test]
    fn nothing_behind_the_bound_is_shown_and_harmless_texts_are_not_copied() {
        let message = "é".repeat(1 << 20);
        let Clean { text, cut } = Clean::of(&message, 1001);
        assert!(cut && matches!(text, Cow::Borrowed(text) if text.len() == 1000));
        assert!(matches!(bounded("order 17", 8), Cow::Borrowed("order 17")));
        let bytes = [&b"a=1 \xff"[..], &[b'x'; 100_000]].concat();
        assert_eq!(bounded_bytes(&bytes, 12), "a=1 \u{fffd}xx…");
    }
}
