use std::collections::HashMap;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use futures_util::stream::{self, Stream};
use tokio::runtime::Handle;
use tokio::sync::watch;

use crate::{Metrics, Part, Representation};

/// What scrapers share.
type Wanted = (Part, Representation);

/// The renderings under way: a scrape that wants the same in the meantime shares it.
#[derive(Debug, Default)]
pub(crate) struct Flights(Mutex<HashMap<Wanted, watch::Receiver<Progress>>>);

/// What there is of a rendering.
#[derive(Debug, Default)]
struct Progress {
    chunks: Vec<Bytes>,
    ended: bool,
}

/// The end of a flight that writes. Dropped, it is under way no more.
struct Flight {
    metrics: Arc<Metrics>,
    wanted: Wanted,
    progress: watch::Sender<Progress>,
    whole: bool,
}

impl Flights {
    /// The rendering under way, else a new one off this thread.
    fn board(metrics: &Arc<Metrics>, wanted: Wanted) -> watch::Receiver<Progress> {
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
            let flight = Flight { metrics, wanted, progress: sender, whole: false };
            runtime.spawn_blocking(move || flight.go());
        }
        progress
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Wanted, watch::Receiver<Progress>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Flight {
    fn go(mut self) {
        let (part, representation) = self.wanted;
        self.metrics.scrape_part(part, representation, &mut |chunk| {
            self.progress.send_modify(|progress| progress.chunks.push(chunk));
        });
        self.whole = true;
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        // First: a scrape that has seen the end gets a new one the next time.
        self.metrics.flights().lock().remove(&self.wanted);
        self.progress.send_modify(|progress| progress.ended = self.whole);
    }
}

/// The chunks of a rendering from the beginning, as they come; an error at last if it died.
pub(crate) fn stream(
    metrics: Arc<Metrics>,
    wanted: Wanted,
) -> impl Stream<Item = io::Result<Bytes>> + Send {
    let progress = Flights::board(&metrics, wanted);
    stream::unfold(Some((progress, metrics, 0)), move |state| async move {
        let (mut progress, metrics, sent) = state?;
        let more = |progress: &Progress| progress.ended || progress.chunks.len() > sent;
        let chunk = match progress.wait_for(more).await {
            Ok(seen) => Ok(seen.chunks.get(sent)?.clone()),
            Err(_) => Err(()),
        };
        Some(match chunk {
            Ok(chunk) => (Ok(chunk), Some((progress, metrics, sent + 1))),
            // The runtime takes no work any more: here and now, then.
            Err(()) if sent == 0 => (whole(&metrics, wanted), None),
            Err(()) => (Err(died()), None),
        })
    })
}

fn whole(metrics: &Metrics, (part, representation): Wanted) -> io::Result<Bytes> {
    catch_unwind(AssertUnwindSafe(|| metrics.whole(part, representation))).map_err(|panic| {
        // Dropped, it may panic as well.
        std::mem::forget(panic);
        died()
    })
}

fn died() -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, "the rendering of the metrics panicked")
}
