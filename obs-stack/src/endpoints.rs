use obs_core::Headers;
#[cfg(feature = "metrics")]
use obs_metrics::{Metrics, Part};

use crate::settings::is_prefix;
use crate::signals::Signals;
#[cfg(feature = "metrics")]
use crate::signals::metrics;
use crate::{EndpointAnswer, Settings};

/// An endpoint that an adapter mounts outside of the observed part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Endpoint {
    /// `/metrics`: the exposition; without the business if that has an endpoint of its own.
    #[cfg(feature = "metrics")]
    Metrics,
    /// `/metrics/summary`: requests, errors and times by route, as JSON.
    #[cfg(feature = "metrics")]
    Summary,
    /// `/metrics/cardinality`: how many series there are, may be and would be, as JSON.
    #[cfg(feature = "metrics")]
    Cardinality,
    /// `/business-metrics`: the exposition of the business, only with
    /// [`split_business`](obs_metrics::MetricsSettings::split_business).
    #[cfg(feature = "metrics")]
    Business,
    /// `/live`: the process answers.
    #[cfg(feature = "health")]
    Live,
    /// `/startup`: the service has been ready once.
    #[cfg(feature = "health")]
    Startup,
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
        #[cfg(feature = "metrics")]
        (Self::Business, "/business-metrics"),
        #[cfg(feature = "health")]
        (Self::Live, "/live"),
        #[cfg(feature = "health")]
        (Self::Startup, "/startup"),
        #[cfg(feature = "health")]
        (Self::Ready, "/ready"),
        #[cfg(feature = "health")]
        (Self::Health, "/health"),
    ];

    /// Whether there is such an endpoint with these settings.
    #[cfg(feature = "metrics")]
    fn exists(self, settings: &Settings) -> bool {
        self != Self::Business || settings.metrics.split_business
    }

    #[cfg(not(feature = "metrics"))]
    fn exists(self, _: &Settings) -> bool {
        true
    }

    /// Whether it says no more than a word to an orchestrator.
    #[cfg(all(feature = "admin", feature = "health"))]
    pub(crate) fn is_probe(self) -> bool {
        matches!(self, Self::Live | Self::Startup | Self::Ready)
    }

    #[cfg(all(feature = "admin", not(feature = "health")))]
    pub(crate) fn is_probe(self) -> bool {
        false
    }

    /// Whether the application's port has it: all, unless there is an admin listener.
    #[cfg(feature = "admin")]
    fn is_on_the_applications_port(self, settings: &Settings) -> bool {
        settings.admin.addr.is_none() || self.is_probe()
    }

    #[cfg(not(feature = "admin"))]
    fn is_on_the_applications_port(self, _: &Settings) -> bool {
        true
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

    /// Without any metrics: neither `/metrics` and what is below it, nor `/business-metrics`.
    #[cfg(feature = "metrics")]
    #[must_use]
    pub fn without_metrics(self) -> Self {
        let without = self.without(Endpoint::Metrics).without_summary().without_cardinality();
        without.without_business()
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

    /// Without `/business-metrics`. Where the business has an endpoint of its own, `/metrics` does not
    /// show it for all that: it is shown where the application puts
    /// [`Metrics::stream_part`](obs_metrics::Metrics::stream_part).
    #[cfg(feature = "metrics")]
    #[must_use]
    pub fn without_business(self) -> Self {
        self.without(Endpoint::Business)
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

    /// Without `/startup`.
    #[cfg(feature = "health")]
    #[must_use]
    pub fn without_startup(self) -> Self {
        self.without(Endpoint::Startup)
    }

    /// The endpoints of the admin listener, with their paths: all of them, without a prefix.
    #[cfg(feature = "admin")]
    pub(crate) fn of_admin(
        settings: &Settings,
    ) -> impl IntoIterator<Item = (Endpoint, &'static str)> + use<'_> {
        Endpoint::PATHS.iter().copied().filter(|(endpoint, _)| endpoint.exists(settings))
    }

    /// The endpoints that the application's port has with these settings, with their paths: with an
    /// [admin listener](crate::AdminSettings) only `/live`, `/startup` and `/ready`.
    #[must_use]
    pub fn paths(&self, settings: &Settings) -> Vec<(Endpoint, String)> {
        let prefix = self.prefix.as_deref().unwrap_or(&settings.endpoints_prefix);
        Endpoint::PATHS
            .iter()
            .filter(|(endpoint, _)| endpoint.exists(settings) && !self.without.contains(endpoint))
            .filter(|(endpoint, _)| endpoint.is_on_the_applications_port(settings))
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
        Endpoint::Metrics => metrics::answer(&signals.metrics.store, signals.metrics.part, headers),
        #[cfg(feature = "metrics")]
        Endpoint::Summary => {
            metrics::json(&signals.metrics.store, |metrics| metrics.http().report()).await
        }
        #[cfg(feature = "metrics")]
        Endpoint::Cardinality => metrics::json(&signals.metrics.store, Metrics::cardinality).await,
        #[cfg(feature = "metrics")]
        Endpoint::Business => metrics::answer(&signals.metrics.store, Part::Business, headers),
        #[cfg(feature = "health")]
        Endpoint::Live => signals.health.live().await.into(),
        #[cfg(feature = "health")]
        Endpoint::Startup => signals.health.startup().await.into(),
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
        let settings = Settings { endpoints_prefix: "/env".to_owned(), ..Settings::default() };
        let paths = |endpoints: Endpoints| -> Vec<String> {
            endpoints.paths(&settings).into_iter().map(|(_, path)| path).collect()
        };
        assert_eq!(
            paths(Endpoints::new()),
            [
                "/env/metrics",
                "/env/metrics/summary",
                "/env/metrics/cardinality",
                "/env/live",
                "/env/startup",
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
            ["/internal/metrics", "/internal/live", "/internal/startup", "/internal/ready"]
        );
        assert_eq!(paths(Endpoints::new().prefix(""))[0], "/metrics");
    }

    #[test]
    fn the_business_has_an_endpoint_only_if_it_is_split() {
        let has = |endpoints: Endpoints, split| {
            let mut settings = Settings::default();
            settings.metrics.split_business = split;
            endpoints.paths(&settings).contains(&(Endpoint::Business, "/business-metrics".into()))
        };
        assert!(has(Endpoints::new(), true) && has(Endpoints::new().without_summary(), true));
        assert!(!has(Endpoints::new(), false));
        assert!(!has(Endpoints::new().without_business(), true));
        assert!(!has(Endpoints::new().without_metrics(), true));
    }
}
