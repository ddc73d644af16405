use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Instant;

use obs_core::source::{Collector, Family, Kind, Source, Value};
use obs_core::{Call, CallObserver, Clock, ServiceIdentity};

use crate::build_info::BuildInfo;
use crate::built_in::BuiltIn;
use crate::exposition::Encoder;
use crate::{Cardinality, Families, FamilyDefinition, Format, HttpMetrics, MetricsSettings};

const DROPPED: Family<'_> = Family {
    name: "obs_series_dropped_total",
    kind: Kind::Counter,
    help: "What was kept out of a family: routes beyond the limit, samples no format can carry.",
};

/// The metrics of one service: its RED metrics, its outgoing calls, and every source it was given.
pub struct Metrics {
    http: Arc<HttpMetrics>,
    built_in: Arc<BuiltIn>,
    families: Families,
    sources: RwLock<Vec<Arc<dyn Source>>>,
    dropped: Mutex<BTreeMap<String, u64>>,
}

impl Metrics {
    /// Metrics without a request yet.
    #[must_use]
    pub fn new(settings: &MetricsSettings, service: &ServiceIdentity) -> Self {
        Self::with_clock(settings, service, Clock::system())
    }

    /// The same on another clock, for tests and for the one that all signals share.
    #[must_use]
    pub fn with_clock(settings: &MetricsSettings, service: &ServiceIdentity, clock: Clock) -> Self {
        let families = Families::new(settings, clock);
        let built_in = Arc::new(BuiltIn::new(settings, &families));
        let http = Arc::new(HttpMetrics::new(settings, Arc::clone(&built_in)));
        let mut sources: Vec<Arc<dyn Source>> =
            vec![http.clone(), Arc::new(BuildInfo(service.clone()))];
        families.reserve(&sources);
        built_in.start();
        sources.push(Arc::new(families.clone()));
        Self { http, built_in, families, sources: RwLock::new(sources), dropped: Mutex::default() }
    }

    /// The observer that counts requests.
    #[must_use]
    pub fn http(&self) -> &Arc<HttpMetrics> {
        &self.http
    }

    /// The families of the application.
    #[must_use]
    pub fn families(&self) -> &Families {
        &self.families
    }

    /// Every family of requests, of the business and of the application as data, with the names that
    /// are in force: what is shown, and what will be as soon as it is used.
    #[must_use]
    pub fn catalog(&self) -> Vec<FamilyDefinition> {
        let mut own = self.families.catalog();
        let mut catalog = self.built_in.catalog();
        for family in &mut catalog {
            // The application may have one of this name.
            if let Some(at) = own.iter().position(|registered| registered.name == family.name) {
                *family = own.swap_remove(at);
            }
        }
        own.sort_by(|a, b| a.name.cmp(&b.name));
        catalog.extend(own);
        catalog
    }

    pub(crate) fn now(&self) -> Instant {
        self.families.clock().now()
    }

    pub(crate) fn built_in(&self) -> &BuiltIn {
        &self.built_in
    }

    /// How many series the families have, may have and would have.
    #[must_use]
    pub fn cardinality(&self) -> Cardinality {
        self.families.cardinality()
    }

    /// Shows a source with every scrape from now on. A family is left out, and its samples are
    /// counted in `obs_series_dropped_total`, if an earlier one has its name or a name of its series
    /// (`x_count` and the histogram `x`).
    pub fn add_source(&self, source: Arc<dyn Source>) {
        self.sources.write().unwrap_or_else(PoisonError::into_inner).push(source);
    }

    /// The exposition in `format`.
    #[must_use]
    pub fn render(&self, format: Format) -> String {
        let sources = self.sources.read().unwrap_or_else(PoisonError::into_inner).clone();
        let mut encoder = Encoder::new(format);
        encoder.reserve(&DROPPED);
        for source in &sources {
            source.collect(&mut encoder);
            encoder.end_of_source();
        }
        self.dropped_series(&mut encoder);
        encoder.finish()
    }

    fn dropped_series(&self, encoder: &mut Encoder) {
        let mut dropped = self.dropped.lock().unwrap_or_else(PoisonError::into_inner);
        for (family, count) in std::mem::take(&mut encoder.dropped) {
            *dropped.entry(family).or_default() += count;
        }
        let mut all = dropped.clone();
        for family in self.built_in.all().filter(|family| family.lost() > 0) {
            *all.entry(family.canonical().name.to_owned()).or_default() += family.lost();
        }
        *all.entry("http_requests_total".to_owned()).or_default() += self.http.routes_overflowed();
        encoder.reserved_family(&DROPPED);
        for (family, count) in &all {
            encoder.sample(&[("family", family)], Value::Integer(*count));
        }
    }
}

impl CallObserver for Metrics {
    fn finish(&self, call: &Call<'_>) {
        self.built_in.finish(call);
    }
}

impl std::fmt::Debug for Metrics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Metrics").field("http", &self.http).finish_non_exhaustive()
    }
}
