use std::error::Error;
use std::fmt::Debug;

use obs_core::ErrorRecord;
use tracing_core::Field;
use tracing_core::field::Visit;

use super::callsite::{Callsite, Role};
use super::record::Record;
use super::scope::Scope;
use obs_core::redact::Written;

/// Writes the message of an event, what stands between message and fields, and the fields.
pub(crate) struct Fields<'a, 'b> {
    pub(crate) record: &'a mut Record<'b>,
    pub(crate) text: &'a mut Written,
    pub(crate) callsite: &'a Callsite,
    pub(crate) identity: &'a [u8],
    /// Instead of the callsite's.
    pub(crate) target: Option<&'a str>,
    pub(crate) scope: &'a Scope,
    /// The names that were written, for the spans.
    pub(crate) seen: &'a mut Vec<&'static str>,
    pub(crate) part: Part,
}

/// Longest target of a record of the `log` crate, in bytes.
const TARGET: usize = 256;

/// What is written in this pass.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// The message, then all fields.
    All,
    Message,
    Fields,
}

impl Fields<'_, '_> {
    /// Ends the message.
    pub(crate) fn head(&mut self) {
        if self.part == Part::Fields {
            return;
        }
        self.part = Part::Fields;
        self.record.raw(b"\"");
        self.record.raw(self.identity);
        match self.target {
            None => self.record.raw(&self.callsite.target),
            Some(target) => {
                self.record.raw(b",\"target\":\"");
                self.record.text(target, TARGET);
                self.record.raw(b"\"");
            }
        }
        if let Some((context, span)) = self.scope.ids() {
            self.record.ids(context, span);
        }
    }

    /// A value that is no text.
    fn number(&mut self, field: &Field, write: impl FnOnce(&mut Record<'_>)) {
        self.put(field, |fields, _| write(fields.record));
    }

    fn put(&mut self, field: &Field, write: impl FnOnce(&mut Self, bool)) {
        let Some(key) = self.callsite.keys.get(field.index()) else { return };
        match (key.role, self.part) {
            (Role::Skipped, _) | (Role::Message, Part::Fields) => return,
            (Role::Message, _) => {
                write(self, true);
                if self.part == Part::All {
                    self.head();
                }
                return;
            }
            (_, Part::Message) => return,
            (Role::Plain | Role::Secret, _) => self.head(),
        }
        if !self.record.key(&key.json) {
            return;
        }
        if self.scope.node().is_some() {
            self.seen.push(key.name);
        }
        if key.role == Role::Secret {
            self.record.redacted();
        } else {
            write(self, false);
        }
    }
}

fn text(record: &mut Record<'_>, text: &str, message: bool) {
    if message {
        record.text(text, record.half());
    } else {
        record.quoted(text);
    }
}

impl Visit for Fields<'_, '_> {
    fn record_bool(&mut self, field: &Field, value: bool) {
        self.number(field, |record| record.bool(value));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.number(field, |record| record.integer(value));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.number(field, |record| record.integer(value));
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.number(field, |record| record.float(value));
    }

    /// As text: few readers of JSON keep so many digits. Spans have them as text too.
    fn record_i128(&mut self, field: &Field, value: i128) {
        self.record_str(field, itoa::Buffer::new().format(value));
    }

    fn record_u128(&mut self, field: &Field, value: u128) {
        self.record_str(field, itoa::Buffer::new().format(value));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field, |fields, message| text(fields.record, value, message));
    }

    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        self.put(field, |fields, message| {
            text(fields.record, &ErrorRecord::of(value).message(), message);
        });
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.put(field, |fields, message| {
            text(fields.record, fields.text.take(format_args!("{value:?}")), message);
        });
    }
}
