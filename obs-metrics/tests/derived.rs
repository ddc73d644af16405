//! What is derived from the rows when it is shown: totals, classes, percentiles, zero series.

mod harness;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use harness::{End, Traffic, metrics, seen};
use obs_core::ServiceIdentity;
use obs_core::config::Reader;
use obs_metrics::{FamilyNaming, Metrics, MetricsSettings, Naming, Preset, rate_limit_hit};

const FAST: Duration = Duration::from_millis(1);

fn of(metrics: &Metrics, family: &str, labels: &[(&str, &str)]) -> Option<f64> {
    let seen = seen(metrics);
    let fits = |series: &BTreeMap<String, String>| {
        labels.iter().all(|(name, value)| series.get(*name).is_some_and(|known| known == value))
    };
    let found = seen.of(family).filter(|(series, _)| fits(series)).map(|(_, value)| value);
    let found: Vec<f64> = found.collect();
    (!found.is_empty()).then(|| found.iter().sum())
}

#[test]
fn summary_error_rate() {
    let metrics = metrics();
    let traffic = Traffic::new(metrics.http());
    let route: Arc<str> = "/orders".into();
    assert_eq!(metrics.http().metrics_summary().error_rate, 0.0, "of no request");

    for (status, count) in [(200, 983), (404, 5), (429, 5), (500, 2), (499, 5)] {
        let end = if status == 499 { End::Cancelled } else { End::Complete };
        for _ in 0..count {
            traffic.exchange("GET", Some(&route), status, FAST, end);
        }
    }
    let summary = metrics.http().metrics_summary();
    assert_eq!(
        serde_json::to_value(summary).unwrap(),
        serde_json::json!({
            "requests_total": 1000, "errors_4xx": 10, "errors_5xx": 2, "rate_limit_hits": 5,
            "error_rate": 1.2, "server_error_rate": 0.2,
        })
    );
    assert_eq!(of(&metrics, "rate_limit_hits_total", &[("route", "/orders")]), Some(5.0));
    assert_eq!(of(&metrics, "http_errors_total", &[("error_type", "client_error")]), Some(10.0));
}

/// AHSP-02, PRIME-42: what one observer makes of requests.
#[test]
fn http_record() {
    let metrics = metrics();
    let traffic = Traffic::new(metrics.http());
    let route: Arc<str> = "/orders".into();
    for (method, status, end) in [
        ("GET", 200, End::Complete),
        ("GET", 404, End::Complete),
        ("POST", 429, End::Complete),
        ("POST", 503, End::Complete),
        ("POST", 500, End::Panic),
        ("GET", 499, End::Cancelled),
    ] {
        traffic.exchange(method, Some(&route), status, FAST, end);
    }
    let count = |family, labels: &[(&str, &str)]| of(&metrics, family, labels).unwrap_or(0.0);
    assert_eq!(count("http_requests_total", &[("method", "GET"), ("route", "/orders")]), 3.0);
    assert_eq!(count("http_requests_total", &[("method", "POST"), ("status_code", "503")]), 1.0);
    assert_eq!(count("http_request_duration_seconds_count", &[("route", "/orders")]), 6.0);
    assert_eq!(count("http_errors_total", &[("error_type", "client_error")]), 2.0);
    assert_eq!(count("http_errors_total", &[("error_type", "server_error")]), 2.0);
    assert_eq!(count("rate_limit_hits_total", &[("category", "default")]), 1.0);
    assert_eq!(count("exceptions_total", &[("kind", "panic")]), 1.0);
}

#[test]
fn percentiles_of_a_route_are_within_their_bucket() {
    let metrics = metrics();
    let traffic = Traffic::new(metrics.http());
    let (route, other): (Arc<str>, Arc<str>) = ("/orders".into(), "/other".into());
    // 1, 2, … 1000 ms: the percentiles are known.
    for millis in 1..=1000 {
        let method = if millis % 3 == 0 { "POST" } else { "GET" };
        traffic.exchange(method, Some(&route), 200, Duration::from_millis(millis), End::Complete);
    }
    traffic.exchange("GET", Some(&other), 503, Duration::from_secs(60), End::Complete);

    let known = metrics.http().endpoint_metrics("/orders").unwrap();
    assert_eq!(known.requests, [("GET".to_owned(), 667), ("POST".to_owned(), 333)].into());
    assert_eq!(known.response_time_avg, Some(0.5005));
    for (seen, exact) in [
        (known.response_time_p50, 0.5),
        (known.response_time_p95, 0.95),
        (known.response_time_p99, 0.99),
    ] {
        let error = (seen.unwrap() - exact).abs();
        assert!(error < 0.002, "{seen:?} instead of {exact}: even samples lie on the line");
    }
    let slow = metrics.http().endpoint_metrics("/other").unwrap();
    assert_eq!((slow.errors_5xx, slow.response_time_p99), (1, Some(60.0)), "what was seen");
    assert_eq!(metrics.http().endpoint_metrics("/nobody"), None);

    let json = serde_json::to_value(&known).unwrap();
    assert_eq!((&json["requests_GET"], &json["errors_4xx"]), (&667.into(), &0.into()));
    let report = metrics.http().report();
    assert!(report.routes.keys().eq(["/orders", "/other"]));
    let json = serde_json::to_value(report).unwrap();
    assert_eq!(
        (&json["requests_total"], &json["routes"]["/other"]["errors_5xx"]),
        (&1001.into(), &1.into())
    );
}

#[test]
fn slow_requests_are_counted_wherever_the_threshold_is() {
    // Between two bounds, at one, beyond all.
    for (threshold, slow) in [(300, 3.0), (250, 4.0), (60_000, 1.0)] {
        let value =
            move |name: &str| (name == "OBS_SLOW_REQUEST_MS").then(|| threshold.to_string());
        let settings = MetricsSettings::read(&mut Reader::from_lookup(value));
        let metrics = Metrics::new(&settings, &ServiceIdentity::default());
        let traffic = Traffic::new(metrics.http());
        let route: Arc<str> = "/orders".into();
        for millis in [100, 250, 290, 310, 1000, 70_000] {
            let took = Duration::from_millis(millis);
            traffic.exchange("GET", Some(&route), 200, took, End::Complete);
        }
        // A stream is no slow request, however long it lasts.
        traffic.exchange("GET", Some(&route), 200, Duration::from_secs(600), End::Stream);
        assert_eq!(of(&metrics, "slow_requests_total", &[("route", "/orders")]), Some(slow));
        let bucket = |le| of(&metrics, "http_request_duration_seconds_bucket", &[("le", le)]);
        assert_eq!(bucket("0.25"), Some(2.0));
        assert_eq!(bucket("0.5"), Some(4.0));
        assert_eq!(bucket("0.3"), None, "the threshold is no bucket");
        assert_eq!(bucket("+Inf"), Some(6.0));
    }
}

#[test]
fn a_declared_route_is_there_before_its_first_request() {
    let metrics = metrics();
    metrics.http().declare("GET", "/orders");
    let labels = |status| [("method", "GET"), ("route", "/orders"), ("status_code", status)];
    for status in ["200", "500"] {
        assert_eq!(of(&metrics, "http_requests_total", &labels(status)), Some(0.0));
        let count = "http_request_duration_seconds_count";
        assert_eq!(of(&metrics, count, &labels(status)), Some(0.0));
    }
    assert_eq!(of(&metrics, "http_errors_total", &[("error_type", "server_error")]), Some(0.0));
    assert_eq!(of(&metrics, "http_requests_total", &labels("404")), None);

    let traffic = Traffic::new(metrics.http());
    traffic.get(&"/orders".into());
    assert_eq!(of(&metrics, "http_requests_total", &labels("200")), Some(1.0));
    assert_eq!(of(&metrics, "http_requests_total", &labels("500")), Some(0.0));
}

#[test]
fn a_client_that_left_has_no_response_time() {
    let metrics = metrics();
    let traffic = Traffic::new(metrics.http());
    let route: Arc<str> = "/orders".into();
    traffic.exchange("GET", Some(&route), 200, FAST, End::Complete);
    traffic.exchange("GET", Some(&route), 499, Duration::from_secs(30), End::Cancelled);
    let known = metrics.http().endpoint_metrics("/orders").unwrap();
    assert_eq!((known.requests["GET"], known.response_time_avg), (2, Some(0.001)));
}

/// A percentile is never outside of what was seen, whatever the buckets are.
#[test]
fn percentiles_of_a_fast_service_are_its_own() {
    let metrics = metrics();
    let took = Duration::from_micros(240);
    for _ in 0..1000 {
        metrics.http().record("GET", "/fast", 200, took);
    }
    let fast = metrics.http().endpoint_metrics("/fast").unwrap();
    let seconds = Some(took.as_secs_f64());
    assert_eq!((fast.response_time_p50, fast.response_time_p99), (seconds, seconds));

    for micros in 200..1200 {
        metrics.http().record("GET", "/spread", 200, Duration::from_micros(micros));
    }
    let spread = metrics.http().endpoint_metrics("/spread").unwrap();
    for (seen, exact) in [(spread.response_time_p50, 0.0007), (spread.response_time_p99, 0.001_19)]
    {
        let error = (seen.unwrap() - exact).abs();
        assert!(error < 0.000_02, "{seen:?} instead of {exact}");
    }
}

/// A summary and a family that count the same thing have one number and one name for it.
#[test]
fn a_summary_says_what_the_families_say() {
    let metrics = metrics();
    let traffic = Traffic::new(metrics.http());
    let route: Arc<str> = "/orders".into();
    traffic.exchange("GET", Some(&route), 429, FAST, End::Complete);
    rate_limit_hit!(handle: metrics, "/orders", "per_user");
    rate_limit_hit!(handle: metrics, "emails", "per_user");
    let hits = |metrics: &Metrics| {
        let route = metrics.http().endpoint_metrics("/orders").unwrap().rate_limit_hits;
        (metrics.http().metrics_summary().rate_limit_hits, route)
    };
    assert_eq!(hits(&metrics), (3, 2));
    assert_eq!(of(&metrics, "rate_limit_hits_total", &[]), Some(3.0));
    assert_eq!(of(&metrics, "rate_limit_hits_total", &[("route", "/orders")]), Some(2.0));
    assert_eq!(metrics.http().report().routes["/orders"].rate_limit_hits, 2);

    // Without the family, or without its routes: the answers alone.
    for family in [FamilyNaming::new().off(), FamilyNaming::new().without("route")] {
        let mut settings = MetricsSettings::default();
        settings.naming = Naming::default().family("rate_limit_hits_total", family);
        let metrics = Metrics::new(&settings, &ServiceIdentity::default());
        metrics.http().record("GET", "/orders", 429, FAST);
        assert_eq!(hits(&metrics), (1, 1));
    }
}

#[test]
fn an_unknown_method_has_the_name_of_the_label() {
    for (preset, family, label) in [
        (Preset::Canonical, "http_requests_total", "method"),
        (Preset::OtelSemconv, "http_server_request_duration_seconds_count", "http_request_method"),
    ] {
        let metrics = Metrics::new(&MetricsSettings::preset(preset), &ServiceIdentity::default());
        metrics.http().record("BREW", "/pot", 418, FAST);
        let summary = metrics.http().endpoint_metrics("/pot").unwrap();
        let names: Vec<_> = summary.requests.keys().map(String::as_str).collect();
        let seen = seen(&metrics);
        let shown: Vec<_> = seen.of(family).map(|(labels, _)| labels[label].as_str()).collect();
        assert_eq!(names, shown, "{preset:?}");
    }
}
