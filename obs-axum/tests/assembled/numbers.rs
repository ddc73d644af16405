//! The numbers of a scrape, as they arrive by OTLP.

use std::collections::BTreeMap;

use obs_testing::receivers::{self, Point};
use obs_testing::{Otelite, Stored};
use rustix::process::Signal;

use crate::app::{Flavor, start};
use crate::harness::{Scrape, eventually, get};
use crate::lines::{self, undelivered};
use crate::traffic::{orders, status};

const ORDERS: u64 = 120;

/// Method, route and status, with how many.
type Counted = BTreeMap<(String, String, u16), u64>;

fn series(labels: &BTreeMap<String, String>) -> (String, String, u16) {
    (labels["method"].clone(), labels["route"].clone(), labels["status_code"].parse().unwrap())
}

fn counted(series: Vec<(String, String, u16, u64)>) -> Counted {
    series
        .into_iter()
        .map(|(method, route, status, count)| ((method, route, status), count))
        .collect()
}

/// Orders everything, with rounds of export in between. Gives what a scrape shows at the end.
async fn run(flavor: Flavor, variables: &[(&str, String)]) -> Scrape {
    let mut all = vec![("OTEL_METRIC_EXPORT_INTERVAL", "100".to_owned())];
    all.extend_from_slice(variables);
    let mut service = start(flavor, 1, &all).await;
    for part in 0..4 {
        orders(&service, part * ORDERS / 4..(part + 1) * ORDERS / 4, 3).await;
        let written = async || {
            let scrape = Scrape::parse(get(service.addr, "/metrics").await.text());
            scrape.value("obs_export_written_total", &[("signal", "metrics")])
        };
        let before = written().await;
        eventually(async || written().await > before, true, "a round").await;
    }
    let scrape = Scrape::parse(get(service.addr, "/metrics").await.text());
    service.signal(Signal::TERM);
    assert!(service.exit().await.success());
    let lines = lines::parse(&service.output()[0]);
    assert_eq!(undelivered(&lines, "metrics"), None, "everything was delivered");
    scrape
}

fn driven() -> Counted {
    let mut driven = Counted::new();
    for number in 0..ORDERS {
        let series = ("GET".to_owned(), "/orders/{number}".to_owned(), status(number));
        *driven.entry(series).or_default() += 1;
    }
    driven
}

/// What has arrived of one metric: the last, or the sum of all differences.
fn arrived<'a>(points: impl Iterator<Item = &'a Point>) -> Counted {
    let mut all = Counted::new();
    for point in points {
        let count = all.entry(series(&point.labels)).or_default();
        *count = if point.is_delta { *count } else { 0 } + point.value as u64;
    }
    all
}

#[tokio::test]
async fn requests_by_otlp_are_those_driven_and_those_scraped() {
    for (flavor, temporality, is_delta) in
        [(Flavor::Multi, "cumulative", false), (Flavor::CurrentThread, "delta", true)]
    {
        let collector = receivers::metrics().await.unwrap();
        let endpoint = format!("http://{}/v1/metrics", collector.address);
        let scrape = run(
            flavor,
            &[
                ("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", endpoint),
                ("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", temporality.to_owned()),
            ],
        )
        .await;
        let received = collector.received();
        assert_eq!(received.refused, None);
        let of =
            |name: &'static str| received.recent.iter().filter(move |point| point.name == name);
        let requests = || of("http_requests_total");
        assert!(requests().all(|point| point.is_delta == is_delta));
        assert!(requests().count() > 4, "in several rounds");
        assert_eq!(arrived(requests()), driven(), "{temporality}");
        assert_eq!(arrived(requests()), counted(scrape.requests()), "{temporality}");
        let durations = arrived(of("http_request_duration_seconds"));
        assert_eq!(durations, counted(scrape.timed()), "{temporality}");
        for name in ["process_cpu_seconds_total", "tokio_workers", "build_info"] {
            assert!(scrape.has(name) && of(name).next().is_some(), "{name}");
        }
    }
}

/// Compiling the store takes minutes, so it is not for every run.
#[tokio::test]
#[ignore = "needs otelite: says how to install it"]
async fn requests_are_read_back_from_a_store() {
    let Some(store) = Otelite::start("requests_are_read_back_from_a_store") else { return };
    let scrape = run(
        Flavor::Multi,
        &[
            ("OTEL_EXPORTER_OTLP_ENDPOINT", store.endpoint()),
            ("OTEL_METRICS_EXPORTER", "otlp".to_owned()),
            ("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip".to_owned()),
        ],
    )
    .await;
    let last = |mut points: Vec<Stored>| {
        points.sort_by_key(|point| point.timestamp);
        points.into_iter().map(|point| (series(&point.attributes), point.value)).collect()
    };
    let requests: BTreeMap<_, _> = last(store.points("http_requests_total").await);
    let requests: Counted =
        requests.into_iter().map(|(key, value)| (key, value.as_u64().unwrap())).collect();
    assert_eq!(requests, driven());
    assert_eq!(requests, counted(scrape.requests()));
    let durations: BTreeMap<_, _> = last(store.points("http_request_duration_seconds").await);
    let durations: Counted =
        durations.into_iter().map(|(key, value)| (key, value["count"].as_u64().unwrap())).collect();
    assert_eq!(durations, counted(scrape.timed()));
}
