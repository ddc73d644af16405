use std::error::Error;
use std::sync::Arc;

use obs_health::{Check, Health};

use super::signal::{self, Assembly};
use crate::obs::Obs;
use crate::settings::Settings;
use crate::setup::InstallError;

pub(crate) type Signal = Health;

impl signal::Signal for Signal {
    fn join(assembly: &mut Assembly<'_>) -> Self {
        let Assembly { settings, clock, shutdown, .. } = *assembly;
        let mut health = settings.health.clone();
        health.fail_when_degraded = health.fail_when_degraded.or_else(|| of_preset(settings));
        let health = Health::new(health, clock.clone(), shutdown.clone());
        health.show_off(settings.warnings.off.iter().map(|off| off.signal));
        assembly.sources.push(Arc::new(health.clone()));
        health
    }

    /// Checks run on a schedule from now on, if this is inside of a runtime; else once it is served.
    fn install(&self) -> Result<(), InstallError> {
        self.start();
        Ok(())
    }
}

/// What the system that the metrics are named for wants `/health` to answer.
#[cfg(feature = "metrics")]
fn of_preset(settings: &Settings) -> Option<bool> {
    (settings.metrics.naming.base() == obs_metrics::Preset::SmartDairy).then_some(true)
}

#[cfg(not(feature = "metrics"))]
fn of_preset(_: &Settings) -> Option<bool> {
    None
}

impl Obs {
    /// Adds a critical check, now or at any later time: while it fails, `/ready` and `/health`
    /// answer 503. The same name again replaces the check.
    ///
    /// It runs when a probe asks and, once the handle is installed or served, every
    /// `OBS_HEALTH_INTERVAL_MS`.
    ///
    /// ```
    /// # let obs = obs_stack::Setup::new(Default::default()).build();
    /// obs.check("database", || async { Ok::<(), std::io::Error>(()) });
    /// ```
    pub fn check<P, F, E>(&self, name: impl Into<String>, probe: P)
    where
        P: Fn() -> F + Send + Sync + 'static,
        F: Future<Output = Result<(), E>> + Send + 'static,
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        self.add_check(Check::new(name, probe));
    }

    /// Adds a check with options, such as [`Check::optional`].
    pub fn add_check(&self, check: Check) {
        self.health().add(check);
    }

    /// The checks of the service.
    #[must_use]
    pub fn health(&self) -> &Health {
        &self.0.signals.health
    }
}
