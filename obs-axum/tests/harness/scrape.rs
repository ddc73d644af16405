#[cfg(feature = "metrics")]
use obs_axum::{Obs, metrics::Format};

/// The exposition, parsed.
#[derive(Clone, Debug)]
pub(crate) struct Scrape(Vec<Sample>);

#[derive(Clone, Debug)]
struct Sample {
    name: String,
    labels: Vec<(String, String)>,
    value: f64,
}

/// Method, route, status, how many.
pub(crate) type Counted = (String, String, u16, u64);

impl Scrape {
    #[cfg(feature = "metrics")]
    pub(crate) async fn of(obs: &Obs) -> Self {
        Self::parse(&obs.metrics().render(Format::Text))
    }

    pub(crate) fn parse(text: &str) -> Self {
        let samples = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        Self(samples.map(Sample::parse).collect())
    }

    /// The samples of one name that have these labels, summed; a missing one is zero.
    pub(crate) fn value(&self, name: &str, labels: &[(&str, &str)]) -> u64 {
        let samples = self.0.iter().filter(|sample| sample.name == name && sample.has(labels));
        samples.map(|sample| sample.value as u64).sum()
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|sample| sample.name == name)
    }

    /// Every series of `http_requests_total`.
    pub(crate) fn requests(&self) -> Vec<Counted> {
        self.by_series("http_requests_total")
    }

    /// Every series of the histogram, with its count.
    pub(crate) fn timed(&self) -> Vec<Counted> {
        self.by_series("http_request_duration_seconds_count")
    }

    pub(crate) fn in_flight(&self) -> u64 {
        self.value("http_requests_in_flight", &[])
    }

    pub(crate) fn aborted(&self, outcome: &str) -> u64 {
        self.value("obs_requests_aborted_total", &[("outcome", outcome)])
    }

    pub(crate) fn observed_twice(&self) -> u64 {
        self.value("obs_requests_observed_twice_total", &[])
    }

    /// The values of the label `route`, once each.
    pub(crate) fn routes(&self) -> Vec<String> {
        let mut routes: Vec<_> = self.requests().into_iter().map(|(_, route, ..)| route).collect();
        routes.sort();
        routes.dedup();
        routes
    }

    fn by_series(&self, name: &str) -> Vec<Counted> {
        let samples = self.0.iter().filter(|sample| sample.name == name);
        let mut series: Vec<_> = samples
            .map(|sample| {
                let label = |name| sample.label(name).unwrap().to_owned();
                let status = label("status_code").parse().unwrap();
                (label("method"), label("route"), status, sample.value as u64)
            })
            .collect();
        series.sort();
        series
    }
}

impl Sample {
    fn parse(line: &str) -> Self {
        let (series, value) = line.rsplit_once(' ').unwrap();
        let (name, labels) = series.split_once('{').unwrap_or((series, ""));
        let labels = labels.strip_suffix('}').unwrap_or(labels);
        let labels = labels.split_inclusive("\",").filter_map(|label| {
            let (name, value) = label.trim_end_matches(',').split_once("=\"")?;
            Some((name.to_owned(), value.trim_end_matches('"').to_owned()))
        });
        Self { name: name.to_owned(), labels: labels.collect(), value: value.parse().unwrap() }
    }

    fn label(&self, name: &str) -> Option<&str> {
        let mut labels = self.labels.iter();
        labels.find(|(label, _)| label == name).map(|(_, value)| value.as_str())
    }

    fn has(&self, labels: &[(&str, &str)]) -> bool {
        labels.iter().all(|(name, value)| self.label(name) == Some(value))
    }
}
