use std::any::Any;
use std::panic::Location;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use obs_core::Clock;
use obs_core::source::{Collector, Family as Head, Kind, Source};

use super::counter::Counter;
use super::error::{DefinitionError, DefinitionFault};
use super::family::{Family, Registered};
use super::gauge::Gauge;
use super::histogram::Histogram;
use super::info::Info;
use super::labels::Labels;
use super::self_metrics;
use super::series::{Cell, Shape};
use super::validate::validate;
use super::{Definition, FamilyDefinition, LabelValues};
use crate::governor::{Budget, Cardinality, FamilyCardinality};
use crate::names::Names;
use crate::{MetricsSettings, Part};

/// The families of a service: registered here, and shown in that order.
///
/// Most applications use [`define_metrics!`](crate::define_metrics) instead.
///
/// A value, not a global: clones are the same registry, and a test makes its own. A family that is
/// registered again with an equal [`Definition`] is the same family.
///
/// ```
/// use obs_core::Clock;
/// use obs_metrics::{Capped, Definition, Families, MetricsSettings, label_enum};
///
/// label_enum! {
///     /// How an order is paid.
///     pub enum Payment { Bkash = "bkash", Card = "card" }
/// }
///
/// let families = Families::new(&MetricsSettings::default(), Clock::system());
/// let orders = families.counter::<(Payment, bool)>(
///     Definition::new("orders_total", "Orders placed.").labels(["payment", "gift"]),
/// )?;
/// orders.inc((Payment::Bkash, false));
///
/// // Found once, for a hot loop.
/// let gifts = orders.with((Payment::Card, true));
/// gifts.add(3);
/// assert_eq!(gifts.get(), 3);
/// # Ok::<(), obs_metrics::DefinitionError>(())
/// ```
///
/// # Bounds
///
/// A family of closed labels with at most 4 096 combinations has a slot per combination. Any other
/// has at most [`max_series`](Definition::max_series) series and 64 more with
/// [`OTHER`](crate::OTHER); all of these together have at most
/// [`MetricsSettings::max_series`] and 64 more per family.
#[derive(Clone)]
pub struct Families {
    registry: Arc<Registry>,
    /// That of the families which are registered here: the business, or the rest.
    part: Part,
}

/// Says how many series the requests have, as long as the requests' metrics exist.
type Requests = dyn Fn() -> Option<FamilyCardinality> + Send + Sync;

struct Registry {
    settings: MetricsSettings,
    clock: Clock,
    series: Arc<Budget>,
    /// Names of built-in families, and of their series.
    reserved: OnceLock<Names>,
    /// The family of the requests.
    requests: OnceLock<Box<Requests>>,
    families: RwLock<Vec<Arc<dyn Registered>>>,
}

impl Families {
    /// No families yet.
    #[must_use]
    pub fn new(settings: &MetricsSettings, clock: Clock) -> Self {
        let registry = Registry {
            settings: settings.clone(),
            clock,
            series: Arc::new(Budget::new(settings.max_series)),
            reserved: OnceLock::new(),
            requests: OnceLock::new(),
            families: RwLock::default(),
        };
        Self { registry: Arc::new(registry), part: Part::Business }
    }

    /// The same registry; what is registered here is in this part.
    pub(crate) fn of(&self, part: Part) -> Self {
        Self { part, ..self.clone() }
    }

    /// A source that shows a part of them.
    pub(crate) fn shown(&self, part: Part) -> Shown {
        Shown { families: self.clone(), part }
    }

    /// Keeps the names of these families and of what these sources show; once, before a family is
    /// registered.
    pub(crate) fn reserve(&self, families: &[Head<'_>], sources: &[&dyn Source]) {
        self.registry.reserved.get_or_init(|| {
            let mut reserved = self_metrics::names();
            families.iter().for_each(|family| reserved.family(family));
            sources.iter().for_each(|source| source.collect(&mut reserved));
            reserved
        });
    }

    /// Tells of the requests as well, which are kept elsewhere; once.
    pub(crate) fn tell_of_requests(
        &self,
        requests: impl Fn() -> Option<FamilyCardinality> + Send + Sync + 'static,
    ) {
        self.registry.requests.get_or_init(|| Box::new(requests));
    }

    fn requests(&self) -> Option<FamilyCardinality> {
        self.registry.requests.get()?()
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.registry.clock
    }

    /// A name of this family that a built-in one has.
    pub(crate) fn reserved(&self, family: &Head<'_>) -> Option<String> {
        self.registry.reserved.get_or_init(self_metrics::names).taken(family)
    }

    /// A family of counters.
    ///
    /// # Errors
    /// [`DefinitionError`] if the definition is faulty, or there is another family with this name or
    /// a name of its series.
    #[track_caller]
    pub fn counter<L: Labels>(&self, of: Definition) -> Result<Counter<L>, DefinitionError> {
        Ok(Counter::new(self.register::<_, L>(of, Location::caller())?))
    }

    /// A family of gauges.
    ///
    /// # Errors
    /// As [`counter`](Self::counter).
    #[track_caller]
    pub fn gauge<L: Labels>(&self, of: Definition) -> Result<Gauge<L>, DefinitionError> {
        Ok(Gauge::new(self.register::<_, L>(of, Location::caller())?))
    }

    /// A family of histograms.
    ///
    /// # Errors
    /// As [`counter`](Self::counter).
    #[track_caller]
    pub fn histogram<L: Labels>(&self, of: Definition) -> Result<Histogram<L>, DefinitionError> {
        Ok(Histogram::new(self.register::<_, L>(of, Location::caller())?))
    }

    /// A family of facts, each of which is 1: its name ends in `_info` by convention. No combination
    /// of labels is shown before it is set.
    ///
    /// # Errors
    /// As [`counter`](Self::counter).
    #[track_caller]
    pub fn info<L: Labels>(&self, of: Definition) -> Result<Info<L>, DefinitionError> {
        Ok(Info::new(self.gauge(of.zero(false))?))
    }

    fn register<C: Cell, L: Labels>(
        &self,
        definition: Definition,
        place: &'static Location<'static>,
    ) -> Result<Arc<Family<C>>, DefinitionError> {
        self.with_values(definition, &L::values(), None, place)
    }

    /// A family whose labels are no type; with a `budget` of its own, it takes nothing from that of all.
    pub(crate) fn with_values<C: Cell>(
        &self,
        definition: Definition,
        values: &[LabelValues],
        budget: Option<Budget>,
        place: &'static Location<'static>,
    ) -> Result<Arc<Family<C>>, DefinitionError> {
        let family = definition.name.clone().into_owned();
        let registered = self
            .resolve(definition, C::KIND, values, place)
            .and_then(|definition| self.get_or_create(definition, budget));
        registered.map_err(|fault| DefinitionError { family, place, fault })
    }

    /// What the family would be.
    pub(crate) fn resolve(
        &self,
        definition: Definition,
        kind: Kind,
        values: &[LabelValues],
        place: &'static Location<'static>,
    ) -> Result<FamilyDefinition, DefinitionFault> {
        validate(definition, kind, values, &self.registry.settings, place)
    }

    fn get_or_create<C: Cell>(
        &self,
        new: FamilyDefinition,
        budget: Option<Budget>,
    ) -> Result<Arc<Family<C>>, DefinitionFault> {
        if let Some(name) = self.reserved(&new.head()) {
            return Err(DefinitionFault::Reserved(name));
        }
        let mut families = self.registry.families.write().unwrap_or_else(PoisonError::into_inner);
        for there in families.iter() {
            let definition = &there.shape().definition;
            if definition.is(&new)
                && let Ok(family) =
                    (Arc::clone(there) as Arc<dyn Any + Send + Sync>).downcast::<Family<C>>()
            {
                return Ok(family);
            }
            if definition.excludes(&new) {
                let (new, there) = (Box::new(new), Box::new(definition.clone()));
                return Err(DefinitionFault::Conflict { new, there });
            }
        }
        let shape = Shape::new(new, self.part, self.registry.clock.clone());
        let shared = budget.map_or_else(|| Arc::clone(&self.registry.series), Arc::new);
        let family = Arc::new(Family::new(shape, &shared));
        families.push(Arc::clone(&family) as _);
        Ok(family)
    }

    /// Every family as data, in the order of registration.
    #[must_use]
    pub fn catalog(&self) -> Vec<FamilyDefinition> {
        self.all().iter().map(|family| family.shape().definition.clone()).collect()
    }

    /// How many series there are, may be and would be.
    #[must_use]
    pub fn cardinality(&self) -> Cardinality {
        Cardinality {
            series: self.registry.series.used(),
            max_series: self.registry.series.max(),
            families: self
                .all()
                .iter()
                .map(|family| family.cardinality())
                .chain(self.requests())
                .collect(),
        }
    }

    fn all(&self) -> Vec<Arc<dyn Registered>> {
        self.registry.families.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The families of a part.
pub(crate) struct Shown {
    families: Families,
    part: Part,
}

impl Source for Shown {
    fn collect(&self, out: &mut dyn Collector) {
        let families = self.families.all();
        let shown = families.iter().filter(|family| self.part.shows(family.shape().part));
        shown.for_each(|family| family.collect(out));
        if self.part.shows(Part::Rest) {
            self_metrics::collect(self.families.requests(), &families, out);
        }
    }
}

impl Source for Families {
    fn collect(&self, out: &mut dyn Collector) {
        self.shown(Part::All).collect(out);
    }
}

impl std::fmt::Debug for Families {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Families").field("catalog", &self.catalog()).finish_non_exhaustive()
    }
}
