use std::panic::Location;
use std::sync::{Arc, OnceLock};

use obs_core::notice;

use super::Declaration;
use crate::families::{Cell, Family};
use crate::{
    Counter, DefinitionError, DefinitionErrors, Families, Gauge, Histogram, Info, Metrics,
    installed,
};

/// Registers the metrics of one struct, and keeps all that is wrong with them.
#[derive(Debug)]
pub struct Registration<'a> {
    families: &'a Families,
    faults: Vec<DefinitionError>,
}

impl<'a> Registration<'a> {
    #[must_use]
    pub fn new(metrics: &'a Metrics) -> Self {
        Self { families: metrics.families(), faults: Vec::new() }
    }

    #[track_caller]
    pub fn counter<L>(&mut self, metric: &Declaration) -> Option<Counter<L>> {
        self.register(metric, Location::caller()).map(Counter::new)
    }

    #[track_caller]
    pub fn gauge<L>(&mut self, metric: &Declaration) -> Option<Gauge<L>> {
        self.register(metric, Location::caller()).map(Gauge::new)
    }

    #[track_caller]
    pub fn histogram<L>(&mut self, metric: &Declaration) -> Option<Histogram<L>> {
        self.register(metric, Location::caller()).map(Histogram::new)
    }

    #[track_caller]
    pub fn info<L>(&mut self, metric: &Declaration) -> Option<Info<L>> {
        self.register(metric, Location::caller()).map(|gauge| Info::new(Gauge::new(gauge)))
    }

    fn register<C: Cell>(
        &mut self,
        metric: &Declaration,
        place: &'static Location<'static>,
    ) -> Option<Arc<Family<C>>> {
        let labels: Vec<_> = metric.labels.iter().map(|(_, values)| *values).collect();
        let registered = self.families.with_values(metric.definition(), &labels, None, place);
        registered.map_err(|fault| self.faults.push(fault)).ok()
    }

    /// The metrics of `new` on the installed handle; faults are said once.
    pub fn installed<T>(
        cell: &'static OnceLock<Option<T>>,
        new: fn(&Metrics) -> Result<T, DefinitionErrors>,
    ) -> Option<&'static T> {
        let metrics = installed()?;
        let say = |faults: DefinitionErrors| notice::warn(&faults.to_string());
        cell.get_or_init(|| new(metrics).map_err(say).ok()).as_ref()
    }

    #[must_use]
    pub fn faults(self) -> DefinitionErrors {
        DefinitionErrors(self.faults)
    }
}
