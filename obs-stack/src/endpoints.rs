use obs_core::Answer;
use obs_health::Health;
use obs_metrics::{Format, Metrics};

use crate::settings::is_prefix;

/// An endpoint that an adapter mounts outside of the observed part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Endpoint {
    /// `/metrics`: the exposition.
    Metrics,
    /// `/live`: the process answers.
    Live,
    /// `/ready`: requests may be sent here.
    Ready,
    /// `/health`: the whole report.
    Health,
}

impl Endpoint {
    const ALL: [Self; 4] = [Self::Metrics, Self::Live, Self::Ready, Self::Health];

    const fn path(self) -> &'static str {
        match self {
            Self::Metrics => "/metrics",
            Self::Live => "/live",
            Self::Ready => "/ready",
            Self::Health => "/health",
        }
    }
}

/// Which endpoints are mounted, and where: for applications that own such a path themselves.
///
/// ```
/// use obs_stack::Endpoints;
///
/// let endpoints = Endpoints::new().without_health().prefix("/internal");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Endpoints {
    prefix: Option<String>,
    without: Vec<Endpoint>,
}

impl Endpoints {
    /// All of them, at the root or below `OBS_ENDPOINTS_PREFIX`.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts `prefix` before every path, such as `/internal`; empty for the root. It wins over
    /// `OBS_ENDPOINTS_PREFIX`.
    ///
    /// # Panics
    /// At start, if the prefix does not begin with `/`, ends with it or has unusual characters.
    #[must_use]
    #[allow(clippy::panic, reason = "a mistake in code, found when the service is built")]
    pub fn prefix(mut self, prefix: &str) -> Self {
        assert!(
            prefix.is_empty() || is_prefix(prefix),
            "Endpoints::prefix({prefix:?}): a prefix begins with / and does not end with it",
        );
        self.prefix = Some(prefix.to_owned());
        self
    }

    /// Without `/metrics`.
    #[must_use]
    pub fn without_metrics(self) -> Self {
        self.without(Endpoint::Metrics)
    }

    /// Without `/live`.
    #[must_use]
    pub fn without_live(self) -> Self {
        self.without(Endpoint::Live)
    }

    /// Without `/ready`.
    #[must_use]
    pub fn without_ready(self) -> Self {
        self.without(Endpoint::Ready)
    }

    /// Without `/health`.
    #[must_use]
    pub fn without_health(self) -> Self {
        self.without(Endpoint::Health)
    }

    fn without(mut self, endpoint: Endpoint) -> Self {
        self.without.push(endpoint);
        self
    }

    /// The endpoints with their paths; `default_prefix` is that of the configuration.
    #[must_use]
    pub fn paths(&self, default_prefix: &str) -> Vec<(Endpoint, String)> {
        let prefix = self.prefix.as_deref().unwrap_or(default_prefix);
        Endpoint::ALL
            .into_iter()
            .filter(|endpoint| !self.without.contains(endpoint))
            .map(|endpoint| (endpoint, format!("{prefix}{}", endpoint.path())))
            .collect()
    }
}

/// The answer of an endpoint; `accept` is the request's `Accept` header.
pub(crate) async fn answer(
    endpoint: Endpoint,
    accept: &str,
    metrics: &Metrics,
    health: &Health,
) -> Answer {
    match endpoint {
        Endpoint::Metrics => {
            let format = Format::negotiate(accept);
            let body = metrics.render(format).into_bytes();
            Answer { status: 200, content_type: format.content_type(), body }
        }
        Endpoint::Live => health.live().await,
        Endpoint::Ready => health.ready().await,
        Endpoint::Health => health.health().await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_wins_over_the_environments_prefix() {
        let paths = |endpoints: Endpoints| -> Vec<String> {
            endpoints.paths("/env").into_iter().map(|(_, path)| path).collect()
        };
        assert_eq!(
            paths(Endpoints::new()),
            ["/env/metrics", "/env/live", "/env/ready", "/env/health"]
        );
        assert_eq!(
            paths(Endpoints::new().without_health().prefix("/internal")),
            ["/internal/metrics", "/internal/live", "/internal/ready"]
        );
        assert_eq!(paths(Endpoints::new().prefix(""))[0], "/metrics");
    }
}
