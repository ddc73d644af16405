use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use futures_util::stream::{self, Stream};
use tokio::runtime::Handle;
use tokio::sync::watch;

use crate::{Metrics, Representation};

/// The renderings under way: whoever wants the same in the meantime shares it.
#[derive(Debug, Default)]
pub(crate) struct Flights(Mutex<HashMap<Representation, watch::Receiver<Progress>>>);

/// What there is of a rendering.
#[derive(Debug, Default)]
struct Progress {
    chunks: Vec<Bytes>,
    ended: bool,
}

/// The end of a flight that writes. Dropped, it is under way no more.
struct Flight {
    metrics: Arc<Metrics>,
    representation: Representation,
    progress: watch::Sender<Progress>,
    whole: bool,
}

impl Flights {
    /// The rendering under way, else a new one off this thread.
    fn board(metrics: &Arc<Metrics>, wanted: Representation) -> watch::Receiver<Progress> {
        let mut flights = metrics.flights().lock();
        if let Some(progress) = flights.get(&wanted) {
            return progress.clone();
        }
        let (sender, progress) = watch::channel(Progress::default());
        if let Ok(runtime) = Handle::try_current() {
            flights.insert(wanted, progress.clone());
            // Not under the lock: a runtime that ends drops the flight, which takes it as well.
            drop(flights);
            let metrics = Arc::clone(metrics);
            let flight = Flight { metrics, representation: wanted, progress: sender, whole: false };
            runtime.spawn_blocking(move || flight.go());
        }
        progress
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Representation, watch::Receiver<Progress>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Flight {
    fn go(mut self) {
        self.metrics.scrape(self.representation, &mut |chunk| {
            self.progress.send_modify(|progress| progress.chunks.push(chunk));
        });
        self.whole = true;
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        // First: whoever has seen the end gets a new one the next time.
        self.metrics.flights().lock().remove(&self.representation);
        self.progress.send_modify(|progress| progress.ended = self.whole);
    }
}

/// The chunks of a rendering from the beginning, as they come.
pub(crate) fn stream(
    metrics: Arc<Metrics>,
    wanted: Representation,
) -> impl Stream<Item = Result<Bytes, Infallible>> + Send {
    let progress = Flights::board(&metrics, wanted);
    stream::unfold((progress, Some(metrics), 0), move |(mut progress, metrics, sent)| async move {
        let more = |progress: &Progress| progress.ended || progress.chunks.len() > sent;
        let (chunk, metrics) = match progress.wait_for(more).await {
            Ok(seen) => (seen.chunks.get(sent)?.clone(), metrics),
            // The runtime takes no work any more: here and now, then.
            Err(_) if sent == 0 => (metrics?.whole(wanted), None),
            Err(_) => return None,
        };
        Some((Ok(chunk), (progress, metrics, sent + 1)))
    })
}
