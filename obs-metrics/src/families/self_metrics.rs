//! What the families have to say about themselves: about labels that are budgeted, and about numbers
//! that were refused.

use std::sync::Arc;

use obs_core::source::{Collector, Family, Kind, Value};

use super::family::Registered;
use crate::governor::{FamilyCardinality, LabelCardinality};
use crate::names::Names;

type Column = fn(&LabelCardinality) -> u64;

const OF_LABELS: [(Family<'static>, Column); 4] = [
    (
        Family::new(
            "obs_label_values",
            Kind::Gauge,
            "Values of an open label that have series of their own.",
        ),
        |label| label.values as u64,
    ),
    (
        Family::new(
            "obs_label_demand",
            Kind::Gauge,
            "Distinct values of an open label that were wanted, estimated.",
        ),
        |label| label.demand as u64,
    ),
    (
        Family::new(
            "obs_label_overflow_total",
            Kind::Counter,
            "Writes with a value beyond the budget: it became `other`.",
        ),
        |label| label.overflowed,
    ),
    (
        Family::new(
            "obs_label_values_cut_total",
            Kind::Counter,
            "Writes with a value of more than 128 bytes: it was cut.",
        ),
        |label| label.cut,
    ),
];

const REFUSED: Family<'_> = Family::new(
    "obs_values_refused_total",
    Kind::Counter,
    "Numbers that were left out or cut: not finite, negative, or out of range.",
);

/// The names of all these.
pub(super) fn names() -> Names {
    let mut names = Names::default();
    OF_LABELS
        .iter()
        .map(|(family, _)| family)
        .chain([&REFUSED])
        .for_each(|family| names.family(family));
    names
}

/// Shows what concerns these families.
pub(super) fn collect(
    requests: Option<FamilyCardinality>,
    families: &[Arc<dyn Registered>],
    out: &mut dyn Collector,
) {
    let labels = |family: &Arc<dyn Registered>| {
        let name = family.shape().definition.name.clone();
        let open = family.budgets().iter().filter(|label| label.is_open());
        open.map(|label| (name.clone(), label.report())).collect::<Vec<_>>()
    };
    let requests = requests.into_iter().flat_map(|FamilyCardinality { family, labels, .. }| {
        labels.into_iter().map(move |label| (family.clone(), label))
    });
    let labels: Vec<_> = families.iter().flat_map(labels).chain(requests).collect();
    for (family, column) in OF_LABELS.iter().filter(|_| !labels.is_empty()) {
        out.family(family);
        for (name, label) in &labels {
            let pairs = [("family", name.as_str()), ("label", label.label.as_str())];
            out.sample(&pairs, Value::Integer(column(label)));
        }
    }
    let floats = |family: &&Arc<dyn Registered>| family.shape().definition.kind != Kind::Counter;
    let mut floats = families.iter().filter(floats).peekable();
    if floats.peek().is_some() {
        out.family(&REFUSED);
    }
    for family in floats {
        let shape = family.shape();
        out.sample(&[("family", &shape.definition.name)], Value::Integer(shape.refused()));
    }
}
