use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use obs_core::Clock;
use tokio::runtime::Handle;
use tokio::sync::watch;

use crate::check::Check;
use crate::news::{News, Told};
use crate::reading::{ErrorKind, Reading};
use crate::run::{self, Run};

/// A check with its last reading and the run under way, if there is one.
pub(crate) struct Slot {
    pub(crate) check: Check,
    clock: Clock,
    limit: Duration,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    last: Option<Reading>,
    flight: Option<Flight>,
    /// A run that would not be aborted.
    stuck: Option<Run>,
    told: Told,
}

/// Gets the reading when the run ends; closed without one if the run is lost with its runtime.
type Flight = watch::Receiver<Option<Reading>>;

impl Slot {
    pub(crate) fn new(check: Check, clock: Clock, limit: Duration) -> Self {
        Self { check, clock, limit, state: Mutex::default() }
    }

    /// Takes over what was logged about `earlier`, which holds the same name.
    pub(crate) fn follow(&self, earlier: &Self) {
        self.state().told = earlier.state().told.hand_over();
    }

    /// The last reading, whatever its age.
    pub(crate) fn last(&self) -> Option<Reading> {
        self.state().last
    }

    /// Joins the run under way or begins one, unless the last reading is younger than `cache`.
    pub(crate) fn join(self: &Arc<Self>, cache: Duration) -> Joined {
        let mut state = self.state();
        let now = self.clock.now();
        if let Some(last) = state.last
            && now.saturating_duration_since(last.at) < cache
        {
            return Joined::Known(last);
        }
        if let Some(flight) = &state.flight
            && flight.has_changed().is_ok()
        {
            return Joined::Flying(flight.clone());
        }
        let (land, flight) = watch::channel(None);
        state.flight = Some(flight.clone());
        let stuck = state.stuck.take();
        drop(state);
        // Without a runtime `land` is dropped here, and the prober sees a lost run.
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(self.clone().fly(stuck, land));
        }
        Joined::Flying(flight)
    }

    /// The reading of a check whose run was lost twice.
    pub(crate) fn lost(&self) -> Reading {
        let reading = Reading {
            at: self.clock.now(),
            latency: Duration::ZERO,
            failed: Some(ErrorKind::Error),
        };
        let news = self.record(reading);
        self.tell(news, "it needs a tokio runtime with timers");
        reading
    }

    /// One run, in a task of its own: no prober can end it.
    async fn fly(self: Arc<Self>, mut running: Option<Run>, land: watch::Sender<Option<Reading>>) {
        let began = self.clock.now();
        let ended = run::once(&self.check.probe, self.limit, &mut running).await;
        let at = self.clock.now();
        let (failed, cause) = match ended {
            Ok(()) => (None, String::new()),
            Err((kind, cause)) => (Some(kind), cause),
        };
        let reading = Reading { at, latency: at.saturating_duration_since(began), failed };
        self.state().stuck = running;
        let news = self.record(reading);
        land.send_replace(Some(reading));
        drop(land);
        self.tell(news, &cause);
    }

    fn record(&self, reading: Reading) -> Option<News> {
        let mut state = self.state();
        state.last = Some(reading);
        state.told.news(&reading)
    }

    fn tell(&self, news: Option<News>, cause: &str) {
        if let Some(news) = news {
            news.tell(&self.check.name, cause);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How a prober gets its reading.
pub(crate) enum Joined {
    Known(Reading),
    Flying(Flight),
}

impl Joined {
    /// Waits for the reading; `None` if the run is lost.
    pub(crate) async fn reading(self) -> Option<Reading> {
        match self {
            Self::Known(reading) => Some(reading),
            Self::Flying(mut flight) => *flight.wait_for(Option::is_some).await.ok()?,
        }
    }
}
