use std::borrow::Cow;
use std::error::Error;
use std::fmt::{self, Debug, Write as _};

use tracing_core::Field;
use tracing_core::field::Visit;

use crate::redact::{self, REDACTED, is_secret_name};
use crate::{ErrorRecord, FieldValue};

/// How many bytes the fields of one span may hold together.
const MAX_BYTES: usize = 16 * 1024;

/// The fields of a span or event with their values; each name once, the last value counts.
///
/// Values of secret names are not kept, texts are redacted. At most 16 KiB are kept; what is beyond
/// is left out, field by field, and counted.
#[derive(Clone, Debug, Default)]
pub struct Fields {
    fields: Vec<(&'static str, FieldValue)>,
    bytes: usize,
    dropped: u32,
}

impl Fields {
    /// The fields, in the order in which they were first recorded.
    #[must_use]
    pub fn as_slice(&self) -> &[(&'static str, FieldValue)] {
        &self.fields
    }

    /// The value of a field.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&FieldValue> {
        self.fields.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// How many values were left out because of the bound.
    #[must_use]
    pub fn dropped(&self) -> u32 {
        self.dropped
    }

    pub(super) fn into_attributes(self) -> Vec<(Cow<'static, str>, FieldValue)> {
        self.fields.into_iter().map(|(name, value)| (name.into(), value)).collect()
    }

    /// Adds the fields of `newer`; its values count.
    pub(super) fn merge(&mut self, newer: Self) {
        self.dropped = self.dropped.saturating_add(newer.dropped);
        newer.fields.into_iter().for_each(|(name, value)| self.put(name, value));
    }

    fn put(&mut self, name: &'static str, value: FieldValue) {
        let known = self.fields.iter_mut().find(|(known, _)| *known == name);
        let freed = known.as_ref().map_or(0, |(_, known)| known.size());
        let bytes = self.bytes - freed + value.size();
        if bytes > MAX_BYTES {
            self.dropped = self.dropped.saturating_add(1);
            return;
        }
        self.bytes = bytes;
        match known {
            Some((_, known)) => *known = value,
            None => self.fields.push((name, value)),
        }
    }

    /// Asks for the value only if it may be kept; `None` is one that is too large.
    fn set(&mut self, field: &Field, value: impl FnOnce() -> Option<FieldValue>) {
        let secret = is_secret_name(field.name());
        match if secret { Some(REDACTED.into()) } else { value() } {
            Some(value) => self.put(field.name(), value),
            None => self.dropped = self.dropped.saturating_add(1),
        }
    }
}

fn text(text: &str) -> Option<FieldValue> {
    (text.len() <= MAX_BYTES).then(|| redact::text(text).into_owned().into())
}

impl Visit for Fields {
    fn record_bool(&mut self, field: &Field, value: bool) {
        self.set(field, || Some(value.into()));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.set(field, || Some(value.into()));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.set(field, || Some(value.into()));
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.set(field, || Some(value.into()));
    }

    fn record_i128(&mut self, field: &Field, value: i128) {
        self.set(field, || Some(value.to_string().into()));
    }

    fn record_u128(&mut self, field: &Field, value: u128) {
        self.set(field, || Some(value.to_string().into()));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.set(field, || text(value));
    }

    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        self.set(field, || Some(ErrorRecord::of(value).chain.join(": ").into()));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.set(field, || {
            let mut written = Bounded(String::new());
            let _ = write!(written, "{value:?}");
            text(&written.0)
        });
    }
}

/// Takes no more than can be kept, and one byte that says that there was more.
struct Bounded(String);

impl fmt::Write for Bounded {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        // Never an error: a `Debug` of the application's may unwrap it.
        let room = (MAX_BYTES + 1).saturating_sub(self.0.len());
        match text.get(..room.min(text.len())) {
            Some(text) => self.0.push_str(text),
            None => self.0.extend(std::iter::repeat_n('-', room)),
        }
        Ok(())
    }
}
