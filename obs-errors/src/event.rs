//! An event as the [protocol](https://develop.sentry.dev/sdk/data-model/event-payloads/) has it.

use std::collections::BTreeMap;
use std::time::Duration;

use obs_core::{ErrorRecord, FieldValue, TraceContext};
use serde::{Serialize, Serializer};

use crate::breadcrumbs::Breadcrumbs;
use crate::text::{LONG, SHORT, block, line, split_type};

/// Fields with the names of the protocol, in no particular order.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Event {
    pub(crate) event_id: String,
    pub(crate) timestamp: f64,
    pub(crate) platform: &'static str,
    pub(crate) level: &'static str,
    pub(crate) sdk: Sdk,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) release: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) environment: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) transaction: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) logentry: Option<LogEntry>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) exception: Option<Exceptions>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) tags: BTreeMap<&'static str, String>,
    pub(crate) contexts: Contexts,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) request: Option<Request>,
    #[serde(skip_serializing_if = "Breadcrumbs::is_empty")]
    pub(crate) breadcrumbs: Breadcrumbs,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Sdk {
    name: &'static str,
    version: &'static str,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct LogEntry {
    pub(crate) formatted: String,
}

/// The innermost cause first.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Exceptions {
    pub(crate) values: Vec<Exception>,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Exception {
    r#type: String,
    value: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    module: Option<String>,
    mechanism: Mechanism,
    #[serde(skip_serializing_if = "Option::is_none")]
    stacktrace: Option<Stacktrace>,
}

#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Mechanism {
    r#type: &'static str,
    handled: bool,
}

impl Mechanism {
    pub(crate) fn new(panicked: bool, handled: bool) -> Self {
        Self { r#type: if panicked { "panic" } else { "error" }, handled }
    }

    pub(crate) fn is_panic(self) -> bool {
        self.r#type == "panic"
    }
}

#[derive(Clone, Debug, Serialize)]
struct Stacktrace {
    frames: [Frame; 1],
}

#[derive(Clone, Debug, Serialize)]
struct Frame {
    filename: String,
    lineno: u32,
    colno: u32,
}

#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Contexts {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) trace: Option<Trace>,
    #[serde(skip_serializing_if = "Fields::is_empty")]
    pub(crate) fields: Fields,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Trace {
    trace_id: String,
    span_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent_span_id: Option<String>,
}

/// What the application added to the request: without secrets since then.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fields(pub(crate) Vec<(&'static str, FieldValue)>);

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Request {
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<String>,
    /// The path: the origin is not ours to know, the query not ours to tell.
    url: String,
}

impl Request {
    /// Servers refuse methods of other letters and lengths; such a one is only a tag.
    pub(crate) fn new(method: &str, path: &str) -> Self {
        let letters =
            method.bytes().all(|byte| byte.is_ascii_alphabetic() || b"-_".contains(&byte));
        let known = (3..=32).contains(&method.len()) && letters;
        Self { method: known.then(|| method.to_owned()), url: line(path, LONG) }
    }
}

impl Event {
    pub(crate) fn new(at: Duration, level: &'static str) -> Self {
        Self {
            event_id: format!("{:032x}", fastrand::u128(1..)),
            timestamp: at.as_secs_f64(),
            // As the vendor's own SDK for Rust has it: servers turn `rust` into `other`.
            platform: "native",
            level,
            sdk: Sdk { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
            release: None,
            environment: None,
            transaction: None,
            logentry: None,
            exception: None,
            tags: BTreeMap::new(),
            contexts: Contexts::default(),
            request: None,
            breadcrumbs: Breadcrumbs::default(),
        }
    }

    /// An empty value is no tag.
    pub(crate) fn tag(&mut self, name: &'static str, value: &str) {
        let value = line(value, SHORT);
        if !value.is_empty() {
            self.tags.insert(name, value);
        }
    }
}

impl Exceptions {
    pub(crate) fn of(record: &ErrorRecord, mechanism: Mechanism) -> Self {
        let last = record.chain.len();
        let values = record.chain.iter().rev().zip(1..).map(|(message, nth)| {
            // Only the outermost error's type is known, and the place only of a panic.
            let outer = nth == last;
            Exception::new(if outer { record.kind } else { "cause" }, message, mechanism)
                .at(record.location.as_deref().filter(|_| outer))
        });
        Self { values: values.collect() }
    }

    /// Adds what came of the causes that are there.
    pub(crate) fn push(&mut self, exception: Exception) {
        self.values.push(exception);
    }
}

impl Exception {
    pub(crate) fn new(kind: &str, message: &str, mechanism: Mechanism) -> Self {
        let (module, name) = split_type(kind);
        let name = line(name, SHORT);
        Self {
            r#type: if name.is_empty() { "error".to_owned() } else { name },
            value: block(message, LONG),
            module: module.map(|module| line(module, SHORT)),
            mechanism,
            stacktrace: None,
        }
    }

    /// `location` is `file:line:column`.
    fn at(mut self, location: Option<&str>) -> Self {
        let frame = location.and_then(|location| {
            let mut parts = location.rsplitn(3, ':');
            let colno = parts.next()?.parse().ok()?;
            let lineno = parts.next()?.parse().ok()?;
            Some(Frame { filename: line(parts.next()?, LONG), lineno, colno })
        });
        self.stacktrace = frame.map(|frame| Stacktrace { frames: [frame] });
        self
    }
}

impl From<TraceContext> for Trace {
    fn from(trace: TraceContext) -> Self {
        Self {
            trace_id: trace.trace_id.to_string(),
            span_id: trace.span_id.to_string(),
            parent_span_id: trace.parent.map(|parent| parent.to_string()),
        }
    }
}

impl Fields {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for Fields {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (line(key, SHORT), Value(value))))
    }
}

struct Value<'a>(&'a FieldValue);

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            FieldValue::Bool(value) => serializer.serialize_bool(*value),
            FieldValue::I64(value) => serializer.serialize_i64(*value),
            FieldValue::U64(value) => serializer.serialize_u64(*value),
            FieldValue::F64(value) => serializer.serialize_f64(*value),
            FieldValue::Text(value) => serializer.serialize_str(value),
            other => serializer.collect_str(other),
        }
    }
}
