use std::time::Duration;

use obs_core::redact::{Clean, LOOKAHEAD, REDACTED, floor};
use obs_core::{FieldValue, RequestContext, SpanId, TraceContext, TraceId, UUID_TEXT};

use super::escape::{escape, fitting, scan};
use super::reserved;

/// Longest line, in bytes.
pub(crate) const LIMIT: usize = 64 * 1024;
/// Room for the end of a cut text and of a cut line.
const TAIL: usize = 32;
/// Room for the longest number with its quotes.
const NUMBER: usize = 48;

/// A JSON line while it is written. It never grows beyond its room, and is complete JSON in the end.
pub(crate) struct Record<'a> {
    out: &'a mut Vec<u8>,
    room: usize,
    cut: bool,
}

impl<'a> Record<'a> {
    pub(crate) fn new(out: &'a mut Vec<u8>, limit: usize) -> Self {
        Self { out, room: limit.min(LIMIT) - TAIL, cut: false }
    }

    /// Half of the room: what may be used before the ids.
    pub(crate) fn half(&self) -> usize {
        self.room / 2
    }

    #[inline]
    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        self.out.extend_from_slice(bytes);
    }

    /// A key, ready as `,"key":`. `false`, and the line is cut here, if there is no room for it.
    #[inline]
    pub(crate) fn key(&mut self, json: &[u8]) -> bool {
        let fits = self.out.len() + json.len() + NUMBER <= self.room;
        if fits {
            self.raw(json);
        }
        self.cut |= !fits;
        fits
    }

    /// A user's field, as a span or a request has kept it: without credentials.
    pub(crate) fn field(&mut self, name: &str, value: &FieldValue, reserved: fn(&str) -> bool) {
        if self.out.len() + name.len() * 6 + NUMBER > self.room {
            self.cut = true;
            return;
        }
        self.raw(reserved::opening(name, reserved));
        escape(name, self.out);
        self.raw(b"\":");
        match value {
            FieldValue::Bool(value) => self.bool(*value),
            FieldValue::I64(value) => self.integer(*value),
            FieldValue::U64(value) => self.integer(*value),
            FieldValue::F64(value) => self.float(*value),
            FieldValue::Text(value) => self.quoted_clean(value),
            other => self.quoted_clean(&other.to_string()),
        }
    }

    pub(crate) fn bool(&mut self, value: bool) {
        self.raw(if value { b"true" } else { b"false" });
    }

    pub(crate) fn integer(&mut self, value: impl itoa::Integer) {
        self.raw(itoa::Buffer::new().format(value).as_bytes());
    }

    /// JSON has no NaN and no infinity: `null`.
    pub(crate) fn float(&mut self, value: f64) {
        if value.is_finite() {
            self.raw(zmij::Buffer::new().format_finite(value).as_bytes());
        } else {
            self.raw(b"null");
        }
    }

    /// Milliseconds with at most three decimals, and always one: a column of one type.
    pub(crate) fn millis(&mut self, duration: Duration) {
        let micros = (duration.as_nanos() + 500) / 1000;
        self.integer(u64::try_from(micros / 1000).unwrap_or(u64::MAX));
        let mut decimals = [b'.', b'0', b'0', b'0'];
        let mut rest = micros % 1000;
        for place in [3, 2, 1] {
            decimals[place] = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        let zeros = decimals[2..].iter().rev().take_while(|digit| **digit == b'0').count();
        self.raw(&decimals[..4 - zeros]);
    }

    pub(crate) fn quoted(&mut self, text: &str) {
        self.raw(b"\"");
        self.text(text, usize::MAX);
        self.raw(b"\"");
    }

    /// The same of a text that has no credentials any more.
    pub(crate) fn quoted_clean(&mut self, text: &str) {
        self.raw(b"\"");
        self.put(text, usize::MAX, scan(text).dirty, false);
        self.raw(b"\"");
    }

    pub(crate) fn redacted(&mut self) {
        self.raw(b"\"");
        self.raw(REDACTED.as_bytes());
        self.raw(b"\"");
    }

    /// Text within quotes, without credentials, at most `max` bytes of it.
    pub(crate) fn text(&mut self, text: &str, max: usize) {
        let room = max.min(self.room.saturating_sub(self.out.len()));
        let seen = &text[..floor(text, room + LOOKAHEAD)];
        let found = scan(seen);
        if found.suspicious || seen.len() < text.len() {
            let clean = Clean::of(text, room);
            // What it became has nothing to escape that it had not before.
            self.put(&clean.text, room, found.dirty, clean.cut);
        } else {
            self.put(text, room, found.dirty, false);
        }
    }

    /// Writes what there is room for; `more` of it is cut already.
    #[inline]
    fn put(&mut self, text: &str, max: usize, dirty: bool, more: bool) {
        let room = max.min(self.room.saturating_sub(self.out.len()));
        let widest = if dirty { text.len() * 6 } else { text.len() };
        let part = if widest <= room { text } else { fitting(text, room) };
        if dirty {
            escape(part, self.out);
        } else {
            self.raw(part.as_bytes());
        }
        if more || part.len() < text.len() {
            self.raw("…".as_bytes());
            self.cut = true;
        }
    }

    /// The ids of a request, as far as there are any; `span` is the innermost one.
    pub(crate) fn ids(&mut self, context: &RequestContext, span: Option<SpanId>) {
        self.raw(b",\"request_id\":\"");
        // Nothing in it ever needs an escape.
        self.raw(context.request_id().encode(&mut [0; UUID_TEXT]).as_bytes());
        self.raw(b"\"");
        if let Some(TraceContext { trace_id, span_id, .. }) = context.trace() {
            self.trace(trace_id, span.unwrap_or(span_id));
        }
    }

    /// The ids of a span.
    pub(crate) fn trace(&mut self, trace_id: TraceId, span_id: SpanId) {
        self.raw(b",\"trace_id\":\"");
        self.raw(trace_id.hex().as_bytes());
        self.raw(b"\",\"span_id\":\"");
        self.raw(span_id.hex().as_bytes());
        self.raw(b"\"");
    }

    /// Ends the line.
    pub(crate) fn finish(self) -> &'a [u8] {
        if self.cut {
            self.out.extend_from_slice(b",\"line_cut\":true");
        }
        self.out.extend_from_slice(b"}\n");
        self.out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn milliseconds() {
        for (nanos, text) in [
            (0, "0.0"),
            (499, "0.0"),
            (500, "0.001"),
            (1_000_000, "1.0"),
            (12_340_000, "12.34"),
            (12_034_000, "12.034"),
            (12_300_000, "12.3"),
            (999_999_999, "1000.0"),
        ] {
            let mut out = Vec::new();
            Record::new(&mut out, LIMIT).millis(Duration::from_nanos(nanos));
            assert_eq!(out, text.as_bytes());
        }
    }
}
