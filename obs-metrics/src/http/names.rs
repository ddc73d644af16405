//! How the families of requests are called.

use std::sync::Arc;

use obs_core::METHODS;
use obs_core::source::{Collector, Family, Kind, LabelSet, Value};

use crate::built_in::BuiltIn;
use crate::naming::{Canonical, CanonicalLabel as Label, Named};
use crate::store::Texts;
use crate::{MetricsSettings, Naming};

/// The known ones, and what the naming calls the others.
const METHOD: Label = Label::open("method").limit(METHODS.len() + 1);
const ROUTE: Label = Label::open("route");
const STATUS: Label = Label::open("status_code");
const LABELS: [&str; 3] = [METHOD.name, ROUTE.name, STATUS.name];

pub(crate) const REQUESTS: Canonical = Canonical::counter(
    "http_requests_total",
    "Requests, by method, matched route and status; 499: the client left before the headers.",
)
.labels(&[METHOD, ROUTE, STATUS]);
pub(crate) const DURATIONS: Canonical = Canonical::histogram(
    "http_request_duration_seconds",
    "Time from a request's arrival to the end of its response body; streams are left out.",
)
.labels(&[METHOD, ROUTE, STATUS, Label::open("error_type").opt_in()]);
pub(crate) const ERRORS: Canonical = Canonical::counter(
    "http_errors_total",
    "Requests answered with 4xx (except 499) or 5xx, and errors reported by the service, by route.",
)
.labels(&[ROUTE, Label::closed("error_type", &["client_error", "server_error"])]);
pub(crate) const EXCEPTIONS: Canonical = Canonical::counter(
    "exceptions_total",
    "Requests that panicked, or failed with an error reported by the handler, by route.",
)
.labels(&[ROUTE, Label::closed("kind", &["error", "panic"])]);
pub(crate) const SLOW: Canonical = Canonical::counter(
    "slow_requests_total",
    "Requests slower than the threshold for slow requests, by route.",
)
.labels(&[ROUTE]);
pub(crate) const IN_FLIGHT: Canonical =
    Canonical::gauge("http_requests_in_flight", "Requests whose response has not ended.");

pub(crate) const QUERIES: Canonical =
    Canonical::histogram("db_queries_per_request", "Database queries of a request, by route.")
        .labels(&[ROUTE])
        .buckets(&[0.0, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0]);

pub(crate) const ABORTED: Canonical =
    Canonical::counter("obs_requests_aborted_total", "Responses that ended before their body did.")
        .labels(&[Label::closed("outcome", &["body_error", "cancelled_in_body"])]);

pub(crate) const CATALOG: &[Canonical] =
    &[REQUESTS, DURATIONS, ERRORS, EXCEPTIONS, SLOW, QUERIES, IN_FLIGHT, ABORTED];

/// What the label of a method says.
pub(crate) fn know_methods(naming: &mut Naming) {
    let other = naming.other_method.clone();
    let methods: Vec<_> = METHODS.map(str::to_owned).into_iter().chain([other]).collect();
    for family in [REQUESTS, DURATIONS] {
        naming.known_by_default(family.name, METHOD.name, methods.clone());
    }
}

/// What shows every series: the family of the requests or else of the durations, and what it calls
/// a route.
pub(crate) fn family(naming: &Naming) -> (String, String) {
    let shown = [REQUESTS, DURATIONS].into_iter().find_map(|canonical| {
        let named = naming.resolve(&canonical)?;
        Some((named.name, naming.label_name(&canonical, ROUTE.name)))
    });
    shown.unwrap_or_else(|| (REQUESTS.name.to_owned(), ROUTE.name.to_owned()))
}

/// The families that are shown.
#[derive(Debug)]
pub(super) struct Names {
    /// In the rows: those of the requests or, without such a family, of the durations.
    pub(super) texts: Arc<Texts>,
    pub(super) requests: Option<Named>,
    pub(super) durations: Option<Named>,
    pub(super) errors: Option<Named>,
    pub(super) exceptions: Option<Named>,
    pub(super) slow: Option<Named>,
    pub(super) queries: Option<Named>,
    pub(super) in_flight: Option<Named>,
    pub(super) aborted: Option<Named>,
}

impl Names {
    pub(super) fn new(settings: &MetricsSettings, built_in: &BuiltIn) -> Self {
        let named = |canonical: &Canonical| built_in.named(canonical);
        let (requests, durations) = (named(&REQUESTS), named(&DURATIONS));
        let of = |family: &Option<Named>| family.as_ref().and_then(Named::of_rows);
        let labels = of(&requests).or_else(|| of(&durations));
        Self {
            texts: Arc::new(Texts {
                labels: labels.unwrap_or_else(|| LABELS.map(str::to_owned)),
                other_method: settings.naming.other_method.clone(),
            }),
            requests,
            durations,
            errors: named(&ERRORS),
            exceptions: named(&EXCEPTIONS),
            slow: named(&SLOW),
            queries: named(&QUERIES),
            in_flight: named(&IN_FLIGHT),
            aborted: named(&ABORTED),
        }
    }
}

impl Names {
    /// Upper bounds of how often a request asks the database.
    pub(super) fn query_bounds(&self) -> &[f64] {
        self.queries.as_ref().and_then(|family| family.buckets.as_deref()).unwrap_or_default()
    }

    /// What is shown later than the start.
    pub(super) fn late(&self) -> Option<Family<'_>> {
        self.queries.as_ref().map(|family| family.head(Kind::Histogram))
    }

    /// Whether each row is a series of the family, with the same labels.
    pub(super) fn are_of_rows(&self, family: &Named) -> bool {
        family.of_rows().is_some_and(|labels| labels == self.texts.labels)
    }
}

impl Named {
    /// The names of all labels of a row, if it has these and no other.
    fn of_rows(&self) -> Option<[String; 3]> {
        let labels: Vec<String> = self.labels.iter().flatten().cloned().collect();
        if self.has(LABELS.len()) { None } else { labels.try_into().ok() }
    }

    /// Whether it has the canonical label at this place.
    pub(super) fn has(&self, at: usize) -> bool {
        self.labels.get(at).is_some_and(Option::is_some)
    }

    fn head(&self, kind: Kind) -> Family<'_> {
        let unit = self.unit.as_deref().unwrap_or_default();
        Family::new(&self.name, kind, &self.help).with_unit(unit)
    }

    /// Begins the family.
    pub(super) fn begin(&self, kind: Kind, out: &mut dyn Collector) {
        out.family(&self.head(kind));
    }

    /// The labels that are shown; `values` stand in the canonical order. A series does not have a
    /// label without a value.
    pub(super) fn labels(&self, values: &[&str]) -> LabelSet {
        let names = self.labels.iter().zip(values).filter(|(_, value)| !value.is_empty());
        let labels: Vec<(&str, &str)> =
            names.filter_map(|(name, value)| Some((name.as_deref()?, *value))).collect();
        LabelSet::new(&labels).unwrap_or_default()
    }

    /// A sample with these labels.
    pub(super) fn show(&self, values: &[&str], number: u64, out: &mut dyn Collector) {
        out.series(&self.labels(values), &Value::Integer(number).into());
    }
}
