use std::time::Duration;

use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream};
use tokio::time::sleep;

use crate::domain::orders::Order;

const FRAMES: usize = 10;
/// An export is not urgent: it is paced, and so can be left in the middle.
const DURATION: Duration = Duration::from_millis(300);

/// One JSON object per line.
pub(crate) fn paced(orders: &[Order]) -> impl Stream<Item = serde_json::Result<Bytes>> + use<> {
    let per_frame = orders.len().div_ceil(FRAMES).max(1);
    let frames: Vec<_> = orders.chunks(per_frame).map(ndjson).collect();
    let pause = DURATION / u32::try_from(frames.len()).unwrap_or(1).max(1);
    // The pauses come after the frames: the first lines are there at once.
    stream::iter(frames).flat_map(move |frame| {
        let pause = stream::once(sleep(pause)).filter_map(async |()| None);
        stream::iter([frame]).chain(pause)
    })
}

fn ndjson(orders: &[Order]) -> serde_json::Result<Bytes> {
    let mut lines = Vec::new();
    for order in orders {
        serde_json::to_writer(&mut lines, order)?;
        lines.push(b'\n');
    }
    Ok(lines.into())
}
