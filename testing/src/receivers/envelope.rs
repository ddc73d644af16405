//! Error events, in [envelopes](https://develop.sentry.dev/sdk/data-model/envelopes/).

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::{Value, json};

use super::receiver::Taken;

/// An error event.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Event {
    /// The trace it happened in.
    pub trace_id: Option<String>,
    /// The span it happened in.
    pub span_id: Option<String>,
    /// The tag `request_id`.
    pub request_id: Option<String>,
    /// `error`, `fatal`.
    pub level: String,
    /// Where it happened, such as `GET /orders/{id}`.
    pub transaction: Option<String>,
    /// The exception, as `type: value`, or the message of an event without one.
    pub title: String,
}

#[derive(Deserialize)]
struct ItemHeader {
    #[serde(rename = "type")]
    kind: String,
    /// Without it, the item ends with its line.
    length: Option<usize>,
}

pub(super) fn take(path: &str, body: &[u8]) -> Option<Result<Taken<Event>>> {
    let project = path.strip_prefix("/api/")?.strip_suffix("/envelope/")?;
    (!project.is_empty() && !project.contains('/')).then(|| {
        let (id, items) = events(body)?;
        Ok(Taken {
            requests: items.len() as u64,
            items,
            content_type: "application/json",
            answer: json!({ "id": id }).to_string().into_bytes(),
        })
    })
}

/// The id of the envelope, and its events; items of other types are passed over.
fn events(envelope: &[u8]) -> Result<(Value, Vec<Event>)> {
    let (header, mut rest) = line(envelope);
    let mut header: Value = serde_json::from_slice(header).context("not an envelope")?;
    let mut events = Vec::new();
    while !rest.is_empty() {
        let (header, after) = line(rest);
        let header: ItemHeader =
            serde_json::from_slice(header).context("not an item of an envelope")?;
        let payload = match header.length {
            Some(length) => {
                let (payload, after) = after
                    .split_at_checked(length)
                    .context("an item is longer than the envelope")?;
                rest = after.strip_prefix(b"\n").unwrap_or(after);
                payload
            }
            None => {
                let (payload, after) = line(after);
                rest = after;
                payload
            }
        };
        if header.kind == "event" {
            events.push(serde_json::from_slice::<Value>(payload).context("not an event")?.into());
        }
    }
    Ok((header["event_id"].take(), events))
}

/// Up to the end of the line, and what follows it.
fn line(text: &[u8]) -> (&[u8], &[u8]) {
    let end = text.iter().position(|byte| *byte == b'\n').unwrap_or(text.len());
    (&text[..end], text.get(end + 1..).unwrap_or_default())
}

impl From<Value> for Event {
    fn from(event: Value) -> Self {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let trace = &event["contexts"]["trace"];
        // The innermost cause comes first.
        let exceptions = event["exception"]["values"].as_array();
        let title = match exceptions.and_then(|values| values.last()) {
            Some(outer) => match (outer["type"].as_str(), outer["value"].as_str()) {
                (Some(kind), Some(value)) => Some(format!("{kind}: {value}")),
                (kind, value) => kind.or(value).map(str::to_owned),
            },
            None => text(&event["logentry"]["formatted"]),
        };
        Self {
            trace_id: text(&trace["trace_id"]),
            span_id: text(&trace["span_id"]),
            request_id: text(&event["tags"]["request_id"]),
            level: text(&event["level"]).unwrap_or_default(),
            transaction: text(&event["transaction"]),
            title: title.unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MESSAGE: &str = r#"{"level":"error","transaction":"GET /a","logentry":{"formatted":"GET /a answered 503"},
        "contexts":{"trace":{"trace_id":"4bf92f","span_id":"00f067"}},"tags":{"request_id":"r-1"}}"#;
    const EXCEPTION: &str = r#"{"exception":{"values":[{"type":"cause","value":"refused"},{"type":"Gateway","value":"unreachable"}]}}"#;

    #[test]
    fn reads_events_with_a_length_and_without() {
        let length = MESSAGE.len();
        let envelope = format!(
            "{{\"event_id\":\"e-1\"}}\n{{\"type\":\"event\",\"length\":{length}}}\n{MESSAGE}\n\
             {{\"type\":\"attachment\",\"length\":3}}\n\n{{\n\n\
             {{\"type\":\"event\"}}\n{EXCEPTION}"
        );
        let taken = take("/api/1/envelope/", envelope.as_bytes()).unwrap().unwrap();
        assert_eq!(taken.answer, br#"{"id":"e-1"}"#);
        assert_eq!(taken.requests, 2);
        let message = Event {
            trace_id: Some("4bf92f".to_owned()),
            span_id: Some("00f067".to_owned()),
            request_id: Some("r-1".to_owned()),
            level: "error".to_owned(),
            transaction: Some("GET /a".to_owned()),
            title: "GET /a answered 503".to_owned(),
        };
        let title = "Gateway: unreachable".to_owned();
        let exception = Event { title, ..Event::default() };
        assert_eq!(taken.items, [message, exception]);
    }

    #[test]
    fn what_is_cut_short_is_not_an_envelope() {
        for broken in [
            "",
            "{}\nnot an item",
            "{}\n{\"type\":\"event\",\"length\":9}\n{}",
            "{}\n{\"type\":\"event\"}\n{",
        ] {
            assert!(take("/api/1/envelope/", broken.as_bytes()).unwrap().is_err(), "{broken}");
        }
    }

    #[test]
    fn knows_the_path_of_every_project_and_no_other() {
        for (path, is_known) in [
            ("/api/1/envelope/", true),
            ("/api/1/store/", false),
            ("/api//envelope/", false),
            ("/api/1/2/envelope/", false),
            ("/envelope/", false),
        ] {
            assert_eq!(take(path, b"{}").is_some(), is_known, "{path}");
        }
    }
}
