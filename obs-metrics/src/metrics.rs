use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use obs_core::source::{Collector, Family, Kind, Source, Value};
use obs_core::{Call, CallObserver, Clock, ServiceIdentity};

use crate::build_info::BuildInfo;
use crate::calls::CallMetrics;
use crate::exposition::Encoder;
use crate::{Cardinality, Families, Format, HttpMetrics, MetricsSettings};

const DROPPED: Family<'_> = Family {
    name: "obs_series_dropped_total",
    kind: Kind::Counter,
    help: "What was kept out of a family: routes beyond the limit, samples no format can carry.",
};

/// The metrics of one service: its RED metrics, its outgoing calls, and every source it was given.
pub struct Metrics {
    http: Arc<HttpMetrics>,
    calls: Arc<CallMetrics>,
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
        let http = Arc::new(HttpMetrics::new(settings));
        let calls = Arc::new(CallMetrics::default());
        let mut sources: Vec<Arc<dyn Source>> =
            vec![http.clone(), calls.clone(), Arc::new(BuildInfo(service.clone()))];
        let families = Families::with_reserved(settings, clock, &sources);
        sources.push(Arc::new(families.clone()));
        Self { http, calls, families, sources: RwLock::new(sources), dropped: Mutex::default() }
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
        let dropped = self.dropped(std::mem::take(&mut encoder.dropped));
        encoder.reserved_family(&DROPPED);
        for (family, count) in &dropped {
            encoder.sample(&[("family", family)], Value::Integer(*count));
        }
    }

    /// What was dropped so far of each family, `more` included.
    fn dropped(&self, more: BTreeMap<String, u64>) -> BTreeMap<String, u64> {
        let mut dropped = self.dropped.lock().unwrap_or_else(PoisonError::into_inner);
        for (family, count) in more {
            *dropped.entry(family).or_default() += count;
        }
        let mut all = dropped.clone();
        *all.entry("http_requests_total".to_owned()).or_default() += self.http.routes_overflowed();
        all
    }
}

/// Everything that a scrape shows, for another way out of the process.
impl Source for Metrics {
    fn collect(&self, out: &mut dyn Collector) {
        let sources = self.sources.read().unwrap_or_else(PoisonError::into_inner).clone();
        for source in &sources {
            source.collect(out);
        }
        out.family(&DROPPED);
        for (family, count) in &self.dropped(BTreeMap::new()) {
            out.sample(&[("family", family)], Value::Integer(*count));
        }
    }
}

impl CallObserver for Metrics {
    fn finish(&self, call: &Call<'_>) {
        self.calls.finish(call);
    }
}

impl std::fmt::Debug for Metrics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Metrics").field("http", &self.http).finish_non_exhaustive()
    }
}
