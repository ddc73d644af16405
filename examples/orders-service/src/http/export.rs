use std::time::Duration;

use axum::{
    body::{Body, Bytes},
    extract::State,
    http::header,
    response::IntoResponse,
};
use futures_util::{StreamExt, stream};
use tokio::time::sleep;

use super::{AppState, error::Problem};
use crate::domain::orders::Order;

const MOST: i64 = 1_000;
const FRAMES: usize = 10;
/// An export is not urgent: it is paced, and so can be left in the middle.
const DURATION: Duration = Duration::from_millis(300);

/// The newest orders, one JSON object per line.
pub(super) async fn export(State(state): State<AppState>) -> Result<impl IntoResponse, Problem> {
    let orders = state.store.newest_orders(MOST).await?;
    let per_frame = orders.len().div_ceil(FRAMES).max(1);
    let frames: Vec<_> = orders.chunks(per_frame).map(ndjson).collect();
    let pause = DURATION / u32::try_from(frames.len()).unwrap_or(1).max(1);
    // The pauses come after the frames: the first lines are there at once.
    let paced = stream::iter(frames).flat_map(move |frame| {
        let pause = stream::once(sleep(pause)).filter_map(async |()| None);
        stream::iter([frame]).chain(pause)
    });
    Ok(([(header::CONTENT_TYPE, "application/x-ndjson")], Body::from_stream(paced)))
}

fn ndjson(orders: &[Order]) -> Result<Bytes, serde_json::Error> {
    let mut lines = Vec::new();
    for order in orders {
        serde_json::to_writer(&mut lines, order)?;
        lines.push(b'\n');
    }
    Ok(lines.into())
}
