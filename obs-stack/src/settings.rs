use std::time::Duration;

use obs_core::config::{ConfigError, Reader, Warnings};
use obs_core::{Panics, RequestIds, ServiceIdentity};
#[cfg(feature = "errors")]
use obs_errors::ErrorSettings;
#[cfg(feature = "health")]
use obs_health::HealthSettings;
#[cfg(feature = "logging")]
use obs_logging::LoggingSettings;
#[cfg(feature = "metrics")]
use obs_metrics::MetricsSettings;
#[cfg(feature = "export")]
use obs_otlp::ExportSettings;
#[cfg(feature = "tracing")]
use obs_tracing::TracingSettings;

#[cfg(feature = "admin")]
use crate::AdminSettings;

/// Everything that can be set, in one value: code wins over the environment, which wins over the
/// defaults.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Settings {
    /// Who is speaking.
    pub service: ServiceIdentity,
    /// How request ids travel.
    pub request_ids: RequestIds,
    /// What a client gets when a handler panics. Environment: `OBS_ON_PANIC` (`answer`, `resume`).
    pub panics: Panics,
    /// How metrics are kept.
    #[cfg(feature = "metrics")]
    pub metrics: MetricsSettings,
    /// What is logged, and how.
    #[cfg(feature = "logging")]
    pub logging: LoggingSettings,
    /// Which traces are kept.
    #[cfg(feature = "tracing")]
    pub tracing: TracingSettings,
    /// Which errors are reported, and where.
    #[cfg(feature = "errors")]
    pub errors: ErrorSettings,
    /// Where spans and metrics are sent, and how much memory they and error events may take until
    /// then.
    #[cfg(feature = "export")]
    pub export: ExportSettings,
    /// How health is checked and reported.
    #[cfg(feature = "health")]
    pub health: HealthSettings,
    /// How the service ends.
    pub shutdown: ShutdownSettings,
    /// The port of its own for metrics and health.
    #[cfg(feature = "admin")]
    pub admin: AdminSettings,
    /// What stands before the path of every endpoint on the application's port. Default empty. Environment:
    /// `OBS_ENDPOINTS_PREFIX`, such as `/internal`.
    pub endpoints_prefix: String,
    /// What the environment says and is not used: [`Setup::install`](crate::Setup::install) writes
    /// each as a log line. Default none.
    pub warnings: Warnings,
}

/// How the service ends.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ShutdownSettings {
    /// How long a service that received SIGTERM still accepts requests while it is no
    /// longer ready, so that load balancers see it. Default 3 s. Environment:
    /// `OBS_SHUTDOWN_DELAY_MS`, 0 to 600 000. Ctrl-C does not wait.
    pub delay: Duration,
    /// The deadline for everything, the delay included. Default 25 s. Environment:
    /// `OBS_SHUTDOWN_TIMEOUT_MS`, 1 to 600 000.
    pub timeout: Duration,
}

impl Default for ShutdownSettings {
    fn default() -> Self {
        Self { delay: Duration::from_secs(3), timeout: Duration::from_secs(25) }
    }
}

impl Settings {
    /// Reads all variables.
    ///
    /// # Errors
    /// [`ConfigError`] with every variable of ours that cannot be used, its value and what is
    /// expected; with `OBS_STRICT=true` every other one as well. Else these are
    /// [`warnings`](Self::warnings).
    pub fn read(mut reader: Reader<'_>) -> Result<Self, ConfigError> {
        let mut settings = Self::collect(&mut reader);
        reader.check_names();
        settings.warnings = reader.outcome()?;
        Ok(settings)
    }

    /// Forgets that a signal is off where code has given it a destination.
    pub(crate) fn settle(&mut self) {
        let mut off = std::mem::take(&mut self.warnings.off);
        off.retain(|off| !self.has_destination(off.signal));
        self.warnings.off = off;
    }

    fn has_destination(&self, signal: &str) -> bool {
        match signal {
            #[cfg(feature = "export")]
            "traces" => self.export.traces.is_some(),
            #[cfg(feature = "export")]
            "metrics" => self.export.metrics.is_some(),
            #[cfg(feature = "errors")]
            "errors" => self.errors.is_on(),
            _ => false,
        }
    }

    /// The settings without their warnings; what is wrong is noted in the `reader`.
    #[must_use]
    pub fn collect(reader: &mut Reader<'_>) -> Self {
        let default = Self::default();
        Self {
            service: ServiceIdentity::read(reader),
            request_ids: RequestIds::read(reader),
            panics: reader
                .choice("OBS_ON_PANIC", &[("answer", Panics::Answer), ("resume", Panics::Resume)])
                .unwrap_or(default.panics),
            #[cfg(feature = "metrics")]
            metrics: MetricsSettings::read(reader),
            #[cfg(feature = "logging")]
            logging: LoggingSettings::read(reader),
            #[cfg(feature = "tracing")]
            tracing: TracingSettings::read(reader),
            #[cfg(feature = "errors")]
            errors: ErrorSettings::read(reader),
            #[cfg(feature = "export")]
            export: ExportSettings::read(reader),
            #[cfg(feature = "health")]
            health: HealthSettings::read(reader),
            shutdown: ShutdownSettings::read(reader),
            #[cfg(feature = "admin")]
            admin: AdminSettings::read(reader),
            endpoints_prefix: reader
                .parse(
                    "OBS_ENDPOINTS_PREFIX",
                    "a path that begins with / and does not end with it",
                    |text| is_prefix(text).then(|| text.to_owned()),
                )
                .unwrap_or(default.endpoints_prefix),
            warnings: default.warnings,
        }
    }
}

impl ShutdownSettings {
    fn read(reader: &mut Reader<'_>) -> Self {
        let default = Self::default();
        let delay = reader.millis("OBS_SHUTDOWN_DELAY_MS", 0..=600_000).unwrap_or(default.delay);
        let timeout = reader.millis("OBS_SHUTDOWN_TIMEOUT_MS", 1..=600_000);
        Self { delay, timeout: timeout.unwrap_or(default.timeout) }
    }
}

pub(crate) fn is_prefix(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte);
    text.starts_with('/') && !text.ends_with('/') && text.bytes().all(plain)
}
