use obs_core::Headers;

use crate::EndpointAnswer;
use crate::settings::is_prefix;
use crate::signals::Signals;

/// An endpoint that an adapter mounts outside of the observed part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Endpoint {
    /// `/metrics`: the exposition.
    #[cfg(feature = "metrics")]
    Metrics,
    /// `/metrics/summary`: requests, errors and times by route, as JSON.
    #[cfg(feature = "metrics")]
    Summary,
    /// `/metrics/cardinality`: how many series there are, may be and would be, as JSON.
    #[cfg(feature = "metrics")]
    Cardinality,
    /// `/live`: the process answers.
    #[cfg(feature = "health")]
    Live,
    /// `/ready`: requests may be sent here.
    #[cfg(feature = "health")]
    Ready,
    /// `/health`: the whole report.
    #[cfg(feature = "health")]
    Health,
}

impl Endpoint {
    const PATHS: &[(Self, &str)] = &[
        #[cfg(feature = "metrics")]
        (Self::Metrics, "/metrics"),
        #[cfg(feature = "metrics")]
        (Self::Summary, "/metrics/summary"),
        #[cfg(feature = "metrics")]
        (Self::Cardinality, "/metrics/cardinality"),
        #[cfg(feature = "health")]
        (Self::Live, "/live"),
        #[cfg(feature = "health")]
        (Self::Ready, "/ready"),
        #[cfg(feature = "health")]
        (Self::Health, "/health"),
    ];
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

    /// Without `/metrics` and what is below it.
    #[cfg(feature = "metrics")]
    #[must_use]
    pub fn without_metrics(self) -> Self {
        self.without(Endpoint::Metrics).without_summary().without_cardinality()
    }

    /// Without `/metrics/summary`.
    #[cfg(feature = "metrics")]
    #[must_use]
    pub fn without_summary(self) -> Self {
        self.without(Endpoint::Summary)
    }

    /// Without `/metrics/cardinality`.
    #[cfg(feature = "metrics")]
    #[must_use]
    pub fn without_cardinality(self) -> Self {
        self.without(Endpoint::Cardinality)
    }

    /// Without `/live`.
    #[cfg(feature = "health")]
    #[must_use]
    pub fn without_live(self) -> Self {
        self.without(Endpoint::Live)
    }

    /// Without `/ready`.
    #[cfg(feature = "health")]
    #[must_use]
    pub fn without_ready(self) -> Self {
        self.without(Endpoint::Ready)
    }

    /// Without `/health`.
    #[cfg(feature = "health")]
    #[must_use]
    pub fn without_health(self) -> Self {
        self.without(Endpoint::Health)
    }

    #[cfg(any(feature = "health", feature = "metrics"))]
    fn without(mut self, endpoint: Endpoint) -> Self {
        self.without.push(endpoint);
        self
    }

    /// The endpoints with their paths; `default_prefix` is that of the configuration.
    #[must_use]
    pub fn paths(&self, default_prefix: &str) -> Vec<(Endpoint, String)> {
        let prefix = self.prefix.as_deref().unwrap_or(default_prefix);
        Endpoint::PATHS
            .iter()
            .filter(|(endpoint, _)| !self.without.contains(endpoint))
            .map(|(endpoint, path)| (*endpoint, format!("{prefix}{path}")))
            .collect()
    }
}

/// The answer of an endpoint to a request with `headers`.
#[allow(unused_variables, reason = "without a signal that has an endpoint there is nobody to ask")]
pub(crate) async fn answer(
    endpoint: Endpoint,
    headers: &impl Headers,
    signals: &Signals,
) -> EndpointAnswer {
    match endpoint {
        #[cfg(feature = "metrics")]
        Endpoint::Metrics => crate::signals::metrics::answer(&signals.metrics.store, headers),
        #[cfg(feature = "metrics")]
        Endpoint::Summary => crate::signals::metrics::json(&signals.metrics.store.http().report()),
        #[cfg(feature = "metrics")]
        Endpoint::Cardinality => {
            crate::signals::metrics::json(&signals.metrics.store.cardinality())
        }
        #[cfg(feature = "health")]
        Endpoint::Live => signals.health.live().await.into(),
        #[cfg(feature = "health")]
        Endpoint::Ready => signals.health.ready().await.into(),
        #[cfg(feature = "health")]
        Endpoint::Health => signals.health.health().await.into(),
    }
}

#[cfg(all(test, feature = "health", feature = "metrics"))]
mod tests {
    use super::*;

    #[test]
    fn code_wins_over_the_environments_prefix() {
        let paths = |endpoints: Endpoints| -> Vec<String> {
            endpoints.paths("/env").into_iter().map(|(_, path)| path).collect()
        };
        assert_eq!(
            paths(Endpoints::new()),
            [
                "/env/metrics",
                "/env/metrics/summary",
                "/env/metrics/cardinality",
                "/env/live",
                "/env/ready",
                "/env/health"
            ]
        );
        assert_eq!(
            paths(
                Endpoints::new()
                    .without_health()
                    .without_summary()
                    .without_cardinality()
                    .prefix("/internal")
            ),
            ["/internal/metrics", "/internal/live", "/internal/ready"]
        );
        assert_eq!(paths(Endpoints::new().prefix(""))[0], "/metrics");
    }
}
