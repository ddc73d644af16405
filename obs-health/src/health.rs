use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use obs_core::{Clock, Shutdown};

use crate::check::Check;
use crate::reading::Reading;
use crate::report::{Checked, Checks, Off, Report, Status};
use crate::schedule::Schedule;
use crate::settings::{Detail, HealthSettings};
use crate::slot::Slot;
use obs_core::Answer;

/// The checks of a service, and the answers to its probes. Clones share them.
#[derive(Clone)]
pub struct Health(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) settings: HealthSettings,
    clock: Clock,
    pub(crate) shutdown: Shutdown,
    pub(crate) schedule: Schedule,
    /// The service has been ready once.
    started: AtomicBool,
    /// In order of addition; each name once.
    slots: Mutex<Vec<Arc<Slot>>>,
    /// Signals that are off though they were asked for.
    off: OnceLock<Vec<&'static str>>,
}

impl Health {
    /// No checks yet: ready and healthy.
    ///
    /// `clock` tells the uptime, the latencies and the age of results; `shutdown` tells when the
    /// service drains and is no longer ready.
    #[must_use]
    pub fn new(settings: HealthSettings, clock: Clock, shutdown: Shutdown) -> Self {
        Self(Arc::new(Inner {
            settings,
            clock,
            shutdown,
            schedule: Schedule::default(),
            started: AtomicBool::new(false),
            slots: Mutex::default(),
            off: OnceLock::new(),
        }))
    }

    /// Adds a check, at any time; one of the same name is replaced, with its results.
    ///
    /// The next probe runs it, or the schedule if it was [started](Self::start).
    pub fn add(&self, check: Check) {
        let limit = check.timeout.unwrap_or(self.0.settings.check_timeout);
        let limit = limit.max(Duration::from_millis(1));
        let slot = Arc::new(Slot::new(check, self.0.clock.clone(), limit));
        let mut slots = self.lock();
        let same = slots.iter_mut().find(|earlier| earlier.check.name == slot.check.name);
        let replaced = match same {
            Some(same) => {
                slot.follow(same);
                Some(std::mem::replace(same, slot))
            }
            None => {
                slots.push(slot);
                None
            }
        };
        drop(slots);
        // Runs the destructors of what the check captured: not under the lock.
        drop(replaced);
        self.0.schedule.wake();
    }

    /// Shows in the report of [`health`](Self::health) that these signals are off, since the
    /// environment asks for them in a way that cannot be used. Information only: the status does not
    /// depend on it. Only the first call counts.
    pub fn show_off(&self, signals: impl IntoIterator<Item = &'static str>) {
        let _ = self.0.off.set(signals.into_iter().collect());
    }

    /// Whether the process answers at all: always 200, without looking at anything.
    pub async fn live(&self) -> Answer {
        Status::Alive.word()
    }

    /// Whether the start is over: 503 until [`ready`](Self::ready) would answer 200 for the first time,
    /// from then on 200, whatever happens to the checks. For the
    /// [startup probe](https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/#startup-probe)
    /// of Kubernetes.
    ///
    /// Runs the critical checks until then, as `ready` does, and takes as long.
    pub async fn startup(&self) -> Answer {
        if self.0.started.load(Ordering::Relaxed) {
            return Status::Started.word();
        }
        let ready = self.ready().await;
        if ready.status == 200 { Status::Started.word() } else { ready }
    }

    /// Whether requests should be sent here: 200, or 503 while a critical check fails or the
    /// service drains. Optional checks have no say and are not waited for.
    ///
    /// Takes at most the longest timeout of a critical check; dropping the future ends no run.
    pub async fn ready(&self) -> Answer {
        if self.0.shutdown.is_draining() {
            return Status::Draining.word();
        }
        let slots = self.slots();
        let critical: Vec<_> = slots.iter().filter(|slot| slot.check.critical).collect();
        let checks = self.readings(&critical, self.0.settings.cache).await;
        if self.0.shutdown.is_draining() {
            return Status::Draining.word();
        }
        let status = Status::of(&checks);
        if status != Status::Unhealthy {
            self.0.started.store(true, Ordering::Relaxed);
        }
        match self.0.settings.detail {
            Detail::Full => status.answer(&Checks(&checks)),
            Detail::Words => status.word(),
        }
    }

    /// How the service and its dependencies are: 200 when `healthy` or `degraded` (an optional
    /// check fails), 503 when `unhealthy` (a critical one fails). With
    /// [`HealthSettings::fail_when_degraded`] `degraded` is 503 as well.
    ///
    /// Takes at most the longest timeout of a check; dropping the future ends no run.
    pub async fn health(&self) -> Answer {
        let slots = self.slots();
        let all: Vec<_> = slots.iter().collect();
        let checks = self.readings(&all, self.0.settings.cache).await;
        let status = Status::of(&checks);
        let mut answer = match self.0.settings.detail {
            Detail::Full => status.answer(&Report {
                status,
                uptime: self.0.clock.uptime(),
                timestamp: self.0.clock.unix(self.0.clock.now()),
                checks: Checks(&checks),
                signals: Off(self.0.off.get().map_or(&[], Vec::as_slice)),
            }),
            Detail::Words => status.word(),
        };
        if status == Status::Degraded && self.0.settings.fail_when_degraded == Some(true) {
            answer.status = 503;
        }
        answer
    }

    /// Runs every check for the schedule, or joins its run. A reading of a probe is good enough if it is younger
    /// than half an interval, unless the cache is shorter still.
    pub(crate) async fn run_all(&self) {
        let slots = self.slots();
        let settings = &self.0.settings;
        let cache = settings.cache.min(settings.interval / 2);
        self.readings(&slots.iter().collect::<Vec<_>>(), cache).await;
    }

    /// The last reading of every check that has one.
    pub(crate) fn last(&self) -> Vec<(Arc<Slot>, Reading)> {
        let slots = self.slots().into_iter();
        slots.filter_map(|slot| slot.last().map(|last| (slot, last))).collect()
    }

    /// Runs every check whose last reading is older than `cache`, or joins its run.
    async fn readings<'a>(&self, slots: &[&'a Arc<Slot>], cache: Duration) -> Vec<Checked<'a>> {
        // All begin before the first is waited for.
        let joined: Vec<_> = slots.iter().map(|slot| slot.join(cache)).collect();
        let mut checks = Vec::with_capacity(slots.len());
        for (slot, joined) in slots.iter().zip(joined) {
            let reading = match joined.reading().await {
                Some(reading) => reading,
                // The runtime that ran it has ended; this one may not have.
                None => match slot.join(cache).reading().await {
                    Some(reading) => reading,
                    None => slot.lost(),
                },
            };
            checks.push(Checked { name: &slot.check.name, critical: slot.check.critical, reading });
        }
        checks
    }

    fn slots(&self) -> Vec<Arc<Slot>> {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Arc<Slot>>> {
        self.0.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Health {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let slots = self.slots();
        let checks: Vec<_> = slots.iter().map(|slot| &slot.check).collect();
        f.debug_struct("Health")
            .field("settings", &self.0.settings)
            .field("checks", &checks)
            .finish_non_exhaustive()
    }
}
