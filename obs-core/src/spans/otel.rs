//! Fields of a span that say what its exported form is, by the names of the crate
//! `tracing-opentelemetry`.

use std::borrow::Cow;

use super::Fields;
use crate::FieldValue;
use crate::export::SpanKind;

type Attributes = Vec<(Cow<'static, str>, FieldValue)>;

/// What the fields `otel.*` say of a span.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Otel {
    /// `otel.name`.
    pub(super) name: Option<Cow<'static, str>>,
    /// `otel.kind`: `server`, `client`, `producer`, `consumer`, `internal`, in any case.
    pub(super) kind: Option<SpanKind>,
    /// `otel.status_code`, in any case: `Some(true)` for `error`, `Some(false)` for `ok`.
    pub(super) failed: Option<bool>,
    /// `otel.status_description`, or `otel.status_message`, its older name.
    pub(super) description: Option<String>,
}

impl Otel {
    /// Takes the fields out of the attributes; one with an unknown value stays an attribute.
    pub(super) fn take(attributes: &mut Attributes) -> Self {
        let mut otel = Self::default();
        if attributes.iter().any(|(name, _)| name.starts_with("otel.")) {
            attributes.retain(|(name, value)| !otel.set(name, value));
        }
        otel
    }

    fn set(&mut self, name: &str, value: &FieldValue) -> bool {
        match name {
            "otel.name" => self.name = Some(value.to_string().into()),
            "otel.kind" => match kind(&value.to_string()) {
                Some(kind) => self.kind = Some(kind),
                None => return false,
            },
            "otel.status_code" => match value.to_string() {
                code if code.eq_ignore_ascii_case("error") => self.failed = Some(true),
                code if code.eq_ignore_ascii_case("ok") => self.failed = Some(false),
                _ => return false,
            },
            "otel.status_description" | "otel.status_message" => {
                self.description = Some(value.to_string());
            }
            _ => return false,
        }
        true
    }

    /// The error of the span; `error` is what its field `error` says.
    pub(super) fn error(self, error: Option<String>) -> Option<String> {
        match self.failed {
            Some(false) => None,
            Some(true) => Some(self.description.or(error).unwrap_or_default()),
            // A description alone says that something went wrong.
            None => self.description.or(error),
        }
    }
}

fn kind(text: &str) -> Option<SpanKind> {
    const KINDS: [(&str, SpanKind); 5] = [
        ("server", SpanKind::Server),
        ("client", SpanKind::Client),
        ("producer", SpanKind::Producer),
        ("consumer", SpanKind::Consumer),
        ("internal", SpanKind::Internal),
    ];
    KINDS.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(text)).map(|(_, kind)| kind)
}

impl Fields {
    /// The attributes of the exported span, and what is no attribute.
    pub(super) fn into_exported(self) -> (Attributes, Otel) {
        let mut attributes = self.into_attributes();
        let otel = Otel::take(&mut attributes);
        (attributes, otel)
    }
}
