//! Names that no family of requests can have: it keeps its own, and everything is counted.

use obs_metrics::{ErrorClass, FamilyNaming, Naming};

use crate::harness::{End, Traffic, seen};
use crate::named;

fn check(naming: Naming, labels: [&str; 3], name: &str) {
    let metrics = named(naming.clone());
    let traffic = Traffic::new(metrics.http());
    for (method, status) in [("GET", 200), ("PUT", 200), ("GET", 503)] {
        traffic.exchange(method, None, status, std::time::Duration::ZERO, End::Complete);
    }
    let seen = seen(&metrics);
    let [method, route, status] = labels;
    let of = |m, s| seen.value(name, &[(method, m), (route, "unknown"), (status, s)]);
    assert_eq!([of("GET", "200"), of("PUT", "200"), of("GET", "503")], [1.0; 3], "{naming:?}");
    assert_eq!(seen.sum("http_errors_total"), 1.0, "{naming:?}");

    let family = name.trim_end_matches("_count");
    let catalog = metrics.catalog();
    let found = catalog.iter().find(|found| found.name == family).unwrap();
    let shown: Vec<&str> = found.labels.iter().map(|label| label.name.as_str()).collect();
    assert_eq!(shown, labels, "{naming:?}");
}

const OWN: [&str; 3] = ["method", "route", "status_code"];

#[test]
fn requests_keep_their_names_if_they_cannot_have_others() {
    for bad in ["", "1st", "a b", "up\n"] {
        let naming = Naming::default().family("http_requests_total", FamilyNaming::new().name(bad));
        check(naming, OWN, "http_requests_total");
    }
    for bad in ["", "1st", "a b", "method", "__x"] {
        check(Naming::default().label("route", bad), OWN, "http_requests_total");
    }
    check(Naming::default().namespace("a b"), OWN, "http_requests_total");
}

/// Each family has its own labels, whatever the others have.
#[test]
fn labels_are_those_of_the_family() {
    let durations = FamilyNaming::new().label("status_code", "code").label("route", "path");
    let naming = Naming::default().family("http_request_duration_seconds", durations.clone());
    check(naming.clone(), OWN, "http_requests_total");
    check(naming, ["method", "path", "code"], "http_request_duration_seconds_count");
    let alone = FamilyNaming::new().off();
    let naming = Naming::default()
        .family("http_requests_total", alone)
        .family("http_request_duration_seconds", durations);
    check(naming, ["method", "path", "code"], "http_request_duration_seconds_count");
}

#[test]
fn what_differs_only_in_a_label_that_is_left_out_is_one_series() {
    let naming = Naming::default()
        .family("http_requests_total", FamilyNaming::new().without("method"))
        .family("http_request_duration_seconds", FamilyNaming::new().without("method"));
    let metrics = named(naming);
    let traffic = Traffic::new(metrics.http());
    for (method, status) in [("GET", 200), ("GET", 404), ("PUT", 200), ("PUT", 404), ("GET", 499)] {
        let end = if status == 499 { End::Cancelled } else { End::Complete };
        traffic.exchange(method, None, status, std::time::Duration::ZERO, end);
    }
    let seen = seen(&metrics);
    for name in ["http_requests_total", "http_request_duration_seconds_count"] {
        let series: Vec<_> = seen.of(name).map(|(l, n)| (l["status_code"].as_str(), n)).collect();
        assert_eq!(series, [("200", 2.0), ("404", 2.0), ("499", 1.0)], "{name}");
    }
}

/// The reader panics at a series that appears twice.
#[test]
fn what_is_derived_from_requests_goes_without_labels_too() {
    let without = |labels: &[&str]| {
        labels.iter().fold(FamilyNaming::new(), |naming, label| naming.without(*label))
    };
    let naming = Naming::default()
        .family("http_errors_total", without(&["route"]))
        .family("exceptions_total", without(&["kind"]))
        .family("slow_requests_total", without(&["route"]))
        .family("db_queries_per_request", without(&["route"]))
        .family("obs_requests_aborted_total", without(&["outcome"]));
    let metrics = named(naming);
    let traffic = Traffic::new(metrics.http());
    let ends = [End::Complete, End::Panic, End::BodyError, End::CancelledInBody];
    for route in ["/a", "/b"] {
        let route = route.into();
        for end in ends {
            traffic.exchange("GET", Some(&route), 500, std::time::Duration::from_secs(3), end);
        }
        traffic.asking(&metrics, &route, 3, 404);
    }
    metrics.http().record_error("/a", ErrorClass::Client);
    let seen = seen(&metrics);
    let (server, client) = ([("error_type", "server_error")], [("error_type", "client_error")]);
    assert_eq!(seen.value("http_errors_total", &server), 8.0);
    assert_eq!(seen.value("http_errors_total", &client), 3.0);
    assert_eq!(seen.value("exceptions_total", &[("route", "/a")]), 1.0);
    assert_eq!(seen.value("slow_requests_total", &[]), 8.0);
    assert_eq!(seen.value("db_queries_per_request_count", &[]), 10.0);
    assert_eq!(seen.value("db_queries_per_request_sum", &[]), 6.0);
    assert_eq!(seen.value("obs_requests_aborted_total", &[]), 4.0);
}
