//! The unit of a family, where a format has one.

use obs_core::source::Family;

use crate::names::base;

/// The unit, if the name ends in it, as OpenMetrics requires; of a counter, the name without
/// `_total`.
pub(super) fn unit_of<'a>(family: &Family<'a>) -> Option<&'a str> {
    let unit = family.unit()?;
    let before = base(family).strip_suffix(unit)?.strip_suffix('_')?;
    (!before.is_empty()).then_some(unit)
}
