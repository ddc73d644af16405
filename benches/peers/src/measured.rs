//! Labels are a type of the application's, with a set for each: fixed for enums, interned by lasso for any text.

use std::hint::black_box;
use std::sync::{Arc, Mutex};

use measured::lasso::ThreadedRodeo;
use measured::metric::MetricFamilyEncoding;
use measured::metric::group::Encoding as _;
use measured::metric::histogram::Thresholds;
use measured::metric::name::MetricName;
use measured::text::BufferedTextEncoder;
use measured::{Counter, CounterVec, FixedCardinalityLabel, Histogram, HistogramVec, LabelGroup};
use obs_store_benches::{Bench, Operation, load};

const BUCKETS: usize = load::BOUNDS.len();

#[derive(Clone, Copy, LabelGroup)]
#[label(set = DynamicSet)]
struct Dynamic<'a> {
    #[label(dynamic_with = ThreadedRodeo, default)]
    method: &'a str,
    #[label(dynamic_with = ThreadedRodeo, default)]
    route: &'a str,
    #[label(dynamic_with = ThreadedRodeo, default)]
    status: &'a str,
}

impl<'a> Dynamic<'a> {
    fn new([method, route, status]: [&'a str; 3]) -> Self {
        Self { method, route, status }
    }
}

#[derive(Clone, Copy, LabelGroup)]
#[label(set = ClosedSet)]
struct Closed {
    method: Method,
    route: Route,
    status: Status,
}

const HOT: Closed = Closed { method: Method::Get, route: Route::Item, status: Status::Ok };

#[derive(Clone, Copy, FixedCardinalityLabel)]
#[allow(dead_code, reason = "one of several")]
enum Method {
    Get,
    Post,
    Put,
}

#[derive(Clone, Copy, FixedCardinalityLabel)]
#[allow(dead_code, reason = "one of several")]
enum Route {
    Items,
    Item,
    Orders,
}

#[derive(Clone, Copy, FixedCardinalityLabel)]
#[allow(dead_code, reason = "one of several")]
enum Status {
    Ok,
    NotFound,
    Error,
}

fn thresholds() -> Thresholds<BUCKETS> {
    Thresholds::with_buckets(load::BOUNDS)
}

pub(crate) fn bench(operation: Operation) -> Option<Bench> {
    Some(match operation {
        Operation::CounterDynamic => {
            let family = CounterVec::with_label_set(DynamicSet::default());
            repeated(family, |family| family.inc(Dynamic::new(black_box(load::HOT))), "bench{")
        }
        Operation::CounterClosed => {
            let family = CounterVec::<ClosedSet>::new();
            repeated(family, |family| family.inc(black_box(HOT)), "bench{")
        }
        Operation::CounterHandle => {
            repeated(Counter::new(), |counter| black_box(counter).inc(), "bench ")
        }
        Operation::HistogramDynamic => {
            let set = DynamicSet::default();
            let observe = |family: &HistogramVec<DynamicSet, BUCKETS>| {
                family.observe(Dynamic::new(black_box(load::HOT)), black_box(load::OBSERVED));
            };
            let family = HistogramVec::with_label_set_and_metadata(set, thresholds());
            repeated(family, observe, "bench_count{")
        }
        Operation::HistogramClosed => {
            let observe = |family: &HistogramVec<ClosedSet, BUCKETS>| {
                family.observe(black_box(HOT), black_box(load::OBSERVED));
            };
            repeated(HistogramVec::with_metadata(thresholds()), observe, "bench_count{")
        }
        Operation::HistogramHandle => {
            let observe = |histogram: &Histogram<BUCKETS>| {
                black_box(histogram).observe(black_box(load::OBSERVED));
            };
            repeated(Histogram::with_metadata(thresholds()), observe, "bench_count ")
        }
        _ => return None,
    })
}

fn repeated<M>(metric: M, run: impl Fn(&M) + Send + Sync + 'static, series: &'static str) -> Bench
where
    M: MetricFamilyEncoding<BufferedTextEncoder> + Send + Sync + 'static,
{
    let metric = Arc::new(metric);
    let seen = Arc::clone(&metric);
    Bench::new(
        move |times| (0..times).for_each(|_| run(&metric)),
        move || {
            let mut encoder = BufferedTextEncoder::new();
            load::value(&text(&*seen, "bench", &mut encoder), series)
        },
    )
}

pub(crate) fn counters(count: usize) -> Bench {
    let family = CounterVec::with_label_set(DynamicSet::default());
    for (at, (method, route, status)) in load::series(count).enumerate() {
        family.inc_by(Dynamic::new([method, &route, status]), load::count(at));
    }
    encoded(family, "bench_total")
}

pub(crate) fn histograms(count: usize) -> Bench {
    let set = DynamicSet::default();
    let family = HistogramVec::<_, BUCKETS>::with_label_set_and_metadata(set, thresholds());
    for (method, route, status) in load::series(count) {
        let labels = Dynamic::new([method, &route, status]);
        load::OBSERVATIONS.iter().for_each(|value| family.observe(labels, *value));
    }
    encoded(family, "bench_seconds")
}

fn encoded<M>(metric: M, name: &'static str) -> Bench
where
    M: MetricFamilyEncoding<BufferedTextEncoder> + Send + Sync + 'static,
{
    let metric = Arc::new(metric);
    let seen = Arc::clone(&metric);
    let encoder = Mutex::new(BufferedTextEncoder::new());
    Bench::new(
        move |times| {
            let mut encoder = encoder.lock().unwrap();
            for _ in 0..times {
                encode(&*metric, name, &mut encoder);
                black_box(encoder.finish());
            }
        },
        move || load::samples(&text(&*seen, name, &mut BufferedTextEncoder::new()), name),
    )
}

fn encode<M>(metric: &M, name: &'static str, encoder: &mut BufferedTextEncoder)
where
    M: MetricFamilyEncoding<BufferedTextEncoder>,
{
    let name = MetricName::from_str(name);
    encoder.write_help(name, "What the bench shows.").unwrap();
    metric.collect_family_into(name, encoder).unwrap();
}

fn text<M>(metric: &M, name: &'static str, encoder: &mut BufferedTextEncoder) -> String
where
    M: MetricFamilyEncoding<BufferedTextEncoder>,
{
    encode(metric, name, encoder);
    String::from_utf8(encoder.finish().into()).unwrap()
}
