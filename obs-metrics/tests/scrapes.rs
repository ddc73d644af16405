//! Scrapers at the same time share a rendering, and no source spoils it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests, outside of #[test]")]

mod harness;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use futures_util::{FutureExt as _, StreamExt as _, TryStreamExt as _};
use harness::{Exposition, Gate, Number, Shown, Sources, Traffic, metrics};
use obs_core::source::{Collector, Family, Kind, Source, Value};
use obs_metrics::{Format, Metrics, Representation};
use proptest::prelude::*;

fn text() -> Representation {
    Format::Text.into()
}

/// Metrics with something that fills some chunks, and then a gate.
fn gated() -> (Arc<Metrics>, Arc<Gate>) {
    let metrics = metrics();
    let mut big = Shown::new("big", Kind::Gauge, "Some chunks.");
    for index in 0..5000 {
        big = big.with(&[("index", &format!("{index:060}"))], Number::Integer(index));
    }
    metrics.add_source(Arc::new(Sources(vec![big])));
    let gate = Arc::new(Gate::default());
    metrics.add_source(gate.clone());
    (metrics, gate)
}

async fn read(metrics: &Arc<Metrics>, representation: Representation) -> String {
    let chunks: Vec<_> = metrics.stream(representation).try_collect().await.unwrap();
    String::from_utf8(chunks.concat()).unwrap()
}

async fn until(what: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while !what() {
        assert!(Instant::now() < deadline);
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn scrapers_at_the_same_time_share_one_rendering() {
    let (metrics, gate) = gated();
    // On board before anything ends: the first leaves after a chunk, the others read on.
    let mut leaver = Box::pin(metrics.stream(text()));
    assert!(!leaver.next().await.unwrap().unwrap().is_empty());
    let streams: Vec<_> = (0..16).map(|_| metrics.stream(text())).collect();
    drop(leaver);
    let other = metrics.stream(Format::OpenMetrics.into());
    until(|| gate.asked.load(Ordering::SeqCst) == 2).await;
    gate.open();
    let mut bodies = Vec::new();
    for stream in streams {
        let chunks: Vec<_> = stream.try_collect().await.unwrap();
        bodies.push(String::from_utf8(chunks.concat()).unwrap());
    }
    assert_eq!(gate.asked.load(Ordering::SeqCst), 2, "one for each format");
    bodies.dedup();
    let [body] = &bodies[..] else { panic!("{} different", bodies.len()) };
    let seen = Exposition::parse(body, Format::Text);
    assert_eq!(seen.of("big").count(), 5000);
    assert_eq!(seen.value("obs_scrapes_total", &[("format", "text")]), 1.0);

    let chunks: Vec<_> = other.try_collect().await.unwrap();
    Exposition::parse(std::str::from_utf8(&chunks.concat()).unwrap(), Format::OpenMetrics);
    // The next one is new.
    for scrapes in 2..5 {
        let seen = Exposition::parse(&read(&metrics, text()).await, Format::Text);
        assert_eq!(seen.value("obs_scrapes_total", &[("format", "text")]), f64::from(scrapes));
        assert!(seen.value("obs_scrape_bytes_total", &[]) >= body.len() as f64);
        assert!(seen.value("obs_scrape_encode_seconds_total", &[]) > 0.0);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_source_delays_neither_what_is_before_it_nor_a_request() {
    let (metrics, gate) = gated();
    let mut stream = Box::pin(metrics.stream(text()));
    let first = stream.next().await.unwrap().unwrap();
    assert!(first.starts_with(b"# HELP http_requests_total"));
    until(|| gate.asked.load(Ordering::SeqCst) == 1).await;
    // The rendering waits, and requests are counted on.
    let traffic = Traffic::new(metrics.http());
    for _ in 0..1000 {
        traffic.get(&Arc::from("/orders"));
    }
    gate.open();
    while stream.next().await.is_some() {}
    assert_eq!(harness::requests(&metrics)["/orders"], 1000);
}

#[test]
fn without_a_runtime_that_works_there_is_an_answer_all_the_same() {
    let metrics = metrics();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let handle = runtime.handle().clone();
    runtime.shutdown_background();
    let streams = [None, Some(handle)].map(|runtime| {
        let _entered = runtime.as_ref().map(tokio::runtime::Handle::enter);
        metrics.stream(Format::OpenMetrics.into())
    });
    for stream in streams {
        let chunks = stream.map_ok(Vec::from).try_collect::<Vec<_>>().now_or_never();
        let chunks = chunks.unwrap().unwrap();
        let text = String::from_utf8(chunks.concat()).unwrap();
        Exposition::parse(&text, Format::OpenMetrics);
    }
}

/// Shows a whole family, and panics within the next.
struct Faulty;

impl Source for Faulty {
    fn collect(&self, out: &mut dyn Collector) {
        out.family(&Family::new("whole", Kind::Gauge, "Fine."));
        out.sample(&[], Value::Integer(1));
        out.family(&Family::new("partial", Kind::Gauge, "Not fine."));
        out.sample(&[], Value::Integer(1));
        panic!("a fault of the application's");
    }
}

#[test]
fn a_source_that_panics_loses_its_family_and_nothing_else() {
    for format in [Format::Text, Format::OpenMetrics] {
        let metrics = metrics();
        metrics.add_source(Arc::new(Faulty));
        metrics.add_source(Arc::new(Sources(vec![
            Shown::new("after", Kind::Gauge, "Fine.").with(&[], Number::Integer(1)),
        ])));
        for panics in 1..3 {
            let seen = Exposition::parse(&metrics.render(format), format);
            assert_eq!(seen.value("whole", &[]), 1.0);
            assert_eq!(seen.value("after", &[]), 1.0);
            assert!(seen.get("partial", &[]).is_none() && !seen.kind.contains_key("partial"));
            assert_eq!(seen.value("obs_source_panics_total", &[]), f64::from(panics));
        }
    }
}

/// Ends the rendering itself: what it panics with panics when it is dropped.
struct Deadly;

struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("even its panic panics");
    }
}

impl Source for Deadly {
    fn collect(&self, _: &mut dyn Collector) {
        std::panic::panic_any(Bomb);
    }
}

#[tokio::test]
async fn a_rendering_that_dies_is_no_shorter_exposition() {
    for representation in [Format::Text, Format::OpenMetrics].map(Representation::from) {
        let (metrics, gate) = gated();
        gate.open();
        metrics.add_source(Arc::new(Deadly));
        for _ in 0..2 {
            let pieces: Vec<_> = metrics.stream(representation).collect().await;
            let (last, before) = pieces.split_last().unwrap();
            assert!(last.is_err(), "{representation:?} ends well");
            assert!(!before.is_empty() && before.iter().all(Result::is_ok));
        }
    }
}

#[tokio::test]
async fn a_rendering_that_dies_at_once_is_an_error_too() {
    let metrics = metrics();
    metrics.add_source(Arc::new(Deadly));
    let pieces: Vec<_> = metrics.stream(text()).collect().await;
    assert!(matches!(pieces[..], [Err(_)]), "{pieces:?}");
}

#[test]
fn the_series_of_each_family_are_counted() {
    let metrics = metrics();
    let buckets = || Number::Histogram(vec![1.0, 2.0], vec![1, 1, 1], 3.0);
    metrics.add_source(Arc::new(Sources(vec![
        Shown::new("gauges", Kind::Gauge, "Two.")
            .with(&[("a", "1")], Number::Integer(1))
            .with(&[("a", "2")], Number::Integer(1))
            .with(&[("", "")], Number::Integer(1)),
        Shown::new("waits", Kind::Histogram, "Two of five.")
            .with(&[("a", "1")], buckets())
            .with(&[("a", "2")], buckets()),
        Shown::new("none", Kind::Gauge, "None."),
    ])));
    let seen = harness::seen(&metrics);
    for (family, series) in [("gauges", 2.0), ("waits", 10.0), ("none", 0.0)] {
        assert_eq!(seen.value("obs_series", &[("family", family)]), series, "{family}");
    }
    for (labels, series) in seen.of("obs_series") {
        let family = &labels["family"];
        let names = ["", "_bucket", "_sum", "_count"].map(|suffix| format!("{family}{suffix}"));
        let found = seen.samples.keys().filter(|(name, _)| names.contains(name));
        assert_eq!(found.count() as f64, series, "{family}");
    }
}

proptest! {
    #[test]
    fn no_header_fails_a_negotiation(accept in harness::hostile_text(), header in "[a-z*/;=,.q0-9 \"]{0,40}") {
        for header in [accept, header] {
            let chosen = Representation::negotiate(&header, &header);
            prop_assert!(!chosen.content_type().is_empty());
        }
    }
}
