//! What a `Display` or `Debug` writes, taken up to a bound.

use std::fmt;

use super::bounded::{LOOKAHEAD, floor};

/// Takes what is formatted into it, no more than [`Clean::of`](super::Clean::of) looks at, and one
/// letter that shows that there was more. It is never an error: a `Debug` of the application's may
/// unwrap it.
///
/// ```
/// use obs_core::redact::{Written, bounded};
///
/// let mut written = Written::new(8);
/// written.take(format_args!("{:?}", [1; 10_000]));
/// assert!(written.as_str().len() < 8 + 5000);
/// assert_eq!(bounded(written.as_str(), 8), "[1, 1…");
/// ```
#[derive(Clone, Debug)]
pub struct Written {
    text: String,
    most: usize,
    full: bool,
}

impl Written {
    /// For a text that is bounded to `max` bytes afterwards.
    #[must_use]
    pub const fn new(max: usize) -> Self {
        // One letter beyond what is looked at, whichever it is.
        Self { text: String::new(), most: max.saturating_add(LOOKAHEAD + 4), full: false }
    }

    /// Takes `value` in place of what was there, and gives it.
    pub fn take(&mut self, value: fmt::Arguments<'_>) -> &str {
        self.text.clear();
        self.full = false;
        let _ = fmt::write(self, value);
        &self.text
    }

    /// What was taken: it may have secrets.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl fmt::Write for Written {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if self.full {
            return Ok(());
        }
        let part = &text[..floor(text, self.most - self.text.len())];
        self.text.push_str(part);
        // A shorter letter must not follow the one that found no room.
        self.full = part.len() < text.len();
        Ok(())
    }
}
