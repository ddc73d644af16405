use std::hint::black_box;
use std::sync::Arc;

use obs_core::ServiceIdentity;
use obs_core::source::{
    Collector, Family, Histogram, InvalidLabel, Kind, LabelSet, Sample, Source, Value,
};
use obs_metrics::{Format, Metrics, MetricsSettings};

use crate::{Bench, load};

pub(crate) fn counters(count: usize) -> Bench {
    encode("bench_total", Shown { kind: Kind::Counter, series: labels(count) })
}

pub(crate) fn histograms(count: usize) -> Bench {
    encode("bench_seconds", Shown { kind: Kind::Histogram, series: labels(count) })
}

fn encode(name: &'static str, shown: Shown) -> Bench {
    let metrics = Arc::new(Metrics::new(&MetricsSettings::default(), &ServiceIdentity::default()));
    metrics.add_source(Arc::new(shown));
    let again = Arc::clone(&metrics);
    Bench::new(
        move |times| {
            for _ in 0..times {
                black_box(metrics.render(Format::Text));
            }
        },
        move || load::samples(&again.render(Format::Text), name),
    )
}

#[allow(clippy::expect_used, reason = "a bench")]
fn labels(count: usize) -> Vec<LabelSet> {
    let labels: Result<Vec<_>, InvalidLabel> = load::series(count)
        .map(|(method, route, status)| {
            let [first, second, third] = load::NAMES;
            LabelSet::new(&[(first, method), (second, &route), (third, status)])
        })
        .collect();
    labels.expect("the names are valid")
}

/// Series whose labels were written when they were made, as families have them.
struct Shown {
    kind: Kind,
    series: Vec<LabelSet>,
}

impl Source for Shown {
    fn collect(&self, out: &mut dyn Collector) {
        let counts = [1; load::OBSERVATIONS.len()];
        let sum = load::OBSERVATIONS.iter().sum();
        let histogram = Histogram { bounds: &load::BOUNDS, counts: &counts, sum };
        let counter = self.kind == Kind::Counter;
        let name = if counter { "bench_total" } else { "bench_seconds" };
        out.family(&Family { name, kind: self.kind, help: "What the bench shows." });
        for (at, labels) in self.series.iter().enumerate() {
            let value =
                if counter { Value::Integer(load::count(at)) } else { Value::Histogram(histogram) };
            out.series(labels, &Sample::from(value));
        }
    }
}
