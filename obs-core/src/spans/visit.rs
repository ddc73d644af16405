use std::borrow::Cow;
use std::error::Error;
use std::fmt::Debug;

use tracing_core::Field;
use tracing_core::field::Visit;

use crate::redact::{REDACTED, Written, bounded, cut, is_secret_name};
use crate::{ErrorRecord, FieldValue};

/// How many bytes the fields of one span may hold together.
const MAX_BYTES: usize = 16 * 1024;
/// How many bytes one text may have of that: a long message leaves room for the other fields.
const MAX_TEXT: usize = 12 * 1024;
/// How many bytes texts leave for numbers.
const RESERVE: usize = 1024;
/// With less room than that, a text is left out.
const LEAST: usize = 64;

/// The fields of a span or event with their values; each name once, the last value counts.
///
/// Values of secret names are not kept, texts are redacted. At most 16 KiB are kept, 12 KiB of one
/// text: a longer one is cut and ends in `…`. A field for which there is no room is left out and
/// counted.
#[derive(Clone, Debug, Default)]
pub struct Fields {
    fields: Vec<(&'static str, FieldValue)>,
    bytes: usize,
    dropped: u32,
    cut: bool,
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

    /// Whether a text was cut because of the bound.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.cut
    }

    pub(super) fn into_attributes(self) -> Vec<(Cow<'static, str>, FieldValue)> {
        self.fields.into_iter().map(|(name, value)| (name.into(), value)).collect()
    }

    /// Adds the fields of `newer`; its values count.
    pub(super) fn merge(&mut self, newer: Self) {
        self.dropped = self.dropped.saturating_add(newer.dropped);
        self.cut |= newer.cut;
        newer.fields.into_iter().for_each(|(name, value)| self.put(name, value));
    }

    fn put(&mut self, name: &'static str, value: FieldValue) {
        let known = self.fields.iter_mut().find(|(known, _)| *known == name);
        let freed = known.as_ref().map_or(0, |(_, known)| known.size());
        let room = MAX_BYTES - (self.bytes - freed);
        let value = match value {
            FieldValue::Text(text) if text.len() > LEAST => {
                let taken = size_of::<FieldValue>() + RESERVE;
                let most = room.saturating_sub(taken);
                if most < LEAST {
                    self.dropped = self.dropped.saturating_add(1);
                    return;
                }
                self.cut |= text.len() > most;
                FieldValue::Text(cut(text, most))
            }
            value => value,
        };
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

    /// Asks for the value only if it may be kept.
    fn set(&mut self, field: &Field, value: impl FnOnce() -> FieldValue) {
        let secret = is_secret_name(field.name());
        self.put(field.name(), if secret { FieldValue::from_static(REDACTED) } else { value() });
    }

    fn set_text(&mut self, field: &Field, text: &str) {
        if is_secret_name(field.name()) {
            return self.put(field.name(), FieldValue::from_static(REDACTED));
        }
        let clean = bounded(text, MAX_TEXT);
        self.cut |= text.len() > MAX_TEXT && clean.ends_with('…');
        self.put(field.name(), clean.into_owned().into());
    }
}

impl Visit for Fields {
    fn record_bool(&mut self, field: &Field, value: bool) {
        self.set(field, || value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.set(field, || value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.set(field, || value.into());
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.set(field, || value.into());
    }

    fn record_i128(&mut self, field: &Field, value: i128) {
        self.set(field, || value.to_string().into());
    }

    fn record_u128(&mut self, field: &Field, value: u128) {
        self.set(field, || value.to_string().into());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.set_text(field, value);
    }

    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        self.set(field, || ErrorRecord::of(value).message().into());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if is_secret_name(field.name()) {
            self.put(field.name(), FieldValue::from_static(REDACTED));
        } else {
            let mut written = Written::new(MAX_TEXT);
            self.set_text(field, written.take(format_args!("{value:?}")));
        }
    }
}
