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
        }
    }
}

impl Default for HealthSettings {
    fn default() -> Self {
        Self {
            check_timeout: Duration::from_secs(1),
            cache: Duration::from_secs(1),
            detail: Detail::Full,
        }
    }
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
