//! Renders one kind of series, for `valgrind --tool=callgrind`: the difference of one and two
//! scrapes is what a scrape costs.
//!
//! `encode counters|histograms|samples SERIES text|openmetrics SCRAPES`
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a tool for developers")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use obs_core::ServiceIdentity;
use obs_core::source::{Collector, Family, Histogram, Kind, LabelSet, Source, Value};
use obs_metrics::{Format, Metrics, MetricsSettings};

const BOUNDS: [f64; 12] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0];

struct Series {
    kind: String,
    series: Vec<(LabelSet, AtomicU64)>,
}

impl Source for Series {
    fn collect(&self, out: &mut dyn Collector) {
        let histograms = self.kind == "histograms";
        out.family(&Family::new(
            if histograms { "example_duration_seconds" } else { "example_requests_total" },
            if histograms { Kind::Histogram } else { Kind::Counter },
            "An example.",
        ));
        for (index, (labels, count)) in self.series.iter().enumerate() {
            let count = count.load(Ordering::Relaxed);
            if self.kind == "samples" {
                let route = index.to_string();
                let labels = [("method", "GET"), ("route", &*route), ("status_code", "200")];
                out.sample(&labels, Value::Integer(count));
            } else if histograms {
                let counts: [u64; BOUNDS.len() + 1] = std::array::from_fn(|at| count + at as u64);
                let sum = count as f64 * 0.123;
                let value = Value::Histogram(Histogram { bounds: &BOUNDS, counts: &counts, sum });
                out.series(labels, &value.into());
            } else {
                out.series(labels, &Value::Integer(count).into());
            }
        }
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, kind, series, format, scrapes] = &arguments[..] else {
        return println!("encode counters|histograms|samples SERIES text|openmetrics SCRAPES");
    };
    let series = (0..series.parse::<u64>().unwrap()).map(|index| {
        let route = format!("/api/v1/resource/{index}/{{id}}");
        let labels = [("method", "GET"), ("route", &*route), ("status_code", "200")];
        (LabelSet::new(&labels).unwrap(), AtomicU64::new(index * 7919))
    });
    let metrics = Metrics::new(&MetricsSettings::default(), &ServiceIdentity::default());
    metrics.add_source(Arc::new(Series { kind: kind.clone(), series: series.collect() }));
    let format = if format == "openmetrics" { Format::OpenMetrics } else { Format::Text };
    let mut bytes = 0;
    for _ in 0..scrapes.parse().unwrap() {
        metrics.scrape(format.into(), &mut |chunk| bytes += chunk.len());
    }
    println!("{bytes} bytes");
}
