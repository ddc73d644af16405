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
    /// to 1; if it cannot be read, nothing is sent.
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
        let (dsn, sample_rate) = destination(reader);
        // Of spans, which do not go there: only what is wrong with it is said.
        let _ = rate(reader, "SENTRY_TRACES_SAMPLE_RATE");
        Self {
            dsn,
            environment: checked(reader, "SENTRY_ENVIRONMENT", MAX_ENVIRONMENT),
            release: checked(reader, "SENTRY_RELEASE", MAX_RELEASE),
            sample_rate: sample_rate.unwrap_or(default.sample_rate),
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

/// Where events go, and how many of them. A share that cannot be read was meant to be a limit: nothing
/// is sent without it.
fn destination(reader: &mut Reader<'_>) -> (Option<Dsn>, Option<f64>) {
    let [dsn, share] = ["SENTRY_DSN", "SENTRY_SAMPLE_RATE"];
    let is_set = [dsn, share].map(|variable| reader.text(variable).is_some());
    let read = reader.parse(dsn, "https://KEY@HOST/PROJECT", |text| text.parse().ok());
    let sample_rate = rate(reader, share);
    match (is_set, &read, sample_rate) {
        ([true, _], None, _) => reader.off("errors", dsn),
        ([true, true], _, None) => reader.off("errors", share),
        _ => {}
    }
    let usable = sample_rate.is_some() || !is_set[1];
    (read.filter(|_| usable), sample_rate)
}

fn rate(reader: &mut Reader<'_>, variable: &str) -> Option<f64> {
    reader.parse(variable, "a number, 0 to 1", |text| {
        text.parse().ok().filter(|rate| (0.0..=1.0).contains(rate))
    })
}

fn checked(reader: &mut Reader<'_>, variable: &str, max: usize) -> Option<String> {
    let allowed = format!("a name of at most {max} bytes without slashes and control characters");
    reader.parse(variable, &allowed, |text| is_name(text, max).then(|| text.to_owned()))
}
