use std::error::Error;
use std::fmt::Debug;

use tracing_core::Field;
use tracing_core::field::Visit;

use crate::redact::{self, REDACTED, is_secret_name};
use crate::{ErrorRecord, FieldValue};

/// The fields of a span or event with their values; each name once, the last value counts.
///
/// Values of secret names are not kept, texts are redacted.
#[derive(Clone, Debug, Default)]
pub struct Fields(Vec<(&'static str, FieldValue)>);

impl Fields {
    /// The fields, in the order in which they were first recorded.
    #[must_use]
    pub fn as_slice(&self) -> &[(&'static str, FieldValue)] {
        &self.0
    }

    /// The value of a field.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&FieldValue> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    pub(super) fn take(&mut self) -> Vec<(&'static str, FieldValue)> {
        std::mem::take(&mut self.0)
    }

    fn set(&mut self, field: &Field, value: impl Into<FieldValue>) {
        let name = field.name();
        let value = if is_secret_name(name) { REDACTED.into() } else { value.into() };
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => *known = value,
            None => self.0.push((name, value)),
        }
    }

    fn set_text(&mut self, field: &Field, text: &str) {
        self.set(field, redact::text(text).into_owned());
    }
}

impl Visit for Fields {
    fn record_bool(&mut self, field: &Field, value: bool) {
        self.set(field, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.set(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.set(field, value);
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.set(field, value);
    }

    fn record_i128(&mut self, field: &Field, value: i128) {
        self.set(field, value.to_string());
    }

    fn record_u128(&mut self, field: &Field, value: u128) {
        self.set(field, value.to_string());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.set_text(field, value);
    }

    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        self.set(field, ErrorRecord::of(value).chain.join(": "));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.set_text(field, &format!("{value:?}"));
    }
}
