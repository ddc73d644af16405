use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};

use obs_core::config::{ConfigError, Reader};
use obs_core::{Clock, Shutdown, call_observer, set_call_observer};

use crate::obs::Obs;
use crate::settings::Settings;
use crate::signals::Signals;
use crate::signals::subscriber::Foreign;

static INSTALLED: AtomicBool = AtomicBool::new(false);

/// What [`Obs::from_env`] read, before anything runs.
#[derive(Debug)]
#[must_use = "nothing is observed before `install` or `build`"]
pub struct Setup {
    settings: Settings,
    clock: Clock,
    pub(crate) layers: Foreign,
}

/// Something is already installed in this process.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InstallError {
    /// This function has been called before.
    #[error(
        "obs is already installed in this process: call `install` once, in main, and share the handle"
    )]
    Again,
    /// The application has set a `tracing` subscriber of its own. Nothing of obs is installed then.
    #[error(
        "a tracing subscriber was set before `install`, without the layer of obs. Either set none and \
         give your layers to `Setup::with_layer`, or call `Setup::install_without_subscriber` first and \
         add the layer that it returns to your subscriber"
    )]
    Subscriber,
    /// Layers were given to `Setup::with_layer`, and `Setup::install_without_subscriber` sets no
    /// subscriber that could have them.
    #[error(
        "`install_without_subscriber` sets no subscriber: add the layers given to `with_layer` to your own"
    )]
    Layers,
    /// Settings that were made in code: every fault, one to a line.
    #[error("invalid settings made in code:\n{0}")]
    Settings(String),
}

/// What a `main` that returns it prints.
impl fmt::Debug for InstallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Setup {
    /// The given settings, without a look at the environment.
    pub fn new(settings: Settings) -> Self {
        Self { settings, clock: Clock::system(), layers: Foreign::default() }
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
    ///
    /// Signals of the process do not reach it: [`shutdown().begin()`](obs_core::Shutdown::begin) ends what
    /// it serves.
    #[must_use]
    pub fn build(mut self) -> Obs {
        self.settings.settle();
        let shutdown = Shutdown::new(self.settings.shutdown.timeout);
        let signals = Signals::inward(&self.settings, &self.clock, &shutdown);
        Obs::new(self.settings, self.clock, shutdown, signals, false)
    }

    /// The handle of the process: it writes log lines to standard output, exports to the backends
    /// that are configured, reports panics, and takes what drivers report. It says at start what is
    /// exposed.
    ///
    /// It sets the `tracing` subscriber of the process, so call it before anything logs, and set no
    /// subscriber afterwards: `init` of tracing-subscriber panics if one is set. Layers of your own go
    /// into it by `with_layer`, or ours into yours by `install_without_subscriber`. It also sets the logger
    /// of the `log` crate, unless `OBS_LOG_CRATE` is `false`; if another one is set already, that one
    /// stays and a warning says so.
    ///
    /// # The end of the process
    ///
    /// An adapter's `serve`, or [`Obs::finish`], delivers what is held. Without either, dropping the last
    /// `Obs` does, also if `main` returns an error: it waits at most 50 ms for log lines, and for spans,
    /// metrics and events at most a quarter of `OBS_SHUTDOWN_TIMEOUT_MS`, never more than 2 s. Keep a
    /// handle until the end of `main`: one that is stored in a `static` is never dropped.
    ///
    /// `std::process::exit` drops nothing. Call [`Obs::finish`] or [`Obs::flush`] before it. Without that,
    /// spans, metrics and events of the last second are lost, and log lines of the last milliseconds.
    /// An ERROR line outside of a request is there all the same: the thread that logs it waits until it is
    /// written, at most 50 ms. On a busy machine with 2 cores, `cargo run -p obs-stack --example
    /// exit_without_finish` lost the last line in 13 of 100 runs if it was INFO, in 8 of 100 if it was WARN,
    /// and in none of 100 if it was ERROR.
    ///
    /// # Fork
    ///
    /// Threads do not survive a fork, so the child of a process that forks after `install` writes no log
    /// lines and exports nothing. It says so on standard error when its buffer is full or an ERROR line
    /// cannot be written; lines that do not fit are counted as dropped, the others stay in the buffer.
    /// Call `install` after the fork. A child that calls `exec` at once, such as
    /// `std::process::Command`, is not concerned.
    ///
    /// # Errors
    /// [`InstallError`] if something is installed already, or if metrics cannot be as code has set them:
    /// out of bounds, misnamed, or named for an unknown family. Then nothing is installed, and
    /// `install` may be called again.
    pub fn install(self) -> Result<Obs, InstallError> {
        self.start(Signals::install)
    }

    /// Starts all signals, and lets `install` set what there is one of in a process.
    pub(crate) fn start(
        mut self,
        install: impl FnOnce(&Signals, Foreign) -> Result<(), InstallError>,
    ) -> Result<Obs, InstallError> {
        self.settings.settle();
        if let Err(faults) = Signals::check(&self.settings) {
            return Err(InstallError::Settings(faults));
        }
        #[cfg(feature = "admin")]
        self.settings.admin.check().map_err(InstallError::Settings)?;
        if call_observer().is_some() || INSTALLED.swap(true, Ordering::Relaxed) {
            return Err(InstallError::Again);
        }
        let shutdown = Shutdown::new(self.settings.shutdown.timeout);
        let signals = Signals::all(&self.settings, &self.clock, &shutdown);
        install(&signals, self.layers)
            .inspect_err(|_| INSTALLED.store(false, Ordering::Relaxed))?;
        self.settings.warnings.report();
        let obs = Obs::new(self.settings, self.clock, shutdown, signals, true);
        // Calls outside of requests. That there is no other handle was checked before.
        let _ = set_call_observer((&obs).into());
        Ok(obs)
    }
}
