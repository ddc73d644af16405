//! What is said of requests beyond names.

use std::sync::Arc;
use std::time::Duration;

use obs_core::config::Reader;
use obs_metrics::{
    FamilyNaming, Format, LabelValues, Metrics, MetricsSettings, Naming, Preset, order_created,
    rate_limit_hit,
};

use crate::harness::{End, Traffic, seen};
use crate::{named, with};

/// PRIME-47, AHSP-07: routes that have a name are called by it, everywhere.
#[test]
fn routes_have_the_names_of_the_map() {
    let mut settings = MetricsSettings::preset(Preset::Ahsp);
    for (pattern, name) in [("/api/save/{id}", "api_save"), ("/api/v2/save", "api_save")] {
        settings.route_names.insert(pattern.to_owned(), name.to_owned());
    }
    let metrics = with(&settings);
    let traffic = Traffic::new(metrics.http());
    metrics.http().declare("GET", "/api/save/{id}");
    for route in ["/api/save/{id}", "/api/v2/save", "/other"] {
        let route: Arc<str> = route.into();
        traffic.exchange("GET", Some(&route), 200, Duration::from_secs(3), End::Complete);
        traffic.exchange("GET", Some(&route), 429, Duration::ZERO, End::Complete);
        traffic.asking(&metrics, &route, 3, 200);
    }
    traffic.exchange("GET", None, 200, Duration::ZERO, End::Complete);
    rate_limit_hit!(handle: metrics, "/api/v2/save", "per_user");

    let seen = seen(&metrics);
    let get = |status| [("method", "GET"), ("endpoint", "api_save"), ("status", status)];
    assert_eq!(seen.value("http_requests_total", &get("200")), 4.0);
    assert_eq!(seen.value("slow_requests_total", &[("endpoint", "api_save")]), 2.0);
    for category in [("default", 2.0), ("per_user", 1.0)] {
        let hits = [("endpoint", "api_save"), ("category", category.0)];
        assert_eq!(seen.value("rate_limit_hits_total", &hits), category.1);
    }
    let queries = [("endpoint", "api_save")];
    assert_eq!(seen.value("db_queries_per_request_sum", &queries), 6.0);
    let mut endpoints: Vec<_> =
        seen.samples.keys().filter_map(|(_, labels)| labels.get("endpoint")).collect();
    endpoints.sort_unstable();
    endpoints.dedup();
    assert_eq!(endpoints, ["/other", "api_save", "unknown"], "nothing has the pattern");

    assert_eq!(metrics.http().endpoint_metrics("api_save").unwrap().requests["GET"], 6);
    assert_eq!(metrics.http().endpoint_metrics("/api/save/{id}"), None);
}

/// The conventions know `_OTHER`.
#[test]
fn a_method_that_is_not_known() {
    for (preset, name, label, other) in [
        (Preset::Canonical, "http_requests_total", "method", "OTHER"),
        (Preset::Ahsp, "http_request_duration_seconds_count", "method", "OTHER"),
        (
            Preset::OtelSemconv,
            "http_server_request_duration_seconds_count",
            "http_request_method",
            "_OTHER",
        ),
    ] {
        let metrics = named(Naming::preset(preset));
        let traffic = Traffic::new(metrics.http());
        traffic.exchange("BREW", None, 418, Duration::ZERO, End::Complete);
        let seen = seen(&metrics);
        let methods: Vec<_> = seen.of(name).map(|(labels, _)| labels[label].as_str()).collect();
        assert_eq!(methods, [other], "{preset}");
        assert_eq!(known_methods(&metrics, name.trim_end_matches("_count"), label), other);
    }
    let metrics = named(Naming::default().other_method("strange"));
    assert_eq!(known_methods(&metrics, "http_requests_total", "method"), "strange");
}

/// The last of those that the catalog tells; before it stand the usual ones.
fn known_methods(metrics: &Metrics, family: &str, label: &str) -> String {
    let catalog = metrics.catalog();
    let family = catalog.iter().find(|known| known.name == family).unwrap();
    let label = family.labels.iter().find(|known| known.name == label).unwrap();
    assert_eq!(label.values, LabelValues::Open { limit: Some(11) });
    let (other, usual) = label.known.split_last().unwrap();
    assert_eq!((usual[0].as_str(), usual.len()), ("GET", 10));
    other.clone()
}

/// PRIME-34, AHSP-10: a duration without a status does not know who left.
#[test]
fn clients_that_left_are_no_latency_without_a_status() {
    for (preset, durations, observed) in [
        (Preset::Primepre, "primepre_api_request_duration_seconds_count", 2.0),
        (Preset::Ahsp, "http_request_duration_seconds_count", 1.0),
        (Preset::Inventory, "inventory_request_duration_seconds_count", 1.0),
    ] {
        let metrics = named(Naming::preset(preset));
        let traffic = Traffic::new(metrics.http());
        traffic.exchange("GET", None, 200, Duration::ZERO, End::Complete);
        traffic.exchange("GET", None, 499, Duration::ZERO, End::Cancelled);
        assert_eq!(seen(&metrics).sum(durations), observed, "{preset}");
    }
}

/// The conventions: the status if it is the service's fault, else no such label.
#[test]
fn errors_have_a_type() {
    let metrics = named(Naming::preset(Preset::OtelSemconv));
    let traffic = Traffic::new(metrics.http());
    for status in [200, 404, 500, 503] {
        traffic.exchange("GET", None, status, Duration::ZERO, End::Complete);
    }
    let seen = seen(&metrics);
    let series = seen.of("http_server_request_duration_seconds_count");
    let mut types: Vec<_> = series
        .map(|(labels, count)| {
            assert_eq!(count, 1.0);
            (labels["http_response_status_code"].as_str(), labels.get("error_type"))
        })
        .map(|(status, error)| (status, error.map(String::as_str)))
        .collect();
    types.sort_unstable();
    let wanted = [("200", None), ("404", None), ("500", Some("500")), ("503", Some("503"))];
    assert_eq!(types, wanted);
}

/// INV-13: as it is in the source, to the letter.
#[test]
fn a_request_is_written_as_in_the_source() {
    let metrics = named(Naming::preset(Preset::Inventory));
    let (traffic, items) = (Traffic::new(metrics.http()), Arc::from("/api/items"));
    (0..42).for_each(|_| traffic.get(&items));
    let text = metrics.render(Format::Text);
    let line = "inventory_requests_total{method=\"GET\",endpoint=\"/api/items\",status=\"200\"} 42";
    assert_eq!(text.lines().filter(|found| *found == line).count(), 1, "{text}");
}

/// DAIRY-70: whatever the currency is, it is the unit of the name.
#[test]
fn money_has_the_currency_of_the_environment() {
    let variable = |name: &str| (name == "OBS_CURRENCY").then(|| "EUR".to_owned());
    let settings = MetricsSettings::read(&mut Reader::from_lookup(variable));
    let metrics = with(&settings);
    order_created!(handle: metrics, "b2b", "card", 1250);
    assert_eq!(seen(&metrics).value("order_value_eur_sum", &[("order_type", "b2b")]), 1250.0);
}

/// What the catalog says of requests is what is shown, whatever the naming.
#[test]
fn the_catalog_and_a_scrape_agree_on_requests() {
    let off = FamilyNaming::new().off();
    for naming in [
        Naming::default().namespace("shop"),
        Naming::default().family("obs_requests_aborted_total", off.clone()),
        Naming::default().family("db_queries_per_request", off),
        Naming::preset(Preset::OtelSemconv),
    ] {
        let metrics = named(naming);
        Traffic::new(metrics.http()).asking(&metrics, &"/orders".into(), 1, 500);
        let shown = seen(&metrics);
        let catalog = metrics.catalog();
        for canonical in
            ["requests_total", "errors_total", "requests_aborted_total", "queries_per_request"]
        {
            let shown: Vec<_> =
                shown.kind.keys().filter(|name| name.ends_with(canonical)).collect();
            let catalog: Vec<_> = catalog.iter().map(|family| &family.name).collect();
            let told: Vec<_> =
                catalog.into_iter().filter(|name| name.ends_with(canonical)).collect();
            assert_eq!(shown.is_empty(), told.is_empty(), "{shown:?} {told:?}");
            assert!(shown.iter().all(|name| told.contains(name)), "{shown:?} {told:?}");
            assert!(!shown.iter().any(|name| name.starts_with("shop_obs_")), "{shown:?}");
        }
    }
}
