//! Units of measure: the words that metric names end in, and their codes in UCUM.

use std::borrow::Cow;

/// The units that names commonly end in, with their codes in [UCUM](https://ucum.org). The words
/// are those of the
/// [compatibility of OpenTelemetry with Prometheus](https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/).
const UNITS: [(&str, &str); 17] = [
    ("seconds", "s"),
    ("bytes", "By"),
    ("ratio", "1"),
    ("percent", "%"),
    ("celsius", "Cel"),
    ("meters", "m"),
    ("grams", "g"),
    ("joules", "J"),
    ("watts", "W"),
    ("volts", "V"),
    ("amperes", "A"),
    ("milliseconds", "ms"),
    ("microseconds", "us"),
    ("nanoseconds", "ns"),
    ("minutes", "min"),
    ("hours", "h"),
    ("days", "d"),
];

/// UCUM has no limit; OpenTelemetry's instruments take 63 characters.
const MOST: usize = 63;

/// The unit that a name ends in, before the `_total` of a counter.
pub(super) fn unit_of(name: &str) -> Option<&'static str> {
    let name = name.strip_suffix("_total").unwrap_or(name);
    let (before, last) = name.rsplit_once('_')?;
    let known = UNITS.iter().find(|(word, _)| *word == last && !before.is_empty());
    known.map(|(word, _)| *word)
}

/// The code of a unit. One that is not known becomes an annotation, which has printable ASCII
/// characters without braces.
pub(super) fn ucum(unit: &str) -> Cow<'static, str> {
    if let Some((_, code)) = UNITS.iter().find(|(word, code)| *word == unit || *code == unit) {
        return Cow::Borrowed(code);
    }
    let fits = |char: &char| char.is_ascii_graphic() && !matches!(char, '{' | '}');
    let text: String = unit.chars().filter(fits).take(MOST - 2).collect();
    if text.is_empty() { Cow::Borrowed("") } else { Cow::Owned(format!("{{{text}}}")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Family, Kind};

    #[test]
    fn a_declared_unit_wins_over_the_name() {
        let family = |name, unit| Family::new(name, Kind::Gauge, "").with_unit(unit);
        for (name, declared, unit, code) in [
            ("balance_bdt", "bdt", Some("bdt"), "{bdt}"),
            ("wait_seconds", "", Some("seconds"), "s"),
            ("cpu_seconds_total", "", Some("seconds"), "s"),
            ("fill_ratio", "", Some("ratio"), "1"),
            ("fill_percent", "", Some("percent"), "%"),
            ("size_bytes", "orders", Some("orders"), "{orders}"),
            ("http_request_duration", "seconds", Some("seconds"), "s"),
            ("balance_bdt", "", None, ""),
            ("_seconds", "", None, ""),
            ("seconds", "", None, ""),
        ] {
            let family = family(name, declared);
            assert_eq!((family.unit(), &*family.ucum_unit()), (unit, code), "{name} {declared}");
        }
    }

    #[test]
    fn an_annotation_is_well_formed_whatever_was_declared() {
        for (unit, code) in [
            ("By", "By"),
            ("{request}", "{request}"),
            ("a } b\n", "{ab}"),
            ("\u{9f3}", ""),
            (&*"x".repeat(100), &*format!("{{{}}}", "x".repeat(61))),
        ] {
            assert_eq!(ucum(unit), code, "{unit:?}");
        }
    }
}
