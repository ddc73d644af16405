use std::fmt::{self, Display, Formatter};

use super::Declaration;
use crate::{Counter, DefinitionError, Families, Gauge, Histogram, Info, Labels, Metrics};

/// Registers the metrics of one struct, and keeps all that is wrong with them.
#[derive(Debug)]
pub struct Registration<'a> {
    families: &'a Families,
    faults: Vec<DefinitionError>,
}

/// What is wrong with the metrics of a [`define_metrics!`](crate::define_metrics): every fault, not
/// only the first.
#[derive(Clone, Debug, PartialEq)]
pub struct DefinitionErrors(pub Vec<DefinitionError>);

impl<'a> Registration<'a> {
    #[must_use]
    pub fn new(metrics: &'a Metrics) -> Self {
        Self { families: metrics.families(), faults: Vec::new() }
    }

    #[track_caller]
    pub fn counter<L: Labels>(&mut self, metric: &Declaration) -> Option<Counter<L>> {
        self.keep(self.families.counter(metric.definition()))
    }

    #[track_caller]
    pub fn gauge<L: Labels>(&mut self, metric: &Declaration) -> Option<Gauge<L>> {
        self.keep(self.families.gauge(metric.definition()))
    }

    #[track_caller]
    pub fn histogram<L: Labels>(&mut self, metric: &Declaration) -> Option<Histogram<L>> {
        self.keep(self.families.histogram(metric.definition()))
    }

    #[track_caller]
    pub fn info<L: Labels>(&mut self, metric: &Declaration) -> Option<Info<L>> {
        self.keep(self.families.info(metric.definition()))
    }

    fn keep<T>(&mut self, registered: Result<T, DefinitionError>) -> Option<T> {
        registered.map_err(|fault| self.faults.push(fault)).ok()
    }

    #[must_use]
    pub fn faults(self) -> DefinitionErrors {
        DefinitionErrors(self.faults)
    }
}

/// One after the other.
impl Display for DefinitionErrors {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (index, fault) in self.0.iter().enumerate() {
            write!(f, "{}{fault}", if index > 0 { "\n" } else { "" })?;
        }
        Ok(())
    }
}

impl std::error::Error for DefinitionErrors {}
