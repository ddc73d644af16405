/// The base units of OpenMetrics.
const UNITS: [&str; 9] =
    ["seconds", "bytes", "ratio", "celsius", "meters", "grams", "joules", "volts", "amperes"];

/// The base unit that a name ends in; of a counter, the name without `_total`.
pub(super) fn unit_of(name: &str) -> Option<&'static str> {
    let (before, last) = name.rsplit_once('_')?;
    UNITS.into_iter().find(|unit| *unit == last && !before.is_empty())
}
