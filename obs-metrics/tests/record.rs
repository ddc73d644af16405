//! Requests and errors that no middleware saw.

mod harness;

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use harness::{End, Traffic, metrics, requests, seen};
use obs_core::{Clock, ServiceIdentity};
use obs_metrics::{ErrorClass, Format, Metrics, MetricsSettings};

const FAST: Duration = Duration::from_millis(1);

/// What is said of requests: nothing of the scrapes themselves.
fn of_requests(metrics: &Metrics) -> String {
    let text = metrics.render(Format::Text);
    let of_requests = text.lines().filter(|line| !line.contains("obs_s"));
    of_requests.map(|line| format!("{line}\n")).collect()
}

/// PRIME-42: every number that is derived from a request is the same, whoever counted it.
#[test]
fn http_record_counts_as_an_observed_request() {
    let (recorded, observed) = (metrics(), metrics());
    let traffic = Traffic::new(observed.http());
    for (method, route, status, millis) in [
        ("GET", "/orders/{id}", 200, 3),
        ("GET", "/orders/{id}", 200, 700),
        ("GET", "/orders/{id}", 404, 1),
        ("POST", "/orders", 429, 1),
        ("POST", "/orders", 503, 2500),
        ("BREW", "/pot", 418, 0),
        ("GET", "unknown", 404, 90_000),
    ] {
        let took = Duration::from_millis(millis);
        traffic.exchange(method, Some(&route.into()), status, took, End::Complete);
        recorded.http().record(method, route, status, took);
    }
    let text = of_requests(&recorded);
    assert_eq!(text, of_requests(&observed));
    for line in [
        r#"http_requests_total{method="OTHER",route="/pot",status_code="418"} 1"#,
        r#"http_errors_total{route="/orders",error_type="server_error"} 1"#,
        r#"slow_requests_total{route="/orders"} 1"#,
        r#"rate_limit_hits_total{route="/orders",category="default"} 1"#,
        "http_requests_in_flight 0",
    ] {
        assert!(text.lines().any(|shown| shown == line), "{line} in\n{text}");
    }
    assert_eq!(recorded.http().report(), observed.http().report());
}

#[test]
fn http_record_leaves_what_is_in_flight_alone() {
    let metrics = metrics();
    let traffic = Traffic::new(metrics.http());
    let (one, two) = (traffic.begin("GET", Some(&"/a".into())), traffic.begin("GET", None));
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..1000 {
                    metrics.http().record("GET", "/a", 200, FAST);
                }
            });
        }
    });
    assert_eq!(seen(&metrics).value("http_requests_in_flight", &[]), 2.0);
    drop((one, two));
    assert_eq!(seen(&metrics).value("http_requests_in_flight", &[]), 0.0);
    assert_eq!(metrics.http().metrics_summary().requests_total, 4000 + 2);
}

#[test]
fn http_record_takes_what_is_no_status_for_none() {
    let metrics = metrics();
    for status in [0, 42, 99, 1000, u16::MAX] {
        metrics.http().record("GET", "/a", status, FAST);
    }
    metrics.http().record("GET", "/a", 100, FAST);
    (0..2).for_each(|_| metrics.http().record("GET", "/a", 999, Duration::MAX));
    let seen = seen(&metrics);
    let shown = seen.of("http_requests_total");
    let shown: Vec<_> = shown.map(|(labels, count)| (&*labels["status_code"], count)).collect();
    assert_eq!(shown, [("0", 5.0), ("100", 1.0), ("999", 2.0)]);
    let sum = seen.sum("http_request_duration_seconds_sum");
    assert!((172_800.0..172_801.0).contains(&sum), "a day each: {sum}");
    assert_eq!(metrics.http().metrics_summary().errors_5xx, 2);
}

fn with_routes(max_routes: usize) -> Metrics {
    let mut settings = MetricsSettings::default();
    settings.max_routes = max_routes;
    settings.route_names = [("/named".to_owned(), "a_name".to_owned())].into();
    Metrics::new(&settings, &ServiceIdentity::default())
}

#[test]
fn http_record_has_the_bounds_and_names_of_routes() {
    let metrics = with_routes(3);
    for number in 0..100 {
        metrics.http().record("GET", "/named", 200, FAST);
        metrics.http().record("GET", &format!("/orders/{number}"), 200, FAST);
        metrics.http().record_error(&format!("/errors/{number}"), ErrorClass::Server);
    }
    let expected = [("/errors/0", 0), ("/orders/0", 1), ("a_name", 100), ("other", 99)];
    let expected = expected.map(|(route, count)| (route.to_owned(), count));
    let seen = seen(&metrics);
    let errors = |route| {
        let labels = [("route", route), ("error_type", "server_error")];
        seen.value("http_errors_total", &labels)
    };
    for (route, requests) in &expected {
        let shown = seen.of("http_requests_total").find(|(labels, _)| labels["route"] == *route);
        assert_eq!(shown.map_or(0, |(_, count)| count as u64), *requests, "{route}");
    }
    assert_eq!(seen.of("http_errors_total").count(), 2 * expected.len());
    assert_eq!((errors("/errors/0"), errors("other"), errors("a_name")), (1.0, 99.0, 0.0));
}

/// PRIME-44: beside the errors of requests, and of none.
#[test]
fn http_record_error_adds_to_those_of_requests() {
    let metrics = metrics();
    let traffic = Traffic::new(metrics.http());
    let route: Arc<str> = "/graphql".into();
    traffic.exchange("POST", Some(&route), 200, FAST, End::Complete);
    traffic.exchange("POST", Some(&route), 400, FAST, End::Complete);
    traffic.exchange("POST", Some(&route), 500, FAST, End::Complete);
    let summary = metrics.http().metrics_summary();
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..1000 {
                    metrics.http().record_error("/graphql", ErrorClass::Client);
                }
            });
        }
    });
    metrics.http().record_error("/socket", ErrorClass::Server);

    let seen = seen(&metrics);
    for (route, class, count) in [
        ("/graphql", "client_error", 4001.0),
        ("/graphql", "server_error", 1.0),
        ("/socket", "client_error", 0.0),
        ("/socket", "server_error", 1.0),
    ] {
        let labels = [("route", route), ("error_type", class)];
        assert_eq!(seen.value("http_errors_total", &labels), count, "{labels:?}");
    }
    assert!(requests(&metrics).keys().eq(["/graphql"]), "no request");
    assert_eq!(metrics.http().metrics_summary(), summary, "of requests only");
    assert_eq!(metrics.http().endpoint_metrics("/socket"), None);
}

/// Every date comes from the one clock.
#[test]
fn a_clock_that_stands_still_dates_everything() {
    let (clock, hand) = Clock::fake();
    hand.advance(Duration::from_secs(1000));
    let now = clock.unix(clock.now()).as_secs_f64();
    let settings = MetricsSettings::default();
    let metrics = Metrics::with_clock(&settings, &ServiceIdentity::default(), clock);
    metrics.http().record("GET", "/recorded", 200, FAST);
    metrics.http().declare("GET", "/declared");
    let _ = metrics.render(Format::Text);
    let text = metrics.render(Format::OpenMetrics);
    let created: Vec<(&str, f64)> = text
        .lines()
        .filter(|line| line.starts_with("http_") && line.contains("_created"))
        .filter_map(|line| line.rsplit_once(' '))
        .map(|(series, at)| (series, at.parse().unwrap()))
        .collect();
    assert!(created.len() >= 6, "{text}");
    for (series, at) in created {
        assert!((at - now).abs() < 0.001, "{series} {at} instead of {now}");
    }
    assert!(text.contains("\nobs_scrape_encode_seconds_total 0\n"), "{text}");
}
