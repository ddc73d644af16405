//! One system: what is there at the start, and what its events and requests show.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use obs_metrics::{Format, Metrics, Naming, Preset};

use crate::harness::{End, Exposition, Traffic};
use crate::named;
use crate::table::{self, Row, Start};

/// A preset and what its table says.
pub(crate) struct System {
    pub(crate) preset: Preset,
    pub(crate) table: &'static str,
    /// The canonical names of what the table has on request.
    pub(crate) on_request: &'static [&'static str],
    pub(crate) events: fn(&Metrics),
}

impl System {
    pub(crate) fn check(&self) {
        let rows = table::rows(self.table);
        let usual: Vec<&Row> = rows.iter().filter(|row| row.start != Start::OnRequest).collect();
        let all: Vec<&Row> = rows.iter().collect();
        self.check_start(&usual);
        for strict in [false, true] {
            let naming = Naming::preset(self.preset).strict_buckets(strict);
            self.check_used(naming.clone(), &usual, strict);
            let asked = self.on_request.iter().fold(naming, |naming, family| naming.on(*family));
            self.check_used(asked, &all, strict);
        }
    }

    fn check_start(&self, rows: &[&Row]) {
        let metrics = named(Naming::preset(self.preset));
        let seen = see(&metrics, Format::Text);
        let there = rows.iter().filter(|row| row.start != Start::FirstUse);
        let there: BTreeSet<&str> = there.map(|row| row.name.as_str()).collect();
        assert_eq!(names(&seen), there, "{}: at the start", self.preset);
        for row in rows {
            let known = if row.start == Start::Zeros { row.known() } else { Vec::new() };
            let zeros: BTreeSet<_> = known.into_iter().collect();
            let series: BTreeMap<_, f64> = series(&seen, row).into_iter().collect();
            assert_eq!(series.keys().cloned().collect::<BTreeSet<_>>(), zeros, "{}", row.name);
            assert!(series.values().all(|number| *number == 0.0), "{}", row.name);
        }
    }

    fn check_used(&self, naming: Naming, rows: &[&Row], strict: bool) {
        let metrics = named(naming);
        let traffic = Traffic::new(metrics.http());
        let under_way = requests(&traffic);
        (self.events)(&metrics);
        for format in [Format::Text, Format::OpenMetrics] {
            let seen = see(&metrics, format);
            let wanted: BTreeSet<&str> = rows.iter().map(|row| family(row, format)).collect();
            assert_eq!(names(&seen), wanted, "{} {format:?}", self.preset);
            rows.iter().for_each(|row| check(&seen, row, format, strict));
        }
        self.check_catalog(&metrics, rows, strict);
        drop(under_way);
    }

    /// The families as data say the same.
    fn check_catalog(&self, metrics: &Metrics, rows: &[&Row], strict: bool) {
        let catalog = metrics.catalog();
        for row in rows {
            let found = catalog.iter().find(|family| family.name == row.name);
            let found = found.unwrap_or_else(|| panic!("{}: no {}", self.preset, row.name));
            assert_eq!((&found.help, &found.bounds), (&row.help, &row.bounds(strict)));
            let labels: BTreeSet<_> = found.labels.iter().map(|label| &label.name).collect();
            assert_eq!(labels, row.labels.keys().collect(), "{}", row.name);
        }
    }
}

/// Some of each kind, and one that has not ended.
fn requests(traffic: &Traffic) -> crate::harness::traffic::Request {
    let route: Arc<str> = "/orders/{id}".into();
    for (method, status, seconds, end) in [
        ("GET", 200, 0, End::Complete),
        ("BREW", 404, 0, End::Complete),
        ("POST", 500, 3, End::Complete),
        ("GET", 429, 0, End::Complete),
        ("GET", 499, 1, End::Cancelled),
        ("GET", 500, 0, End::Panic),
    ] {
        traffic.exchange(method, Some(&route), status, Duration::from_secs(seconds), end);
        traffic.exchange(method, None, status, Duration::from_secs(seconds), end);
    }
    traffic.begin("GET", Some(&route))
}

fn see(metrics: &Metrics, format: Format) -> Exposition {
    Exposition::parse(&metrics.render(format), format)
}

/// Of all families but those about the metrics and the service.
fn names(seen: &Exposition) -> BTreeSet<&str> {
    let ours = |name: &&str| !name.starts_with("obs_") && *name != "build_info";
    seen.kind.keys().map(String::as_str).filter(ours).collect()
}

/// OpenMetrics leaves the suffix to the sample.
fn family(row: &Row, format: Format) -> &str {
    match format {
        Format::OpenMetrics if row.kind == "counter" => row.name.strip_suffix("_total").unwrap(),
        _ => &row.name,
    }
}

/// Its series, with how often each was counted or observed or what it is.
fn series(seen: &Exposition, row: &Row) -> Vec<(BTreeMap<String, String>, f64)> {
    let suffix = if row.kind == "histogram" { "_count" } else { "" };
    let name = format!("{}{suffix}", row.name);
    seen.of(&name).map(|(labels, number)| (labels.clone(), number)).collect()
}

fn check(seen: &Exposition, row: &Row, format: Format, strict: bool) {
    let Row { name, kind, help, labels, .. } = row;
    let family = family(row, format);
    assert_eq!((&seen.kind[family], &seen.help[family]), (kind, help), "{name}");

    let series = series(seen, row);
    assert!(series.iter().any(|(_, number)| *number > 0.0), "nothing in {name}: {series:?}");
    for (own, _) in &series {
        assert!(own.keys().all(|label| labels.contains_key(label)), "{name}: {own:?}");
        let always = labels.keys().filter(|label| !row.optional.contains(*label));
        always.for_each(|label| assert!(own.contains_key(label), "{name}: no {label} in {own:?}"));
    }
    for (label, values) in labels {
        let shown: BTreeSet<&String> =
            series.iter().filter_map(|(own, _)| own.get(label)).collect();
        assert!(!shown.is_empty(), "{name}: no {label}");
        assert!(values.iter().all(|value| shown.contains(value)), "{name}: {label} {shown:?}");
    }

    let mut bounds: BTreeMap<_, Vec<f64>> = BTreeMap::new();
    let buckets = format!("{name}_bucket");
    for (own, _) in seen.of(&buckets) {
        let mut own = own.clone();
        let bound = own.remove("le").unwrap();
        bounds.entry(own).or_default().push(bound.parse().unwrap());
    }
    assert_eq!(bounds.len(), if kind == "histogram" { series.len() } else { 0 }, "{name}");
    let wanted: Vec<f64> = row.bounds(strict).into_iter().chain([f64::INFINITY]).collect();
    for mut bounds in bounds.into_values() {
        bounds.sort_by(f64::total_cmp);
        assert_eq!(bounds, wanted, "{name}");
    }
}
