//! What only OpenMetrics has: units and exemplars.

use std::io::Write as _;

use obs_core::source::{Exemplar, Family};

use super::super::{exemplars, unit_of};
use super::number;
use crate::names::base;

/// The line with the unit of the family, if it has one.
pub(super) fn unit(family: &Family<'_>, out: &mut Vec<u8>) {
    if let Some(unit) = unit_of(family) {
        let _ = writeln!(out, "# UNIT {} {unit}", base(family));
    }
}

/// ` # {labels} value timestamp`, the time if it is known, behind a value.
pub(super) fn exemplar(exemplar: &Exemplar, out: &mut Vec<u8>) {
    if !exemplars::fits(exemplar) {
        return;
    }
    out.extend_from_slice(b" # {");
    out.extend_from_slice(exemplar.labels.text().as_bytes());
    out.extend_from_slice(b"} ");
    number::float(exemplar.value, out);
    if !exemplar.at.is_zero() {
        out.push(b' ');
        number::timestamp(exemplar.at, out);
    }
}
