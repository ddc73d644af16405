use std::time::Duration;

use jiff::Timestamp;

/// A time as RFC 3339 text, which is ASCII; the part down to the second is kept for the next line.
#[derive(Debug)]
pub(crate) struct Stamp {
    second: u64,
    text: [u8; TEXT],
}

pub(crate) const TEXT: usize = "1970-01-01T00:00:00.000Z".len();
const TO_SECOND: usize = "1970-01-01T00:00:00".len();

impl Default for Stamp {
    fn default() -> Self {
        Self { second: 0, text: *b"1970-01-01T00:00:00.000Z" }
    }
}

impl Stamp {
    /// The text of `at` (time since the Unix epoch), in milliseconds, UTC.
    #[inline]
    pub(crate) fn text(&mut self, at: Duration) -> &[u8; TEXT] {
        if self.second != at.as_secs() {
            self.turn(at.as_secs());
        }
        let mut rest = at.subsec_millis();
        for place in [22, 21, 20] {
            self.text[place] = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        &self.text
    }

    #[cold]
    fn turn(&mut self, second: u64) {
        // Beyond the year 9999 the time stands still.
        let time =
            i64::try_from(second).ok().and_then(|second| Timestamp::from_second(second).ok());
        let text = time.unwrap_or(Timestamp::MAX).to_string();
        if let Some(text) = text.as_bytes().get(..TO_SECOND) {
            self.text[..TO_SECOND].copy_from_slice(text);
        }
        self.second = second;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_as_text() {
        let mut stamp = Stamp::default();
        let mut text = |millis| stamp.text(Duration::from_millis(millis)).to_vec();
        assert_eq!(text(7), b"1970-01-01T00:00:00.007Z");
        assert_eq!(text(951_782_399_999), b"2000-02-28T23:59:59.999Z");
        assert_eq!(text(951_782_400_000), b"2000-02-29T00:00:00.000Z");
        assert_eq!(text(951_782_400_120), b"2000-02-29T00:00:00.120Z");
        assert_eq!(text(u64::MAX), b"9999-12-30T22:00:00.615Z");
    }
}
