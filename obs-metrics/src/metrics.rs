use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Instant;

use bytes::Bytes;
use futures_util::Stream;
use obs_core::source::{Collector, Source};
use obs_core::{Clock, ServiceIdentity, notice};

use crate::build_info::BuildInfo;
use crate::built_in::BuiltIn;
use crate::exposition::BoundStyle;
use crate::scrape::{Flights, LAST, Totals, Walk, export, scrape, stream};
use crate::{
    Cardinality, Families, FamilyDefinition, Format, HttpMetrics, MetricsSettings, Part,
    Representation,
};

/// The metrics of one service: its RED metrics, its outgoing calls, its own families, and every
/// source it was given.
pub struct Metrics {
    http: Arc<HttpMetrics>,
    built_in: Arc<BuiltIn>,
    build_info: Arc<BuildInfo>,
    families: Families,
    added: RwLock<Vec<Arc<dyn Source>>>,
    scrapes: Totals,
    flights: Flights,
    bounds: BoundStyle,
}

impl Metrics {
    /// Metrics without a request yet. What [`MetricsSettings::check`] refuses is its default, with a
    /// warning.
    #[must_use]
    pub fn new(settings: &MetricsSettings, service: &ServiceIdentity) -> Self {
        Self::with_clock(settings, service, Clock::system())
    }

    /// The same on another clock, for tests and for the one that all signals share.
    #[must_use]
    pub fn with_clock(settings: &MetricsSettings, service: &ServiceIdentity, clock: Clock) -> Self {
        let (settings, errors) = &settings.sound();
        for error in errors {
            notice::warn(&format!("invalid metrics setting, its default is used: {error}"));
        }
        let families = Families::new(settings, clock);
        let built_in = Arc::new(BuiltIn::new(settings, &families));
        let http = Arc::new(HttpMetrics::new(settings, Arc::clone(&built_in)));
        let build_info = Arc::new(BuildInfo(service.clone()));
        let heads: Vec<_> = LAST.into_iter().chain(http.late()).collect();
        families.reserve(&heads, &[&*http, &*build_info]);
        let requests = Arc::downgrade(&http);
        families.tell_of_requests(move || Some(requests.upgrade()?.cardinality()));
        built_in.start();
        Self {
            http,
            built_in,
            build_info,
            families,
            added: RwLock::default(),
            scrapes: Totals::default(),
            flights: Flights::default(),
            bounds: settings.naming.bound_style(),
        }
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
        self.added.write().unwrap_or_else(PoisonError::into_inner).push(source);
    }

    /// The exposition in `format`.
    #[must_use]
    pub fn render(&self, format: Format) -> String {
        let mut text = Vec::with_capacity(self.scrapes.expected_bytes());
        self.scrape(format.into(), &mut |chunk| text.extend_from_slice(&chunk));
        // It is made of texts.
        String::from_utf8(text).unwrap_or_default()
    }

    /// Shows every source, to `emit` in chunks of whole families. A source that panics loses its
    /// family at hand and those behind it, which `obs_source_panics_total` counts.
    pub fn scrape(&self, representation: Representation, emit: &mut dyn FnMut(Bytes)) {
        self.scrape_part(Part::All, representation, emit);
    }

    /// As [`scrape`](Self::scrape), a part of it.
    pub fn scrape_part(
        &self,
        part: Part,
        representation: Representation,
        emit: &mut dyn FnMut(Bytes),
    ) {
        let scrapes = (&self.scrapes, self.families.clock());
        scrape(self.walk(part), scrapes, representation, self.bounds, emit);
    }

    /// The body of the answer to a scrape. It is rendered on tokio's blocking threads, as
    /// [`scrape`](Self::scrape) does it, and shared: a scrape that comes while one in the same
    /// representation is under way gets all of that one. A reader that leaves does not stop the others.
    ///
    /// Without a runtime it is rendered where the stream is polled.
    ///
    /// # Errors
    /// The last item, if the rendering died: a source panicked with what panics when it is dropped.
    /// The connection must then be cut, or a reader takes a part for the whole.
    pub fn stream(
        self: &Arc<Self>,
        representation: Representation,
    ) -> impl Stream<Item = io::Result<Bytes>> + Send + use<> {
        self.stream_part(Part::All, representation)
    }

    /// As [`stream`](Self::stream), a part of it; shared with who wants the same part.
    ///
    /// # Errors
    /// As [`stream`](Self::stream).
    pub fn stream_part(
        self: &Arc<Self>,
        part: Part,
        representation: Representation,
    ) -> impl Stream<Item = io::Result<Bytes>> + Send + use<> {
        stream(Arc::clone(self), (part, representation))
    }

    pub(crate) fn whole(&self, part: Part, representation: Representation) -> Bytes {
        let mut whole = Vec::with_capacity(self.scrapes.expected_bytes());
        self.scrape_part(part, representation, &mut |chunk| whole.extend_from_slice(&chunk));
        whole.into()
    }

    pub(crate) fn flights(&self) -> &Flights {
        &self.flights
    }

    fn walk(&self, part: Part) -> Walk {
        let families = |part| Arc::new(self.families.shown(part)) as Arc<dyn Source>;
        let overflowed = self.overflowed();
        if part == Part::Business {
            return Walk { part, sources: vec![families(part)], elsewhere: None, overflowed };
        }
        let own = [self.http.clone() as _, self.build_info.clone() as _, families(part)];
        let added = self.added.read().unwrap_or_else(PoisonError::into_inner);
        let sources = own.into_iter().chain(added.iter().cloned()).collect();
        let elsewhere = (part == Part::Rest).then(|| families(Part::Business));
        Walk { part, sources, elsewhere, overflowed }
    }

    /// What was kept out before it came to a family, by family.
    fn overflowed(&self) -> BTreeMap<String, u64> {
        let lost = self.built_in.all().map(|family| (family.canonical().name, family.lost()));
        let lost = lost.filter(|(_, lost)| *lost > 0);
        let lost = lost.map(|(family, lost)| (family.to_owned(), lost));
        lost.chain([self.http.overflowed()]).collect()
    }
}

/// Everything that a scrape shows but the number of its own series, for another way out of the
/// process. What a scrape leaves out, this does as well; but of a source that panics it has shown
/// what came before the panic.
impl Source for Metrics {
    fn collect(&self, out: &mut dyn Collector) {
        export(self.walk(Part::All), &self.scrapes, out);
    }
}

impl std::fmt::Debug for Metrics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Metrics").field("http", &self.http).finish_non_exhaustive()
    }
}
