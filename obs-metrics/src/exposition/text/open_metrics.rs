//! What only OpenMetrics has: units and exemplars.

use std::io::Write as _;

use obs_core::source::Exemplar;

use super::super::{exemplars, unit_of};
use super::number;

/// The line with the unit of the family `name`.
pub(super) fn unit(name: &str, out: &mut Vec<u8>) {
    if let Some(unit) = unit_of(name) {
        let _ = writeln!(out, "# UNIT {name} {unit}");
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
