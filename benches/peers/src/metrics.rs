//! Labels are owned text unless they are `'static`. Observations are kept until the upkeep puts them into
//! buckets, so every run ends with one.

use std::hint::black_box;
use std::sync::{Arc, Mutex};

use metrics::{counter, histogram, with_local_recorder};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle, PrometheusRecorder};
use obs_store_benches::{Bench, Operation, load};

/// How many observations may wait for the upkeep: in a service it runs every few seconds.
const WAITING: u32 = 1000;

fn recorder() -> PrometheusRecorder {
    PrometheusBuilder::new().set_buckets(&load::BOUNDS).unwrap().build_recorder()
}

pub(crate) fn bench(operation: Operation) -> Option<Bench> {
    let recorder = recorder();
    let handle = recorder.handle();
    let hot = || load::HOT.map(str::to_owned);
    let closed = [("method", load::HOT[0]), ("route", load::HOT[1]), ("status", load::HOT[2])];
    Some(match operation {
        Operation::CounterDynamic => counting(recorder, || {
            let [method, route, status] = black_box(load::HOT).map(str::to_owned);
            counter!("bench", "method" => method, "route" => route, "status" => status)
                .increment(1);
        }),
        Operation::CounterClosed => counting(recorder, || {
            let [method, route, status] = black_box(load::HOT);
            counter!("bench", "method" => method, "route" => route, "status" => status)
                .increment(1);
        }),
        Operation::CounterHandle => {
            let counter = with_local_recorder(&recorder, || counter!("bench", &closed));
            let run = move || black_box(&counter).increment(1);
            Bench::new(move |times| (0..times).for_each(|_| run()), seen(handle, "bench{"))
        }
        Operation::HistogramDynamic => observing(recorder, move || {
            let [method, route, status] = black_box(hot());
            histogram!("bench", "method" => method, "route" => route, "status" => status)
                .record(black_box(load::OBSERVED));
        }),
        Operation::HistogramClosed => observing(recorder, || {
            let [method, route, status] = black_box(load::HOT);
            histogram!("bench", "method" => method, "route" => route, "status" => status)
                .record(black_box(load::OBSERVED));
        }),
        Operation::HistogramHandle => {
            let histogram = with_local_recorder(&recorder, || histogram!("bench", &closed));
            observing(recorder, move || black_box(&histogram).record(black_box(load::OBSERVED)))
        }
        _ => return None,
    })
}

fn counting(recorder: PrometheusRecorder, run: impl Fn() + Send + Sync + 'static) -> Bench {
    let handle = recorder.handle();
    Bench::new(
        move |times| with_local_recorder(&recorder, || (0..times).for_each(|_| run())),
        seen(handle, "bench{"),
    )
}

fn observing(recorder: PrometheusRecorder, run: impl Fn() + Send + Sync + 'static) -> Bench {
    let handle = recorder.handle();
    let upkeep = recorder.handle();
    Bench::new(
        move |times| {
            with_local_recorder(&recorder, || {
                for done in 1..=times {
                    run();
                    if done % WAITING == 0 || done == times {
                        upkeep.run_upkeep();
                    }
                }
            });
        },
        seen(handle, "bench_count{"),
    )
}

fn seen(handle: PrometheusHandle, series: &'static str) -> impl Fn() -> u64 + Send + Sync {
    move || load::value(&handle.render(), series)
}

pub(crate) fn counters(count: usize) -> Bench {
    let recorder = recorder();
    with_local_recorder(&recorder, || {
        for (at, (method, route, status)) in load::series(count).enumerate() {
            counter!("bench_total", "method" => method, "route" => route, "status" => status)
                .increment(load::count(at));
        }
    });
    encoded(&recorder, "bench_total")
}

pub(crate) fn histograms(count: usize) -> Bench {
    let recorder = recorder();
    with_local_recorder(&recorder, || {
        for (method, route, status) in load::series(count) {
            let histogram = histogram!("bench_seconds", "method" => method, "route" => route, "status" => status);
            load::OBSERVATIONS.iter().for_each(|value| histogram.record(*value));
        }
    });
    recorder.handle().run_upkeep();
    encoded(&recorder, "bench_seconds")
}

fn encoded(recorder: &PrometheusRecorder, name: &'static str) -> Bench {
    let handle = recorder.handle();
    let text = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&text);
    Bench::new(
        move |times| {
            let mut text = text.lock().unwrap();
            for _ in 0..times {
                text.clear();
                handle.render_to_write(&mut *text).unwrap();
                black_box(&mut text);
            }
        },
        move || load::samples(std::str::from_utf8(&seen.lock().unwrap()).unwrap(), name),
    )
}
