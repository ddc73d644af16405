use std::sync::Arc;

use obs_core::config::{ConfigError, Reader};
use obs_core::{Clock, set_call_observer};

use crate::obs::Obs;
use crate::settings::Settings;

/// What [`Obs::from_env`] read, before anything runs.
#[derive(Clone, Debug)]
#[must_use = "nothing is observed before `install` or `build`"]
pub struct Setup {
    settings: Settings,
    clock: Clock,
}

/// Something is already installed in this process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "obs is already installed in this process: call `install` once, in main, and share the handle"
)]
#[non_exhaustive]
pub struct InstallError;

impl Setup {
    /// The given settings, without a look at the environment.
    pub fn new(settings: Settings) -> Self {
        Self { settings, clock: Clock::system() }
    }

    /// Reads the settings through `reader`.
    ///
    /// # Errors
    /// [`ConfigError`] with every variable that cannot be used.
    pub fn read(reader: Reader<'_>) -> Result<Self, ConfigError> {
        Settings::read(reader).map(Self::new)
    }

    /// The name of the service. Wins over `OTEL_SERVICE_NAME`.
    pub fn with_service_name(mut self, name: impl Into<String>) -> Self {
        self.settings.service.name = name.into();
        self
    }

    /// The version of the service, such as `env!("CARGO_PKG_VERSION")`. Wins over the environment.
    pub fn with_service_version(mut self, version: impl Into<String>) -> Self {
        self.settings.service.version = version.into();
        self
    }

    /// Changes any setting. Wins over the environment.
    pub fn with_settings(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        change(&mut self.settings);
        self
    }

    /// Another clock, for tests.
    pub fn with_clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// A handle that touches nothing global and says nothing: for tests, or several in one process.
    #[must_use]
    pub fn build(self) -> Obs {
        Obs::new(self.settings, self.clock, false)
    }

    /// The handle of the process: what drivers report ends up here, and it says at start what is
    /// exposed.
    ///
    /// # Errors
    /// [`InstallError`] if something is installed already.
    pub fn install(self) -> Result<Obs, InstallError> {
        let obs = Obs::new(self.settings, self.clock, true);
        set_call_observer(Arc::clone(obs.metrics()) as _).map_err(|_| InstallError)?;
        Ok(obs)
    }
}
