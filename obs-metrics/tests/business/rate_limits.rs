use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use obs_core::ServiceIdentity;
use obs_metrics::{Capped, Format, Metrics, MetricsSettings, Naming, rate_limit_hit};

use crate::harness::{End, Exposition, Traffic, seen};
use crate::{all, metrics, named, value};

const TOOK: Duration = Duration::from_millis(1);
const FAMILY: &str = "rate_limit_hits_total";

/// AHSP-04, AHSP-60: one family, whoever tells of a hit, and no request counts twice.
#[test]
fn a_request_that_told_of_its_hit_does_not_count_again() {
    let metrics = metrics();
    let traffic = Traffic::new(metrics.http());
    let route: Arc<str> = "/orders".into();
    traffic.exchange("GET", Some(&route), 429, TOOK, End::Complete);
    traffic.exchange("POST", Some(&route), 429, TOOK, End::Complete);

    let mut told = traffic.begin("GET", Some(&route));
    told.in_scope(|| rate_limit_hit!(handle: metrics, "/orders", "per_user"));
    traffic.end(told, 429, TOOK, End::Complete);
    // Slowed down, not turned away: a hit all the same.
    let mut slowed = traffic.begin("GET", Some(&route));
    slowed.in_scope(|| rate_limit_hit!(handle: metrics, "/orders", "burst"));
    traffic.end(slowed, 200, TOOK, End::Complete);
    // The next request of this thread knows nothing of it.
    traffic.exchange("GET", Some(&route), 429, TOOK, End::Complete);
    // Outside of a request.
    rate_limit_hit!(handle: metrics, "emails", "per_user");

    for (route, category, count) in [
        ("/orders", "default", 3.0),
        ("/orders", "per_user", 1.0),
        ("/orders", "burst", 1.0),
        ("emails", "per_user", 1.0),
        // Shown with it, at 0.
        ("emails", "default", 0.0),
    ] {
        let labels = [("route", route), ("category", category)];
        assert_eq!(value(&metrics, FAMILY, &labels), count, "{route} {category}");
    }
    assert_eq!(all(&metrics, FAMILY).len(), 5);
    assert_eq!(metrics.http().metrics_summary().errors_4xx, 4, "a 429 is a 4xx as well");
    // The reader panics at a family or a series that appears twice.
    let text = metrics.render(Format::OpenMetrics);
    Exposition::parse(&text, Format::OpenMetrics);
    assert_eq!(text.matches("# HELP rate_limit_hits ").count(), 1);
}

#[test]
fn a_route_is_there_before_its_first_hit() {
    let metrics = named(Naming::default().label("route", "endpoint"));
    let traffic = Traffic::new(metrics.http());
    metrics.http().declare("GET", "/declared");
    traffic.get(&"/orders".into());
    for route in ["/declared", "/orders"] {
        let labels = [("endpoint", route), ("category", "default")];
        assert_eq!(value(&metrics, FAMILY, &labels), 0.0, "{route}");
    }
}

/// Whoever is first, and whoever tells: one route, one text.
#[test]
fn routes_are_those_of_requests() {
    let mut settings = MetricsSettings::default();
    settings.max_routes = 2;
    settings.route_names = [("/b/{id}".to_owned(), "b".to_owned())].into();
    let metrics = Metrics::new(&settings, &ServiceIdentity::default());
    let traffic = Traffic::new(metrics.http());
    rate_limit_hit!(handle: metrics, "/a", "per_user");
    for route in ["/a", "/b/{id}", "/c", "/d"] {
        traffic.exchange("GET", Some(&route.into()), 429, TOOK, End::Complete);
        rate_limit_hit!(handle: metrics, route, "per_user");
    }
    traffic.exchange("GET", None, 429, TOOK, End::Complete);
    traffic.asking(&metrics, &"/a".into(), 3, 429);
    let seen = seen(&metrics);
    let routes = |family, category| -> BTreeMap<&str, f64> {
        let fits = |labels: &&BTreeMap<String, String>| {
            labels.get("category").is_none_or(|shown| shown == category)
        };
        let shown = seen.of(family).filter(|(labels, _)| fits(labels));
        shown.map(|(labels, count)| (labels["route"].as_str(), count)).collect()
    };
    let requests = BTreeMap::from([("/a", 2.0), ("b", 1.0), ("other", 2.0), ("unknown", 1.0)]);
    assert_eq!(routes("http_requests_total", ""), requests);
    assert_eq!(routes(FAMILY, "default"), requests);
    let told = BTreeMap::from([("/a", 2.0), ("b", 1.0), ("other", 2.0)]);
    assert_eq!(routes(FAMILY, "per_user"), told);
    assert_eq!(routes("db_queries_per_request_count", ""), requests);
}

/// However many categories a service makes up.
#[test]
fn a_hit_that_nobody_told_of_keeps_its_category() {
    let metrics = metrics();
    for id in 0..100 {
        rate_limit_hit!(handle: metrics, "/a", Capped::new(id));
    }
    let traffic = Traffic::new(metrics.http());
    traffic.exchange("GET", Some(&"/b".into()), 429, TOOK, End::Complete);
    assert_eq!(value(&metrics, FAMILY, &[("route", "/b"), ("category", "default")]), 1.0);
}

#[test]
fn as_many_routes_as_requests_may_have() {
    let metrics = metrics();
    let traffic = Traffic::new(metrics.http());
    for number in 0..1100 {
        let route: Arc<str> = format!("/r{number}").into();
        traffic.exchange("GET", Some(&route), 429, TOOK, End::Complete);
    }
    seen(&metrics);
    let hits = all(&metrics, FAMILY);
    assert_eq!(hits.len(), 1001);
    assert_eq!(hits.iter().map(|(_, hits)| hits).sum::<f64>(), 1100.0);
}
