//! An event as the [envelope](https://develop.sentry.dev/sdk/data-model/envelopes/) that is posted.

use obs_core::export::Envelope;

use crate::breadcrumbs::Breadcrumbs;
use crate::event::{Event, Fields};

/// The largest event. Servers take at least 1 MiB.
pub(crate) const MAX_EVENT: usize = 200 * 1024;

/// What is in a large event is left out until it fits: first the fields and
/// breadcrumbs, then the causes.
pub(crate) fn envelope(event: &Event) -> Envelope {
    let mut payload = json(event);
    if payload.len() > MAX_EVENT {
        let mut smaller = event.clone();
        smaller.contexts.fields = Fields::default();
        smaller.breadcrumbs = Breadcrumbs::default();
        smaller.tag("obs.cut", "fields");
        payload = json(&smaller);
        if payload.len() > MAX_EVENT {
            if let Some(exception) = &mut smaller.exception {
                exception.values.drain(..exception.values.len().saturating_sub(1));
            }
            smaller.tag("obs.cut", "fields and causes");
            payload = json(&smaller);
        }
    }
    let mut body = format!(
        "{{\"event_id\":\"{}\"}}\n{{\"type\":\"event\",\"length\":{}}}\n",
        event.event_id,
        payload.len()
    )
    .into_bytes();
    body.append(&mut payload);
    body.push(b'\n');
    Envelope { body }
}

/// Cannot fail: all keys are text, and a vector takes everything.
fn json(event: &Event) -> Vec<u8> {
    serde_json::to_vec(event).unwrap_or_default()
}
