use std::hint::black_box;
use std::sync::Arc;

use obs_core::{Clock, ServiceIdentity};
use obs_metrics::{
    Capped, Counter, Definition, Families, Format, Histogram, Metrics, MetricsSettings, label_enum,
};

use crate::{Bench, Operation, load};

type Dynamic<'a> = (Capped<&'a str>, Capped<&'a str>, Capped<&'a str>);

fn dynamic<'a>([method, route, status]: [&'a str; 3]) -> Dynamic<'a> {
    (Capped(method), Capped(route), Capped(status))
}

type Closed = (Method, Route, Status);

const HOT: Closed = (Method::Get, Route::Item, Status::Ok);

label_enum! {
    enum Method { Get = "GET", Post = "POST", Put = "PUT" }
}
label_enum! {
    enum Route { Items = "/items", Item = "/items/{id}", Orders = "/orders" }
}
label_enum! {
    enum Status { Ok = "200", NotFound = "404", Error = "500" }
}

/// One series, over and over.
#[allow(clippy::expect_used, reason = "a bench")]
pub(crate) fn bench(operation: Operation) -> Option<Bench> {
    let families = Families::new(&MetricsSettings::default(), Clock::system());
    let counter = Definition::new("bench_total", "What the bench shows.").labels(load::NAMES);
    let histogram = Definition::new("bench_seconds", "What the bench shows.")
        .labels(load::NAMES)
        .buckets(load::BOUNDS);
    Some(match operation {
        Operation::CounterDynamic => {
            let family = families.counter::<Dynamic<'_>>(counter).expect("a definition");
            let handle = family.with(dynamic(load::HOT));
            let run = move || family.inc(dynamic(black_box(load::HOT)));
            repeated(run, move || handle.get())
        }
        Operation::CounterClosed => {
            let family: Counter<Closed> = families.counter(counter).expect("a definition");
            let handle = family.with(HOT);
            repeated(move || family.inc(black_box(HOT)), move || handle.get())
        }
        Operation::CounterHandle => {
            let family: Counter<Closed> = families.counter(counter).expect("a definition");
            let handle = family.with(HOT);
            let seen = handle.clone();
            repeated(move || black_box(&handle).inc(), move || seen.get())
        }
        Operation::HistogramDynamic => {
            let family = families.histogram::<Dynamic<'_>>(histogram).expect("a definition");
            let run = move || {
                family.observe(dynamic(black_box(load::HOT)), black_box(load::OBSERVED));
            };
            repeated(run, observations(families))
        }
        Operation::HistogramClosed => {
            let family: Histogram<Closed> = families.histogram(histogram).expect("a definition");
            let run = move || family.observe(black_box(HOT), black_box(load::OBSERVED));
            repeated(run, observations(families))
        }
        Operation::HistogramHandle => {
            let family: Histogram<Closed> = families.histogram(histogram).expect("a definition");
            let handle = family.with(HOT);
            let run = move || black_box(&handle).observe(black_box(load::OBSERVED));
            repeated(run, observations(families))
        }
        _ => return None,
    })
}

fn repeated(
    run: impl Fn() + Send + Sync + 'static,
    seen: impl Fn() -> u64 + Send + Sync + 'static,
) -> Bench {
    Bench::new(move |times| (0..times).for_each(|_| run()), seen)
}

fn observations(families: Families) -> impl Fn() -> u64 + Send + Sync {
    let metrics = Metrics::new(&MetricsSettings::default(), &ServiceIdentity::default());
    metrics.add_source(Arc::new(families));
    let series = format!("bench_seconds_count{{method=\"{}\"", load::HOT[0]);
    move || load::value(&metrics.render(Format::Text), &series)
}

/// So many counters with three labels of any text, to be encoded.
///
/// # Panics
/// Never: the definition is valid.
#[must_use]
#[allow(clippy::expect_used, reason = "a bench")]
pub fn counters(count: usize) -> Bench {
    let (metrics, definition) = many("bench_total", count);
    let family = metrics.families().counter::<Dynamic<'_>>(definition).expect("a definition");
    for (at, (method, route, status)) in load::series(count).enumerate() {
        family.add(dynamic([method, &route, status]), load::count(at));
    }
    encoded(metrics, "bench_total")
}

/// So many histograms with three labels of any text, to be encoded.
///
/// # Panics
/// Never: the definition is valid.
#[must_use]
#[allow(clippy::expect_used, reason = "a bench")]
pub fn histograms(count: usize) -> Bench {
    let (metrics, definition) = many("bench_seconds", count);
    let definition = definition.buckets(load::BOUNDS);
    let family = metrics.families().histogram::<Dynamic<'_>>(definition).expect("a definition");
    for (method, route, status) in load::series(count) {
        let histogram = family.with(dynamic([method, &route, status]));
        load::OBSERVATIONS.iter().for_each(|value| histogram.observe(*value));
    }
    encoded(metrics, "bench_seconds")
}

fn many(name: &'static str, count: usize) -> (Metrics, Definition) {
    let metrics = Metrics::new(&MetricsSettings::default(), &ServiceIdentity::default());
    let definition = Definition::new(name, "What the bench shows.")
        .labels(load::NAMES)
        .limit(load::NAMES[1], count)
        .max_series(count);
    (metrics, definition)
}

fn encoded(metrics: Metrics, name: &'static str) -> Bench {
    let metrics = Arc::new(metrics);
    let seen = Arc::clone(&metrics);
    Bench::new(
        move |times| {
            for _ in 0..times {
                black_box(metrics.render(Format::Text));
            }
        },
        move || load::samples(&seen.render(Format::Text), name),
    )
}
