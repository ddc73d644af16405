use super::text::equal;

/// Units that are written as another one, by the
/// [conventions of Prometheus](https://prometheus.io/docs/practices/naming/#base-units).
const OTHERS: [(&str, &[&str]); 7] = [
    (
        "seconds",
        &[
            "s",
            "sec",
            "secs",
            "second",
            "ms",
            "millis",
            "milliseconds",
            "us",
            "micros",
            "microseconds",
            "ns",
            "nanos",
            "nanoseconds",
            "minutes",
            "hours",
            "days",
        ],
    ),
    (
        "bytes",
        &[
            "b",
            "byte",
            "kb",
            "kib",
            "mb",
            "mib",
            "gb",
            "gib",
            "bits",
            "kilobytes",
            "kibibytes",
            "megabytes",
            "mebibytes",
            "gigabytes",
            "gibibytes",
        ],
    ),
    ("ratio", &["percent", "percents", "percentage", "pct"]),
    ("meters", &["m", "km", "meter", "millimeters", "centimeters", "kilometers"]),
    ("grams", &["g", "kg", "gram", "milligrams", "kilograms"]),
    ("joules", &["joule", "kilojoules", "kwh"]),
    ("celsius", &["degrees", "fahrenheit"]),
];

/// The base unit that stands for `unit`, if that is none itself. A unit of another kind, such as
/// money, is its own.
pub(super) const fn base_of(unit: &str) -> Option<&'static str> {
    let mut base = 0;
    while base < OTHERS.len() {
        let mut at = 0;
        while at < OTHERS[base].1.len() {
            if equal(OTHERS[base].1[at], unit) {
                return Some(OTHERS[base].0);
            }
            at += 1;
        }
        base += 1;
    }
    None
}
