use std::time::Duration;

use obs_core::config::Reader;

/// How checks run and what answers show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HealthSettings {
    /// How long a check may take before it counts as failed, unless
    /// [`Check::with_timeout`](crate::Check::with_timeout) says otherwise.
    ///
    /// Default 1 s, at least 1 ms; `OBS_HEALTH_CHECK_TIMEOUT_MS`, 1 to 60000. A prober that is to
    /// read the answer needs a longer timeout of its own; Kubernetes' default is 1 s.
    pub check_timeout: Duration,
    /// How long the result of a check is served before a probe runs it again.
    ///
    /// Default 1 s; zero means that only concurrent probes share a run. `OBS_HEALTH_CACHE_MS`,
    /// 0 to 600000.
    pub cache: Duration,
    /// What answers show. Default [`Detail::Full`]; `OBS_HEALTH_DETAIL`, `full` or `words`.
    pub detail: Detail,
    /// How often every check runs by itself, once [`Health::start`](crate::Health::start) was called.
    ///
    /// Default 10 s; zero means never: then checks run only when a probe asks.
    /// `OBS_HEALTH_INTERVAL_MS`, 0 or 100 to 3600000.
    pub interval: Duration,
    /// Whether `/health` answers 503 while the service is `degraded`: an optional check fails, but no
    /// critical one.
    ///
    /// Default `None`: no, it answers 200; in obs-stack, 503 under the metrics preset of Smart Dairy.
    /// `OBS_HEALTH_DEGRADED`, `200` or `503`.
    pub fail_when_degraded: Option<bool>,
}

impl HealthSettings {
    /// The environment's settings, with the defaults for what it does not set. Faults are noted in
    /// the `reader`.
    #[must_use]
    pub fn read(reader: &mut Reader<'_>) -> Self {
        let default = Self::default();
        let words = [("full", Detail::Full), ("words", Detail::Words)];
        Self {
            check_timeout: reader
                .millis("OBS_HEALTH_CHECK_TIMEOUT_MS", 1..=60_000)
                .unwrap_or(default.check_timeout),
            cache: reader.millis("OBS_HEALTH_CACHE_MS", 0..=600_000).unwrap_or(default.cache),
            detail: reader.choice("OBS_HEALTH_DETAIL", &words).unwrap_or(default.detail),
            interval: reader
                .parse("OBS_HEALTH_INTERVAL_MS", "0, or 100 to 3600000", interval)
                .unwrap_or(default.interval),
            fail_when_degraded: reader
                .choice("OBS_HEALTH_DEGRADED", &[("200", false), ("503", true)]),
        }
    }
}

impl Default for HealthSettings {
    fn default() -> Self {
        Self {
            check_timeout: Duration::from_secs(1),
            cache: Duration::from_secs(1),
            detail: Detail::Full,
            interval: Duration::from_secs(10),
            fail_when_degraded: None,
        }
    }
}

fn interval(text: &str) -> Option<Duration> {
    let millis = text.parse().ok().filter(|millis| matches!(millis, 0 | 100..=3_600_000))?;
    Some(Duration::from_millis(millis))
}

/// How much answers tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Detail {
    /// The name, status, latency and kind of error of each check; never what the error says.
    #[default]
    Full,
    /// One word: `{"status":"healthy"}`.
    Words,
}
