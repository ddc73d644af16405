use axum::{
    Error,
    extract::State,
    response::sse::{Event, KeepAlive, Sse},
};
use futures_util::{Stream, StreamExt};

use super::AppState;
use crate::events::Seen;

/// What happens to orders from now on, as server-sent events.
pub(super) async fn watch(
    State(state): State<AppState>,
) -> Sse<impl Stream<Item = Result<Event, Error>>> {
    let events = state.events.watch().map(|seen| match seen {
        Seen::Event(event) => {
            Event::default().event(event.status.as_str()).id(event.order.clone()).json_data(event)
        }
        Seen::Missed(count) => Ok(Event::default().event("missed").data(count.to_string())),
    });
    Sse::new(events).keep_alive(KeepAlive::default())
}
