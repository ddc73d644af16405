//! Prometheus' protobuf format: length-delimited families, the only ones with native histograms.

mod messages;
mod native;

use obs_core::source::{self, Family, Kind, LabelSet, Sample, Value};
use prost::Message as _;

use self::messages::{
    Bucket, Counter, Exemplar, Gauge, Histogram, LabelPair, Metric, MetricFamily, MetricType,
};
use super::{exemplars, unit_of};

/// Holds one family until it is whole: its length comes first.
#[derive(Debug, Default)]
pub(super) struct Protobuf(MetricFamily);

impl Protobuf {
    pub(super) fn begin(&mut self, family: &Family<'_>) {
        let kind = match family.kind {
            Kind::Counter => MetricType::Counter,
            Kind::Histogram => MetricType::Histogram,
            _ => MetricType::Gauge,
        };
        let Family { name, help, .. } = *family;
        self.0.name.push_str(name);
        self.0.help.push_str(help);
        self.0.kind = Some(kind.into());
        self.0.unit.push_str(unit_of(family).unwrap_or_default());
    }

    pub(super) fn series(&mut self, labels: &LabelSet, sample: &Sample<'_>) {
        let mut metric = Metric { label: pairs(labels), ..Metric::default() };
        let value = match sample.value {
            Value::Integer(value) => value as f64,
            Value::Float(value) => value,
            Value::Histogram(value) => {
                metric.histogram = Some(histogram(&value, sample));
                self.0.metric.push(metric);
                return;
            }
            _ => return,
        };
        if self.0.kind == Some(MetricType::Counter.into()) {
            metric.counter = Some(Counter {
                value: Some(value),
                exemplar: sample.exemplars.first().and_then(exemplar),
                created_timestamp: sample.created.map(Into::into),
            });
        } else {
            metric.gauge = Some(Gauge { value: Some(value) });
        }
        self.0.metric.push(metric);
    }

    /// Writes the family, unless it has nothing to say.
    pub(super) fn end(&mut self, out: &mut Vec<u8>) {
        if !self.0.metric.is_empty() {
            // A vector takes everything.
            let _ = self.0.encode_length_delimited(out);
        }
        self.0.clear();
    }

    pub(super) fn abandon(&mut self) {
        self.0.clear();
    }
}

fn histogram(value: &source::Histogram<'_>, sample: &Sample<'_>) -> Histogram {
    let mut total = 0_u64;
    let bounds = value.bounds.iter().chain([&f64::INFINITY]);
    let buckets = bounds.zip(value.counts).enumerate().map(|(at, (bound, count))| {
        total = total.saturating_add(*count);
        let inside = sample.exemplars.iter().find(|exemplar| exemplar.bucket == at);
        Bucket {
            cumulative_count: Some(total),
            upper_bound: Some(*bound),
            exemplar: inside.and_then(exemplar),
        }
    });
    let bucket = buckets.collect();
    let mut histogram = Histogram {
        sample_count: Some(total),
        sample_sum: Some(value.sum),
        bucket,
        created_timestamp: sample.created.map(Into::into),
        ..Histogram::default()
    };
    if let Some(native) = &sample.native {
        native::add(native, &mut histogram);
        histogram.exemplars = sample.exemplars.iter().filter_map(exemplar).collect();
    }
    histogram
}

fn exemplar(exemplar: &source::Exemplar) -> Option<Exemplar> {
    exemplars::fits(exemplar).then(|| Exemplar {
        label: pairs(&exemplar.labels),
        value: Some(exemplar.value),
        timestamp: (!exemplar.at.is_zero()).then(|| exemplar.at.into()),
    })
}

fn pairs(labels: &LabelSet) -> Vec<LabelPair> {
    let pair = |(name, value): (&str, std::borrow::Cow<'_, str>)| LabelPair {
        name: name.to_owned(),
        value: value.into_owned(),
    };
    labels.pairs().map(pair).collect()
}
