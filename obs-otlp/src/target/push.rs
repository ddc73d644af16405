use std::fmt;
use std::time::Duration;

use obs_core::{Secret, redact};

/// A [push gateway](https://github.com/prometheus/pushgateway), which keeps the numbers of jobs that do
/// not live long enough to be scraped.
///
/// `Debug` shows neither the credentials nor any in the URL.
#[derive(Clone, PartialEq, Eq)]
pub struct PushTarget {
    /// Where it is, such as `http://gateway:9091`; a path is a prefix. Without credentials. One that is
    /// not an `http` or `https` URL is said once when the exporter starts; every push is then dropped
    /// and counted as `unreachable`.
    pub url: String,
    /// `user:password`, for basic authentication. Default none; in `OBS_PUSHGATEWAY_URL` they stand
    /// before the host.
    pub credentials: Option<Secret<String>>,
    /// The label `job` of everything pushed. Default `None`: the name of the service;
    /// `OBS_PUSHGATEWAY_JOB`.
    pub job: Option<String>,
    /// The label `instance`. Default `None`: without it each run of a job replaces what the run before
    /// has left; `OBS_PUSHGATEWAY_INSTANCE`.
    pub instance: Option<String>,
    /// How often it is pushed before the end. Default `None`: only at the end;
    /// `OBS_PUSHGATEWAY_INTERVAL_MS`, 0 (only at the end) to 3600000.
    pub interval: Option<Duration>,
    /// How long one attempt may take, from connecting to the end of the answer. Default 10 s.
    pub timeout: Duration,
}

impl PushTarget {
    /// Pushes to `url`, everything else by default.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            credentials: None,
            job: None,
            instance: None,
            interval: None,
            timeout: Duration::from_secs(10),
        }
    }
}

impl fmt::Debug for PushTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PushTarget")
            .field("url", &redact::text(&self.url))
            .field("credentials", &self.credentials)
            .field("job", &self.job)
            .field("instance", &self.instance)
            .field("interval", &self.interval)
            .field("timeout", &self.timeout)
            .finish()
    }
}
