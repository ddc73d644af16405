//! Labels are a slice of borrowed text, in the order of their names; a closed set is no type of its own.

use std::hint::black_box;
use std::sync::{Arc, Mutex};

use obs_store_benches::{Bench, Operation, load};
use prometheus::{HistogramOpts, HistogramVec, IntCounterVec, Opts, Registry, TextEncoder};

fn counter_family() -> IntCounterVec {
    IntCounterVec::new(Opts::new("bench_total", "What the bench shows."), &load::NAMES).unwrap()
}

fn histogram_family() -> HistogramVec {
    let opts =
        HistogramOpts::new("bench_seconds", "What the bench shows.").buckets(load::BOUNDS.to_vec());
    HistogramVec::new(opts, &load::NAMES).unwrap()
}

pub(crate) fn bench(operation: Operation) -> Option<Bench> {
    let (counters, histograms) = (counter_family(), histogram_family());
    let counter = counters.with_label_values(&load::HOT);
    let histogram = histograms.with_label_values(&load::HOT);
    let (counted, observed) = (counter.clone(), histogram.clone());
    Some(match operation {
        Operation::CounterDynamic | Operation::CounterClosed => Bench::new(
            move |times| {
                for _ in 0..times {
                    counters.with_label_values(black_box(&load::HOT)).inc();
                }
            },
            move || counted.get(),
        ),
        Operation::CounterHandle => Bench::new(
            move |times| (0..times).for_each(|_| black_box(&counter).inc()),
            move || counted.get(),
        ),
        Operation::HistogramDynamic | Operation::HistogramClosed => Bench::new(
            move |times| {
                for _ in 0..times {
                    let histogram = histograms.with_label_values(black_box(&load::HOT));
                    histogram.observe(black_box(load::OBSERVED));
                }
            },
            move || observed.get_sample_count(),
        ),
        Operation::HistogramHandle => Bench::new(
            move |times| {
                for _ in 0..times {
                    black_box(&histogram).observe(black_box(load::OBSERVED));
                }
            },
            move || observed.get_sample_count(),
        ),
        _ => return None,
    })
}

pub(crate) fn counters(count: usize) -> Bench {
    let family = counter_family();
    for (at, (method, route, status)) in load::series(count).enumerate() {
        family.with_label_values(&[method, &route, status]).inc_by(load::count(at));
    }
    let registry = Registry::new();
    registry.register(Box::new(family)).unwrap();
    encoded(registry, "bench_total")
}

pub(crate) fn histograms(count: usize) -> Bench {
    let family = histogram_family();
    for (method, route, status) in load::series(count) {
        let histogram = family.with_label_values(&[method, &route, status]);
        load::OBSERVATIONS.iter().for_each(|value| histogram.observe(*value));
    }
    let registry = Registry::new();
    registry.register(Box::new(family)).unwrap();
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
                TextEncoder::new().encode_utf8(&registry.gather(), &mut text).unwrap();
                black_box(&mut text);
            }
        },
        move || load::samples(&seen.lock().unwrap(), name),
    )
}
