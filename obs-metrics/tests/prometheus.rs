//! What the real Prometheus and promtool make of the exposition.

#![allow(clippy::expect_used, reason = "helpers of tests, outside of #[test]")]

mod harness;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use harness::prometheus::{Prometheus, promtool_check};
use harness::target::Target;
use harness::{End, Exposition, Number, Series, Shown, Sources, Traffic, metrics};
use obs_core::Lifecycle;
use obs_core::source::Kind;
use obs_metrics::{Format, Metrics, Representation};
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;

const JOBS: [&str; 2] = ["/text", "/metrics"];
const HOSTILE: &str =
    "/q\"uote/\\back\\\\slash/new\nline/{id}/größe/\u{1F600}/\u{202e}\t}, x=\"1\" 2";

type Exchanged = (&'static str, Option<&'static str>, u16, u64, End);

/// Method, route, status, milliseconds, end.
const EXCHANGES: [Exchanged; 16] = [
    ("GET", Some("/orders/{id}"), 200, 3, End::Complete),
    ("GET", Some("/orders/{id}"), 200, 5, End::Complete),
    ("GET", Some("/orders/{id}"), 200, 12_000, End::Complete),
    ("GET", Some("/orders/{id}"), 404, 1, End::Complete),
    ("POST", Some("/orders"), 201, 40, End::Complete),
    ("POST", Some("/orders"), 503, 30_000, End::Complete),
    ("POST", Some("/orders"), 0, 20, End::Panic),
    ("GET", Some(HOSTILE), 200, 7, End::Complete),
    ("DELETE", Some(HOSTILE), 400, 7, End::Complete),
    ("BREW", Some("/pot"), 418, 0, End::Complete),
    ("GET", None, 404, 2, End::Complete),
    ("GET", Some("/download"), 200, 70, End::CancelledInBody),
    ("GET", Some("/download"), 200, 80, End::BodyError),
    ("GET", Some("/slow"), 0, 9, End::Cancelled),
    ("GET", Some("/events"), 200, 900_000, End::Stream),
    ("GET", Some("/socket"), 101, 1, End::Upgraded),
];

/// Metrics as a service has them: requests, checks by hostile names, the lifecycle's counters.
fn service() -> Arc<Metrics> {
    let metrics = metrics();
    let traffic = Traffic::new(metrics.http());
    for (method, route, status, millis, end) in EXCHANGES {
        let took = Duration::from_millis(millis);
        traffic.exchange(method, route.map(Arc::from).as_ref(), status, took, end);
    }
    let mut checks =
        [("health_check_status", Kind::Gauge), ("health_check_duration_seconds", Kind::Gauge)]
            .map(|(name, kind)| {
                Shown::new(name, kind, "A \"check\", with a \\ and\na second line.")
                    .with(&[("check", "database")], Number::Integer(1))
                    .with(&[("check", HOSTILE)], Number::Float(0.25))
                    .with(&[("check", "")], Number::Float(f64::NEG_INFINITY))
            })
            .to_vec();
    checks.push(Shown::new("queue_wait_seconds", Kind::Histogram, "Waiting.").with(
        &[("queue", HOSTILE)],
        Number::Histogram(vec![1e-7, 0.1, 30.0, 1e16], vec![1, 0, 3, 0, 5], 1e17),
    ));
    metrics.add_source(Arc::new(Sources(checks)));
    metrics.add_source(Arc::new(Lifecycle::new(())));
    metrics
}

/// What both formats say, as Prometheus has it: an empty label is none.
fn expected(metrics: &Metrics) -> BTreeMap<Series, f64> {
    let mut samples = Exposition::parse(&metrics.render(Format::Text), Format::Text).samples;
    samples.retain(|(name, _), _| !is_of_the_scrape(name));
    let without_empty = samples.into_iter().map(|((name, mut labels), value)| {
        labels.retain(|_, value| !value.is_empty());
        ((name, labels), value)
    });
    without_empty.collect()
}

/// What changes from scrape to scrape.
fn is_of_the_scrape(name: &str) -> bool {
    name.starts_with("obs_scrape") || name.starts_with("obs_series")
}

/// Both jobs are up and have exactly what the text format says.
async fn assert_scraped(prometheus: &Prometheus, target: &Target, metrics: &Metrics) {
    let expected = expected(metrics);
    let own = |series: &Series| {
        let (name, _) = series;
        // Only OpenMetrics says since when something counts.
        let created = name.ends_with("_created");
        name != "up" && !created && !name.starts_with("scrape_") && !is_of_the_scrape(name)
    };
    for path in JOBS {
        let job = path.trim_matches('/');
        prometheus.wait_until_up(job).await;
        let selector = format!("{{job=\"{job}\"}}");

        let mut values = prometheus.query(&selector).await;
        values.retain(|series, _| own(series));
        for (series, value) in &expected {
            assert_eq!(values.get(series), Some(value), "{job}: {series:?}");
        }
        assert_eq!(values.len(), expected.len(), "{job}");

        let mut listed = prometheus.series(&selector).await;
        listed.retain(own);
        assert!(listed.iter().eq(expected.keys()), "{job}");
    }
    assert_eq!(target.served("/text"), [Format::Text.into()]);
}

/// Prometheus asks for gzip.
fn assert_open_metrics(target: &Target) {
    assert_eq!(target.served("/metrics"), [Representation::from(Format::OpenMetrics).gzip()]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_formats_give_prometheus_the_same_series_and_values() {
    let metrics = service();
    let target = Target::serve(Arc::clone(&metrics)).await;
    let Some(prometheus) = Prometheus::start(
        "both_formats_give_prometheus_the_same_series_and_values",
        &[],
        &target,
        &JOBS,
    )
    .await
    else {
        return;
    };
    assert_scraped(&prometheus, &target, &metrics).await;
    assert_open_metrics(&target);

    // And they are what happened, not only what we wrote.
    let mut requests: BTreeMap<(&str, &str, String), f64> = BTreeMap::new();
    for (method, route, status, _, end) in EXCHANGES {
        let method = if method == "BREW" { "OTHER" } else { method };
        let status = match end {
            End::Panic => 500,
            End::Cancelled => 499,
            _ => status,
        };
        let route = route.unwrap_or("unknown");
        *requests.entry((method, route, status.to_string())).or_default() += 1.0;
    }
    let seen = prometheus.query("http_requests_total{job=\"metrics\"}").await;
    let seen: BTreeMap<_, _> = seen
        .iter()
        .map(|((_, labels), value)| {
            let label = |name: &str| labels[name].as_str();
            let key = (label("method"), label("route"), label("status_code").to_owned());
            (key, *value)
        })
        .collect();
    assert_eq!(seen, requests);
    for (query, value) in [
        (
            "http_request_duration_seconds_bucket{JOB,route=\"/orders/{id}\",status_code=\"200\",le=\"0.005\"}",
            2.0,
        ),
        (
            "http_request_duration_seconds_bucket{JOB,route=\"/orders/{id}\",status_code=\"200\",le=\"10.0\"}",
            2.0,
        ),
        (
            "http_request_duration_seconds_count{JOB,route=\"/orders/{id}\",status_code=\"200\"}",
            3.0,
        ),
        (
            "http_request_duration_seconds_sum{JOB,route=\"/orders/{id}\",status_code=\"200\"}",
            12.008,
        ),
        ("sum(http_request_duration_seconds_count{JOB})", 14.0),
        ("http_errors_total{JOB,route=\"/orders\",error_type=\"server_error\"}", 2.0),
        ("http_errors_total{JOB,route=\"/slow\",error_type=\"client_error\"}", 0.0),
        ("http_requests_in_flight{JOB}", 0.0),
        ("obs_requests_aborted_total{JOB,outcome=\"cancelled_in_body\"}", 1.0),
        ("obs_requests_aborted_total{JOB,outcome=\"body_error\"}", 1.0),
    ] {
        let seen = prometheus.query(&query.replace("JOB", "job=\"text\"")).await;
        assert_eq!(seen.into_values().collect::<Vec<_>>(), [value], "{query}");
    }
}

#[test]
fn promtool_finds_nothing_to_complain_of() {
    let text = service().render(Format::Text);
    if let Some(verdict) = promtool_check("promtool_finds_nothing_to_complain_of", &text) {
        assert_eq!(verdict, Ok(()), "{text}");
    }
}

/// With native histograms on, Prometheus prefers protobuf, which we do not have.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn any_label_value_comes_back_from_prometheus() {
    let (values, helps) = generated(300);
    let mut family = Shown::new("hostile_labels", Kind::Gauge, "Values.");
    for (index, value) in values.iter().enumerate() {
        let labels = [("index", index.to_string()), ("value", value.clone())];
        let labels = labels.each_ref().map(|(name, value)| (*name, &**value));
        family = family.with(&labels, Number::Float(index as f64 / 3.0));
    }
    let helped = helps.iter().enumerate().map(|(index, help)| {
        let labels = [("label", values[index].as_str())];
        Shown::new(&format!("hostile_{index}"), Kind::Gauge, help).with(&labels, Number::Integer(7))
    });
    let shown = [family].into_iter().chain(helped).collect();
    let metrics = metrics();
    metrics.add_source(Arc::new(Sources(shown)));

    if let Some(Err(said)) =
        promtool_check("any_label_value_comes_back_from_prometheus", &metrics.render(Format::Text))
    {
        assert!(!said.contains("error"), "{said}");
    }
    let target = Target::serve(Arc::clone(&metrics)).await;
    let flags = ["--enable-feature=native-histograms"];
    let Some(prometheus) =
        Prometheus::start("any_label_value_comes_back_from_prometheus", &flags, &target, &JOBS)
            .await
    else {
        return;
    };
    assert_scraped(&prometheus, &target, &metrics).await;
    #[cfg(feature = "native-histograms")]
    assert_eq!(target.served("/metrics"), [Representation::PROTOBUF.gzip()]);
    #[cfg(not(feature = "native-histograms"))]
    assert_open_metrics(&target);
    let seen = prometheus.query("hostile_labels{job=\"metrics\"}").await;
    assert_eq!(seen.len(), values.len());
    for (_, labels) in seen.keys() {
        let index: usize = labels["index"].parse().unwrap();
        let value = labels.get("value").map_or("", String::as_str);
        assert_eq!(value, values[index]);
    }
}

/// The same texts in every run.
fn generated(count: usize) -> (Vec<String>, Vec<String>) {
    let mut runner = TestRunner::deterministic();
    let mut text = || harness::hostile_text().new_tree(&mut runner).expect("a text").current();
    let values = (0..count).map(|_| text()).collect();
    (values, (0..50).map(|_| text()).collect())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bad_sources_do_not_spoil_the_scrape() {
    let metrics = service();
    for (shown, _) in harness::shown::bad() {
        metrics.add_source(Arc::new(Sources(vec![shown])));
    }
    let verdict =
        promtool_check("bad_sources_do_not_spoil_the_scrape", &metrics.render(Format::Text));
    if let Some(Err(said)) = verdict {
        // Names without units and the like are the source's business; an error is ours.
        assert!(!said.contains("error"), "{said}");
    }
    let target = Target::serve(Arc::clone(&metrics)).await;
    let Some(prometheus) =
        Prometheus::start("bad_sources_do_not_spoil_the_scrape", &[], &target, &JOBS).await
    else {
        return;
    };
    assert_scraped(&prometheus, &target, &metrics).await;
    assert_open_metrics(&target);
    // Each scrape counts what it had to leave out, so there is no fixed value.
    for (family, at_least) in
        [("a\n# EOF\nb 1", 1.0), ("bad_label_names", 7.0), ("label_twice", 2.0)]
    {
        let seen = prometheus.query("obs_series_dropped_total{job=\"metrics\"}").await;
        let (_, count) = seen
            .iter()
            .find(|((_, labels), _)| labels.get("family").is_some_and(|of| of == family))
            .expect(family);
        assert!(*count >= at_least, "{family}: {count}");
    }
}
