use obs_core::source::{Collector, Family, Kind, Value};

/// All names that a family has in either format.
pub(super) fn names(name: &str, kind: Kind) -> Vec<String> {
    let (base, suffixes): (_, &[&str]) = match kind {
        Kind::Counter => (name.strip_suffix("_total").unwrap_or(name), &["", "_total"]),
        Kind::Histogram => (name, &["", "_bucket", "_sum", "_count"]),
        _ => (name, &[""]),
    };
    suffixes.iter().map(|suffix| format!("{base}{suffix}")).collect()
}

/// Collects the names of families that are shown.
#[derive(Debug, Default)]
pub(super) struct Names(pub(super) Vec<String>);

impl Collector for Names {
    fn family(&mut self, family: &Family<'_>) {
        self.0.extend(names(family.name, family.kind));
    }

    fn sample(&mut self, _: &[(&str, &str)], _: Value<'_>) {}
}
