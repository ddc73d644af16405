//! One system: what is there at the start, and what its events and requests show.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use obs_metrics::{FamilyNaming, Format, LabelDefinition, LabelValues, Metrics, Naming, Preset};

use crate::harness::{End, Exposition, Traffic};
use crate::named;
use crate::table::{self, Label, Row, Start};

/// A preset and what its table says.
pub(crate) struct System {
    pub(crate) preset: Preset,
    pub(crate) table: &'static str,
    /// The canonical names of what the table has on request.
    pub(crate) on_request: &'static [&'static str],
    pub(crate) events: fn(&Arc<Metrics>),
}

impl System {
    pub(crate) fn check(&self) {
        let all = self.rows();
        let usual: Vec<Row> = all.iter().filter_map(Row::usual).collect();
        self.check_start(&usual);
        for strict in [false, true] {
            let naming = Naming::preset(self.preset).strict_buckets(strict);
            self.check_used(naming.clone(), &usual, strict);
            self.check_used(self.asked(naming), &all, strict);
        }
    }

    /// What can be seen here.
    pub(crate) fn rows(&self) -> Vec<Row> {
        let mut rows = table::rows(self.table);
        rows.retain(|row| match row.start {
            Start::OtherCrate => false,
            // The process is only known there.
            Start::Source => cfg!(target_os = "linux"),
            _ => true,
        });
        rows
    }

    /// With all that there is on request.
    pub(crate) fn asked(&self, naming: Naming) -> Naming {
        let rows = self.rows();
        let labels = rows.iter().flat_map(|row| row.labels.iter().map(move |label| (row, label)));
        let labels = labels.filter(|(_, label)| label.on_request);
        let naming = labels.fold(naming, |naming, (row, label)| {
            naming.family(&row.name, FamilyNaming::new().with(&label.name))
        });
        self.on_request.iter().fold(naming, |naming, family| naming.on(*family))
    }

    fn check_start(&self, rows: &[Row]) {
        let metrics = named(Naming::preset(self.preset));
        let (seen, _) = see(&metrics, Format::Text);
        let there = rows.iter().filter(|row| row.start.is_at_start());
        let there: BTreeSet<&str> = there.map(|row| row.name.as_str()).collect();
        assert_eq!(names(&seen, rows, Format::Text), there, "{}: at the start", self.preset);
        for row in rows.iter().filter(|row| row.start != Start::Always) {
            let known = if row.start == Start::Zeros { row.known() } else { Vec::new() };
            let zeros: BTreeSet<_> = known.into_iter().collect();
            let series: BTreeMap<_, f64> = series(&seen, row).into_iter().collect();
            assert_eq!(series.keys().cloned().collect::<BTreeSet<_>>(), zeros, "{}", row.name);
            assert!(series.values().all(|number| *number == 0.0), "{}", row.name);
        }
    }

    fn check_used(&self, naming: Naming, rows: &[Row], strict: bool) {
        let metrics = named(naming);
        let traffic = Traffic::new(metrics.http());
        let under_way = requests(&traffic);
        (self.events)(&metrics);
        for format in [Format::Text, Format::OpenMetrics] {
            let (seen, text) = see(&metrics, format);
            let wanted: BTreeSet<&str> = rows.iter().map(|row| family(row, format)).collect();
            assert_eq!(names(&seen, rows, format), wanted, "{} {format:?}", self.preset);
            for row in rows {
                check(&seen, row, format, strict);
                check_order(&text, row);
            }
        }
        self.check_catalog(&metrics, rows, strict);
        drop(under_way);
    }

    /// The families as data say the same.
    fn check_catalog(&self, metrics: &Metrics, rows: &[Row], strict: bool) {
        let catalog = metrics.catalog();
        for row in rows.iter().filter(|row| row.start.is_in_catalog()) {
            let found = catalog.iter().find(|family| family.name == row.name);
            let found = found.unwrap_or_else(|| panic!("{}: no {}", self.preset, row.name));
            assert_eq!(format!("{:?}", found.kind).to_lowercase(), row.kind, "{}", row.name);
            assert_eq!((&found.help, &found.bounds), (&row.help, &row.bounds(strict)));
            let labels = found.labels.iter().map(|label| (&label.name, known(label)));
            let wanted = row
                .labels
                .iter()
                .map(|label| (&label.name, label.known.iter().map(String::as_str).collect()));
            assert_eq!(labels.collect::<Vec<_>>(), wanted.collect::<Vec<_>>(), "{}", row.name);
        }
    }
}

/// What is shown before its first use, which methods are not.
fn known(label: &LabelDefinition) -> BTreeSet<&str> {
    match label.values {
        LabelValues::Closed(values) => values.iter().copied().collect(),
        LabelValues::Open { .. } if label.known.iter().any(|value| value == "GET") => [].into(),
        LabelValues::Open { .. } => label.known.iter().map(String::as_str).collect(),
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
        ("GET", 200, 0, End::CancelledInBody),
        ("GET", 200, 0, End::BodyError),
    ] {
        traffic.exchange(method, Some(&route), status, Duration::from_secs(seconds), end);
        traffic.exchange(method, None, status, Duration::from_secs(seconds), end);
    }
    traffic.begin("GET", Some(&route))
}

fn see(metrics: &Metrics, format: Format) -> (Exposition, String) {
    let text = metrics.render(format);
    (Exposition::parse(&text, format), text)
}

/// Of all families but those about the metrics and the service that the table does not have.
fn names<'a>(seen: &'a Exposition, rows: &[Row], format: Format) -> BTreeSet<&'a str> {
    let about = |name: &str| name.starts_with("obs_") || name == "build_info";
    let ours = |name: &&str| !about(name) || rows.iter().any(|row| family(row, format) == *name);
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
    // What a process has is not up to us.
    let counted = row.start == Start::Source || series.iter().any(|(_, number)| *number > 0.0);
    assert!(counted, "nothing in {name}: {series:?}");
    for (own, _) in &series {
        assert!(own.keys().all(|label| row.label(label).is_some()), "{name}: {own:?}");
        let always = labels.iter().filter(|label| !label.optional).map(|label| &label.name);
        always.for_each(|label| assert!(own.contains_key(label), "{name}: no {label} in {own:?}"));
    }
    for Label { name: label, known, typed, .. } in labels {
        let shown: BTreeSet<&String> =
            series.iter().filter_map(|(own, _)| own.get(label)).collect();
        assert!(!shown.is_empty(), "{name}: no {label}");
        assert!(known.iter().all(|value| shown.contains(value)), "{name}: {label} {shown:?}");
        let all = typed.is_empty() || shown == typed.iter().collect();
        assert!(all, "{name}: {label} is {shown:?}, not {typed:?}");
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

/// The labels of every line are in the order of the table.
fn check_order(text: &str, row: &Row) {
    let lines = text.lines().filter_map(|line| line.strip_prefix(&row.name)?.split_once('{'));
    let own = lines.filter(|(suffix, _)| matches!(*suffix, "" | "_bucket" | "_sum" | "_count"));
    for (_, labels) in own {
        let labels = labels.split(" # ").next().unwrap();
        // A name stands before its value, and behind the value before it.
        let mut names =
            labels.split("=\"").map(|part| part.rsplit("\",").next().unwrap()).collect::<Vec<_>>();
        names.pop();
        let wanted = row.labels.iter().map(|label| label.name.as_str()).chain(["le"]);
        assert_eq!(names, wanted.filter(|name| names.contains(name)).collect::<Vec<_>>());
    }
}
