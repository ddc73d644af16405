//! What a request collects while it runs: rare, so behind a lock that a plain request never takes.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::export::SpanRecord;
use crate::redact::cut;
use crate::{ErrorRecord, FieldValue, Work};

/// How many fields a request may add.
pub(super) const MAX_FIELDS: usize = 32;
/// How many bytes the added fields may hold together.
pub(super) const MAX_FIELD_BYTES: usize = 8 * 1024;
/// With less room than that, a text is left out.
const LEAST: usize = 64;
/// How many spans of the application are kept per request.
const MAX_SPANS: usize = 256;
/// How many bytes these spans may hold together.
const MAX_SPAN_BYTES: usize = 256 * 1024;

/// How many failures of requests and jobs inside of a request it remembers.
const MAX_REPORTED: usize = 8;

/// What is left to know of a request or job that has ended.
#[derive(Clone, Debug)]
pub(crate) struct Ended {
    pub(crate) work: Work,
    pub(crate) route: Arc<str>,
}

#[derive(Debug, Default)]
pub(super) struct Details {
    any: AtomicBool,
    content: Mutex<Content>,
}

#[derive(Debug, Default)]
pub(super) struct Content {
    fields: Vec<(&'static str, FieldValue)>,
    field_bytes: usize,
    pub(super) fields_dropped: u64,
    pub(super) error: Option<ErrorRecord>,
    /// Failures of requests and jobs inside of this one that were reported; `None` of which nothing
    /// else is known.
    reported: Vec<Option<ErrorRecord>>,
    /// Panics of tasks while the request was running.
    pub(super) task_panics: u32,
    /// Since when tasks fail by themselves.
    pub(super) ended: Option<Ended>,
    spans: Vec<SpanRecord>,
    span_bytes: usize,
    spans_cut: u32,
    closed: bool,
}

impl Details {
    /// Looks without the lock whether there is anything.
    #[inline]
    pub(super) fn read<R: Default>(&self, f: impl FnOnce(&mut Content) -> R) -> R {
        if self.any.load(Ordering::Acquire) {
            f(&mut self.content.lock().unwrap_or_else(PoisonError::into_inner))
        } else {
            R::default()
        }
    }

    /// Whether nothing was ever written.
    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        !self.any.load(Ordering::Acquire)
    }

    pub(super) fn write<R>(&self, f: impl FnOnce(&mut Content) -> R) -> R {
        let mut content = self.content.lock().unwrap_or_else(PoisonError::into_inner);
        self.any.store(true, Ordering::Release);
        f(&mut content)
    }

    #[inline]
    pub(super) fn clear(&mut self) {
        if std::mem::take(self.any.get_mut()) {
            *self.content.get_mut().unwrap_or_else(PoisonError::into_inner) = Content::default();
        }
    }
}

impl Content {
    /// Adds a field without secrets, or replaces the one of that name.
    pub(super) fn add(&mut self, key: &'static str, value: FieldValue) {
        let at = self.fields.iter().position(|(known, _)| *known == key);
        let freed = at.map_or(0, |at| self.fields[at].1.size());
        let room = MAX_FIELD_BYTES - (self.field_bytes - freed);
        let value = match value {
            FieldValue::Text(text) if room >= size_of::<FieldValue>() + LEAST => {
                FieldValue::Text(cut(text, room - size_of::<FieldValue>()))
            }
            value => value,
        };
        let bytes = self.field_bytes - freed + value.size();
        if bytes > MAX_FIELD_BYTES || (at.is_none() && self.fields.len() == MAX_FIELDS) {
            self.fields_dropped += 1;
            return;
        }
        self.field_bytes = bytes;
        match at {
            Some(at) => self.fields[at].1 = value,
            None => self.fields.push((key, value)),
        }
    }

    pub(super) fn fields(&self) -> &[(&'static str, FieldValue)] {
        &self.fields
    }

    /// Keeps a span of the application. Gives it back once the request is over.
    pub(super) fn keep(&mut self, span: SpanRecord) -> Option<SpanRecord> {
        if self.closed {
            return Some(span);
        }
        let bytes = self.span_bytes + span.size();
        if self.spans.len() < MAX_SPANS && bytes <= MAX_SPAN_BYTES {
            self.span_bytes = bytes;
            self.spans.push(span);
        } else {
            self.spans_cut += 1;
        }
        None
    }

    pub(super) fn note_reported(&mut self, error: Option<ErrorRecord>) {
        if self.reported.len() < MAX_REPORTED {
            self.reported.push(error);
        }
    }

    /// Whether a failure with this error, or without any, was reported by what is inside.
    pub(super) fn has_reported(&self, error: Option<&ErrorRecord>) -> bool {
        self.reported.iter().any(|inner| match (error, inner) {
            (Some(error), Some(inner)) => error.ends_with(inner),
            (Some(_), None) => false,
            // A failure that does not say why: what failed inside does.
            (None, _) => true,
        })
    }

    pub(super) fn close(&mut self) -> (Vec<SpanRecord>, u32) {
        self.closed = true;
        (std::mem::take(&mut self.spans), self.spans_cut)
    }
}
