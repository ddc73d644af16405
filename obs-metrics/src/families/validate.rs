//! From a [`Definition`] and the types of its labels to a [`FamilyDefinition`].

use std::borrow::Cow;
use std::collections::HashSet;
use std::panic::Location;
use std::time::Duration;

use obs_core::source::{Kind, is_label_name, is_metric_name};

use super::dense::MAX_SLOTS;
use super::{Definition, DefinitionFault, FamilyDefinition, LabelDefinition, LabelValues};
use crate::MetricsSettings;
use crate::governor::MAX_VALUE_BYTES;

/// Combinations that are shown as zeros by default.
const ZEROS: usize = 32;
/// The same of histograms: each of these is many lines.
const ZERO_HISTOGRAMS: usize = 8;

/// Resolves all defaults.
pub(super) fn validate(
    definition: Definition,
    kind: Kind,
    types: &[LabelValues],
    settings: &MetricsSettings,
    place: &'static Location<'static>,
) -> Result<FamilyDefinition, DefinitionFault> {
    if !is_metric_name(&definition.name) {
        return Err(DefinitionFault::Name);
    }
    if let Some(fault) = DefinitionFault::of_suffix(kind, &definition.name) {
        return Err(fault);
    }
    if let Some(unit) = definition.unit.as_deref().filter(|unit| !fits(unit, &definition.name)) {
        return Err(DefinitionFault::Unit(unit.to_owned()));
    }
    let labels = labels(&definition, kind, types, settings)?;
    let open = labels.iter().any(|label| matches!(label.values, LabelValues::Open { .. }));
    if definition.ttl.is_some_and(|ttl| !open || ttl < Duration::from_millis(1)) {
        return Err(DefinitionFault::Ttl);
    }
    if definition.max_series == Some(0) {
        return Err(DefinitionFault::MaxSeries);
    }
    let mut family = FamilyDefinition {
        bounds: bounds(definition.buckets, kind, settings)?,
        name: definition.name.into_owned(),
        kind,
        help: definition.help.into_owned(),
        unit: definition.unit.or(definition.unit_of_values).map(Cow::into_owned),
        labels,
        max_series: definition.max_series.unwrap_or(settings.max_series_per_family),
        ttl: definition.ttl,
        zero: false,
        place,
    };
    let slots = family.combinations().filter(|count| *count <= MAX_SLOTS);
    let zeros = if kind == Kind::Histogram { ZERO_HISTOGRAMS } else { ZEROS };
    family.max_series = slots.unwrap_or(family.max_series);
    family.zero = match definition.zero {
        Some(true) if slots.is_none() => return Err(DefinitionFault::Zero),
        Some(zero) => zero || family.labels.is_empty(),
        None => slots.is_some_and(|count| count <= zeros),
    };
    Ok(family)
}

fn fits(unit: &str, name: &str) -> bool {
    let name = name.strip_suffix("_total").unwrap_or(name);
    name.strip_suffix(unit).is_some_and(|before| !unit.is_empty() && before.ends_with('_'))
}

fn labels(
    definition: &Definition,
    kind: Kind,
    types: &[LabelValues],
    settings: &MetricsSettings,
) -> Result<Vec<LabelDefinition>, DefinitionFault> {
    let Definition { labels: names, limits, known, .. } = definition;
    if names.len() != types.len() {
        return Err(DefinitionFault::LabelCount { names: names.len(), types: types.len() });
    }
    let mut labels: Vec<LabelDefinition> = Vec::new();
    for (name, values) in names.iter().zip(types) {
        let name = name.clone().into_owned();
        if !is_label_name(&name) || (kind == Kind::Histogram && name == "le") {
            return Err(DefinitionFault::Label(name));
        }
        if labels.iter().any(|earlier| earlier.name == name) {
            return Err(DefinitionFault::LabelTwice(name));
        }
        let values = match *values {
            LabelValues::Closed(texts) if !closed(texts) => {
                return Err(DefinitionFault::Values(name));
            }
            LabelValues::Open { limit } => {
                LabelValues::Open { limit: limit.or(Some(settings.max_label_values)) }
            }
            closed => closed,
        };
        let known = known.iter().find(|(label, _)| *label == name);
        let known = known.map_or_else(Vec::new, |(_, known)| known.clone());
        labels.push(LabelDefinition { name, values, known });
    }
    for (name, limit) in limits {
        let label =
            labels.iter_mut().find(|label| label.name == *name).map(|label| &mut label.values);
        match label {
            Some(LabelValues::Open { limit: old }) => *old = Some(*limit),
            _ => return Err(DefinitionFault::Limit(name.clone().into_owned())),
        }
    }
    let none = |label: &&LabelDefinition| label.values == LabelValues::Open { limit: Some(0) };
    match labels.iter().find(none) {
        Some(label) => Err(DefinitionFault::Limit(label.name.clone())),
        None => Ok(labels),
    }
}

fn closed(texts: &[&str]) -> bool {
    let different: HashSet<_> = texts.iter().collect();
    let short = texts.iter().all(|text| text.len() <= MAX_VALUE_BYTES);
    !texts.is_empty() && different.len() == texts.len() && short
}

fn bounds(
    bounds: Option<Vec<f64>>,
    kind: Kind,
    settings: &MetricsSettings,
) -> Result<Vec<f64>, DefinitionFault> {
    let default = || settings.latency_buckets().iter().map(Duration::as_secs_f64).collect();
    match (kind, bounds) {
        (Kind::Histogram, None) => Ok(default()),
        (Kind::Histogram, Some(bounds)) if are_bounds(&bounds) => Ok(bounds),
        (_, Some(bounds)) => Err(DefinitionFault::Buckets(bounds)),
        (_, None) => Ok(Vec::new()),
    }
}

/// Whether a histogram can have these bounds.
pub(crate) fn are_bounds(bounds: &[f64]) -> bool {
    bounds_fault(bounds).is_none()
}

/// Why no histogram can have these bounds.
pub(crate) fn bounds_fault(bounds: &[f64]) -> Option<String> {
    if !(1..=64).contains(&bounds.len()) {
        return Some(format!("a histogram has 1 to 64, not {}", bounds.len()));
    }
    if let Some(bound) = bounds.iter().find(|bound| !bound.is_finite()) {
        return Some(format!("{bound:?} is not finite; +Inf is implied"));
    }
    if let Some(bound) = bounds.iter().find(|bound| **bound < 0.0) {
        return Some(format!("{bound:?} is negative, and observations are not"));
    }
    bounds.windows(2).find_map(|pair| match *pair {
        [a, b] if a == b => Some(format!("{a:?} appears twice")),
        [a, b] if a > b => Some(format!("they must ascend, and {b:?} stands behind {a:?}")),
        _ => None,
    })
}
