use std::error::Error;
use std::sync::Arc;

use obs_health::{Check, Health};

use super::signal::{self, Assembly};
use crate::obs::Obs;

pub(crate) type Signal = Health;

impl signal::Signal for Signal {
    fn join(assembly: &mut Assembly<'_>) -> Self {
        let Assembly { settings, clock, shutdown, .. } = *assembly;
        let health = Health::new(settings.health.clone(), clock.clone(), shutdown.clone());
        health.show_off(settings.warnings.off.iter().map(|off| off.signal));
        assembly.sources.push(Arc::new(health.clone()));
        health
    }
}

impl Obs {
    /// Adds a critical check, now or at any later time: while it fails, `/ready` and `/health`
    /// answer 503. The same name again replaces the check.
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
