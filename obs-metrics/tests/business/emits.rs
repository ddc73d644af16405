//! The tables "Emits" of the crate are what there is.

use std::collections::BTreeSet;
use std::sync::Arc;

use obs_metrics::{
    FamilyNaming, Format, Metrics, Naming, ProcessMetrics, TokioMetrics, order_created,
};
use tokio::runtime::Handle;

use crate::every::every;
use crate::harness::emits::{self, Emitted};
use crate::harness::{Exposition, drivers, seen};
use crate::{metrics, named};

/// With the sources that an application adds.
fn with_sources() -> Arc<Metrics> {
    let metrics = metrics();
    let runtime = TokioMetrics::new();
    runtime.watch(Handle::current());
    metrics.add_source(Arc::new(ProcessMetrics::new()));
    metrics.add_source(Arc::new(runtime));
    metrics
}

/// The process is only known on Linux.
fn there(families: Vec<Emitted>) -> Vec<Emitted> {
    let mut there = families;
    there.retain(|family| cfg!(target_os = "linux") || !family.name.starts_with("process_"));
    there
}

/// Families about the service and its metrics, not of them.
fn is_in_catalog(family: &Emitted) -> bool {
    let about = |prefix: &str| family.name.starts_with(prefix);
    family.name == "obs_requests_aborted_total"
        || !["obs_", "process_", "tokio_", "build_info"].into_iter().any(about)
}

/// OpenMetrics leaves the suffix to the sample.
fn names(families: &[Emitted], format: Format) -> BTreeSet<&str> {
    families.iter().map(|family| name(family, format)).collect()
}

fn name(family: &Emitted, format: Format) -> &str {
    match format {
        Format::OpenMetrics if family.kind == "counter" => family.name.trim_end_matches("_total"),
        _ => family.name,
    }
}

fn shown(seen: &Exposition) -> BTreeSet<&str> {
    seen.kind.keys().map(String::as_str).collect()
}

#[tokio::test]
async fn from_the_start_is_what_a_fresh_scrape_shows() {
    let mut first = there(emits::from_the_start());
    // "The last one is there once there is such a family."
    first.truncate(first.len() - 1);
    let metrics = with_sources();
    assert_eq!(shown(&seen(&metrics)), names(&first, Format::Text));

    order_created!(handle: metrics, "b2b", "card", 1250);
    let mut then = there(emits::from_the_start());
    let used = ["orders_total", "order_value"];
    then.extend(emits::from_the_first_use().into_iter().filter(|own| used.contains(&own.name)));
    assert_eq!(shown(&seen(&metrics)), names(&then, Format::Text));
}

#[tokio::test]
async fn what_the_tables_say_is_what_a_scrape_shows() {
    let metrics = with_sources();
    every(&metrics);
    drivers::all(&metrics);
    // All of it is there already.
    metrics.add_source(metrics.http().clone());
    let families = there(emits::tables());
    for format in [Format::Text, Format::OpenMetrics] {
        let seen = Exposition::parse(&metrics.render(format), format);
        assert_eq!(shown(&seen), names(&families, format), "{format:?}");
        for family in &families {
            assert_eq!(seen.kind[name(family, format)], family.kind, "{}", family.name);
            check_series(&seen, family);
        }
    }
}

/// The one format is only there with its feature.
fn is_built(value: &str) -> bool {
    value != "protobuf" || cfg!(feature = "native-histograms")
}

fn check_series(seen: &Exposition, family: &Emitted) {
    let suffix = if family.kind == "histogram" { "_count" } else { "" };
    let name = format!("{}{suffix}", family.name);
    let usual: Vec<_> = family.labels.iter().filter(|label| !label.on_request).collect();
    let wanted: BTreeSet<&str> = usual.iter().map(|label| label.name).collect();
    assert!(seen.of(&name).next().is_some(), "no {name}");
    for (labels, _) in seen.of(&name) {
        assert_eq!(labels.keys().map(String::as_str).collect::<BTreeSet<_>>(), wanted, "{name}");
    }
    for label in usual.iter().filter(|label| !label.values.is_empty()) {
        let values: BTreeSet<_> =
            seen.of(&name).map(|(labels, _)| labels[label.name].as_str()).collect();
        let told = label.values.iter().copied().filter(|value| is_built(value));
        assert_eq!(values, told.collect(), "{name}: {}", label.name);
    }
}

#[test]
fn what_the_tables_say_is_what_the_catalog_has() {
    let families: Vec<_> = emits::tables().into_iter().filter(is_in_catalog).collect();
    let catalog = metrics().catalog();
    let there: BTreeSet<&str> = catalog.iter().map(|family| family.name.as_str()).collect();
    assert_eq!(there, names(&families, Format::Text));

    // A label that a family does not have cannot be asked for.
    let labels = families.iter().flat_map(|family| &family.labels);
    let all = labels.fold(FamilyNaming::new(), |naming, label| naming.with(label.name));
    for family in &families {
        for (naming, asked) in
            [(Naming::default(), false), (Naming::default().family(family.name, all.clone()), true)]
        {
            let catalog = named(naming).catalog();
            let found = catalog.iter().find(|found| found.name == family.name).unwrap();
            assert_eq!(format!("{:?}", found.kind).to_lowercase(), family.kind, "{}", family.name);
            let labels: Vec<_> = found.labels.iter().map(|label| label.name.as_str()).collect();
            let wanted = family.labels.iter().filter(|label| asked || !label.on_request);
            let wanted: Vec<_> = wanted.map(|label| label.name).collect();
            assert_eq!(labels, wanted, "{}", family.name);
        }
    }
}

#[test]
fn what_is_only_there_if_asked_for_is_named() {
    let on_request = emits::on_request();
    let usual = metrics().catalog();
    let asked = on_request.iter().fold(Naming::default(), |naming, family| naming.on(*family));
    let asked = named(asked).catalog();
    let mut names: BTreeSet<&str> = usual.iter().map(|family| family.name.as_str()).collect();
    for family in &on_request {
        assert!(names.insert(family), "{family} is always there");
    }
    assert_eq!(asked.iter().map(|family| family.name.as_str()).collect::<BTreeSet<_>>(), names);
}
