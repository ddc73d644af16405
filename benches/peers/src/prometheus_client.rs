//! Labels are a type of the application's. A look-up needs a whole value of it, so text is owned.

use std::hint::black_box;
use std::sync::{Arc, Mutex};

use obs_store_benches::{Bench, Operation, load};
use prometheus_client::encoding::text::encode;
use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Dynamic {
    method: String,
    route: String,
    status: String,
}

impl Dynamic {
    fn new([method, route, status]: [&str; 3]) -> Self {
        Self { method: method.to_owned(), route: route.to_owned(), status: status.to_owned() }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Closed {
    method: Method,
    route: Route,
    status: Status,
}

const HOT: Closed = Closed { method: Method::Get, route: Route::Item, status: Status::Ok };

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelValue)]
#[allow(dead_code, reason = "one of several")]
enum Method {
    Get,
    Post,
    Put,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelValue)]
#[allow(dead_code, reason = "one of several")]
enum Route {
    Items,
    Item,
    Orders,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelValue)]
#[allow(dead_code, reason = "one of several")]
enum Status {
    Ok,
    NotFound,
    Error,
}

fn histogram() -> Histogram {
    Histogram::new(load::BOUNDS)
}

type Histograms<L> = Family<L, Histogram, fn() -> Histogram>;

pub(crate) fn bench(operation: Operation) -> Option<Bench> {
    Some(match operation {
        Operation::CounterDynamic => {
            let family = Family::<Dynamic, Counter>::default();
            let counter = family.get_or_create_owned(&Dynamic::new(load::HOT));
            let run = move || {
                family.get_or_create(&Dynamic::new(black_box(load::HOT))).inc();
            };
            repeated(run, move || counter.get())
        }
        Operation::CounterClosed => {
            let family = Family::<Closed, Counter>::default();
            let counter = family.get_or_create_owned(&HOT);
            let run = move || {
                family.get_or_create(black_box(&HOT)).inc();
            };
            repeated(run, move || counter.get())
        }
        Operation::CounterHandle => {
            let counter = Family::<Closed, Counter>::default().get_or_create_owned(&HOT);
            let seen = counter.clone();
            let run = move || {
                black_box(&counter).inc();
            };
            repeated(run, move || seen.get())
        }
        Operation::HistogramDynamic => {
            let family = Histograms::<Dynamic>::new_with_constructor(histogram);
            let seen = family.get_or_create_owned(&Dynamic::new(load::HOT));
            let run = move || {
                let labels = Dynamic::new(black_box(load::HOT));
                family.get_or_create(&labels).observe(black_box(load::OBSERVED));
            };
            repeated(run, observations(seen))
        }
        Operation::HistogramClosed => {
            let family = Histograms::<Closed>::new_with_constructor(histogram);
            let seen = family.get_or_create_owned(&HOT);
            let run =
                move || family.get_or_create(black_box(&HOT)).observe(black_box(load::OBSERVED));
            repeated(run, observations(seen))
        }
        Operation::HistogramHandle => {
            let histogram = histogram();
            let seen = histogram.clone();
            let run = move || black_box(&histogram).observe(black_box(load::OBSERVED));
            repeated(run, observations(seen))
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

/// The library tells the count of a histogram in its text only.
fn observations(histogram: Histogram) -> impl Fn() -> u64 + Send + Sync {
    let mut registry = Registry::default();
    registry.register("bench", "What the bench shows", histogram);
    move || {
        let mut text = String::new();
        encode(&mut text, &registry).unwrap();
        load::value(&text, "bench_count ")
    }
}

pub(crate) fn counters(count: usize) -> Bench {
    let family = Family::<Dynamic, Counter>::default();
    for (at, (method, route, status)) in load::series(count).enumerate() {
        family.get_or_create(&Dynamic::new([method, &route, status])).inc_by(load::count(at));
    }
    let mut registry = Registry::default();
    registry.register("bench", "What the bench shows", family);
    encoded(registry, "bench_total")
}

pub(crate) fn histograms(count: usize) -> Bench {
    let family = Histograms::<Dynamic>::new_with_constructor(histogram);
    for (method, route, status) in load::series(count) {
        let histogram = family.get_or_create(&Dynamic::new([method, &route, status]));
        load::OBSERVATIONS.iter().for_each(|value| histogram.observe(*value));
    }
    let mut registry = Registry::default();
    registry.register("bench_seconds", "What the bench shows", family);
    encoded(registry, "bench_seconds")
}

fn encoded(registry: Registry, name: &'static str) -> Bench {
    let text = Arc::new(Mutex::new(String::new()));
    let seen = Arc::clone(&text);
    Bench::new(
        move |times| {
            let mut text = text.lock().unwrap();
            for _ in 0..times {
                text.clear();
                encode(&mut *text, &registry).unwrap();
                black_box(&mut text);
            }
        },
        move || load::samples(&seen.lock().unwrap(), name),
    )
}
