use obs_core::config::Reader;
use obs_core::{Secret, ServiceIdentity};

use crate::Dsn;
use crate::text::{is_name, name};

/// What servers keep of the name of an environment, in bytes.
const MAX_ENVIRONMENT: usize = 64;
/// What servers keep of the name of a release, in bytes.
const MAX_RELEASE: usize = 200;

/// Where error events go and how many. The default is off: there is no DSN.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ErrorSettings {
    /// The project that takes the events. `None`, the default, captures nothing. Environment:
    /// `SENTRY_DSN`.
    pub dsn: Option<Dsn>,
    /// The environment the events name. Default: that of the service. Environment:
    /// `SENTRY_ENVIRONMENT`.
    pub environment: Option<String>,
    /// The release the events name. Default: `name@version` of the service, `name@revision` if it
    /// has no version, none if it has neither. Environment: `SENTRY_RELEASE`.
    pub release: Option<String>,
    /// The share of events that is kept, at random. Default 1. Environment: `SENTRY_SAMPLE_RATE`, 0
    /// to 1.
    pub sample_rate: f64,
    /// Events per second in the long run; at once, two and a half times as many. What is beyond is
    /// dropped and counted. Default 20. Environment: `OBS_ERRORS_MAX_PER_SECOND`, 1 to 1 000.
    pub max_per_second: u32,
}

impl Default for ErrorSettings {
    fn default() -> Self {
        Self { dsn: None, environment: None, release: None, sample_rate: 1.0, max_per_second: 20 }
    }
}

impl ErrorSettings {
    /// Reads the variables; what is not set stays at its default.
    #[must_use]
    pub fn read(reader: &mut Reader<'_>) -> Self {
        let default = Self::default();
        Self {
            dsn: reader.parse("SENTRY_DSN", "https://KEY@HOST/PROJECT", |text| text.parse().ok()),
            environment: checked(reader, "SENTRY_ENVIRONMENT", MAX_ENVIRONMENT),
            release: checked(reader, "SENTRY_RELEASE", MAX_RELEASE),
            sample_rate: reader
                .parse("SENTRY_SAMPLE_RATE", "a number, 0 to 1", |text| {
                    text.parse().ok().filter(|rate| (0.0..=1.0).contains(rate))
                })
                .unwrap_or(default.sample_rate),
            max_per_second: reader
                .parse("OBS_ERRORS_MAX_PER_SECOND", "a whole number, 1 to 1000", |text| {
                    text.parse().ok().filter(|number| (1..=1000).contains(number))
                })
                .unwrap_or(default.max_per_second),
        }
    }

    /// Whether there is a place to send events to.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.dsn.is_some()
    }

    /// What a sender needs: the URL to post envelopes to (`Content-Type:
    /// application/x-sentry-envelope`), and the value of the header `X-Sentry-Auth`. `None` if off.
    #[must_use]
    pub fn target(&self) -> Option<(String, Secret<String>)> {
        self.dsn.as_ref().map(|dsn| (dsn.envelope_url().to_owned(), dsn.auth()))
    }

    pub(crate) fn environment(&self, service: &ServiceIdentity) -> Option<String> {
        let text = self.environment.as_deref().unwrap_or(&service.environment);
        name(text, MAX_ENVIRONMENT)
    }

    pub(crate) fn release(&self, service: &ServiceIdentity) -> Option<String> {
        let versions = [&service.version, &service.revision];
        let version = versions.into_iter().find(|version| !version.is_empty());
        let of_service = || version.map(|version| format!("{}@{version}", service.name));
        name(&self.release.clone().or_else(of_service)?, MAX_RELEASE)
    }
}

fn checked(reader: &mut Reader<'_>, variable: &str, max: usize) -> Option<String> {
    let allowed = format!("a name of at most {max} bytes without slashes and control characters");
    reader.parse(variable, &allowed, |text| is_name(text, max).then(|| text.to_owned()))
}
