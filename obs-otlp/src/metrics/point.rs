use std::time::Duration;

use obs_core::source::{self, Kind};
use opentelemetry_proto::tonic::common::v1::KeyValue;
use opentelemetry_proto::tonic::metrics::v1::{
    Exemplar, ExponentialHistogramDataPoint, HistogramDataPoint, NumberDataPoint, exemplar,
    exponential_histogram_data_point::Buckets, number_data_point::Value,
};

use super::total::Total;
use crate::otlp::{nanos, text};

/// A point as OTLP has it.
pub(super) enum Point {
    Sum(NumberDataPoint),
    Gauge(NumberDataPoint),
    Histogram(HistogramDataPoint),
    Exponential(ExponentialHistogramDataPoint),
}

/// What it is made of, besides its value.
pub(super) struct Parts<'a> {
    pub(super) attributes: Vec<KeyValue>,
    pub(super) start: Duration,
    pub(super) now: Duration,
    /// Of explicit buckets.
    pub(super) bounds: &'a [f64],
    pub(super) exemplars: &'a [source::Exemplar],
}

impl Point {
    /// `None` if a family of that kind has no such values.
    pub(super) fn new(kind: Kind, total: Total, parts: Parts<'_>) -> Option<Self> {
        let Parts { attributes, start, now, bounds, exemplars } = parts;
        // Older ones are not of the time that the point is about.
        let exemplars = exemplars.iter().filter(|one| one.at >= start).map(exemplar).collect();
        let (start_time_unix_nano, time_unix_nano) = (nanos(start.min(now)), nanos(now));
        match (kind, total) {
            (Kind::Histogram, Total::Buckets { counts, sum }) => {
                Some(Self::Histogram(HistogramDataPoint {
                    attributes,
                    start_time_unix_nano,
                    time_unix_nano,
                    count: counts.iter().fold(0, |all, count| all.saturating_add(*count)),
                    sum: Some(sum),
                    bucket_counts: counts,
                    explicit_bounds: bounds.to_vec(),
                    exemplars,
                    ..HistogramDataPoint::default()
                }))
            }
            (Kind::Histogram, Total::Exponential(histogram)) => {
                Some(Self::Exponential(ExponentialHistogramDataPoint {
                    attributes,
                    start_time_unix_nano,
                    time_unix_nano,
                    count: histogram.count(),
                    sum: Some(histogram.sum),
                    scale: histogram.scale,
                    zero_count: histogram.zero_count,
                    zero_threshold: histogram.zero_threshold,
                    positive: Some(Buckets {
                        offset: histogram.offset,
                        bucket_counts: histogram.counts,
                    }),
                    exemplars,
                    ..ExponentialHistogramDataPoint::default()
                }))
            }
            (Kind::Histogram, _) => None,
            (kind, total) => {
                let point = NumberDataPoint {
                    attributes,
                    start_time_unix_nano,
                    time_unix_nano,
                    exemplars,
                    value: Some(number(&total)?),
                    ..NumberDataPoint::default()
                };
                Some(match kind {
                    Kind::Counter => Self::Sum(point),
                    _ => Self::Gauge(NumberDataPoint { start_time_unix_nano: 0, ..point }),
                })
            }
        }
    }
}

#[allow(clippy::cast_precision_loss, reason = "OTLP has no unsigned integers")]
fn number(total: &Total) -> Option<Value> {
    match total {
        Total::Integer(value) => {
            Some(i64::try_from(*value).map_or(Value::AsDouble(*value as f64), Value::AsInt))
        }
        Total::Float(value) => Some(Value::AsDouble(*value)),
        _ => None,
    }
}

fn exemplar(exemplar: &source::Exemplar) -> Exemplar {
    let mut message = Exemplar {
        time_unix_nano: nanos(exemplar.at),
        value: Some(exemplar::Value::AsDouble(exemplar.value)),
        ..Exemplar::default()
    };
    for (name, value) in exemplar.labels.pairs() {
        let id = match (name, value.len()) {
            ("trace_id", 32) | ("span_id", 16) => u128::from_str_radix(&value, 16).ok(),
            _ => None,
        };
        match (name, id) {
            ("trace_id", Some(id)) => message.trace_id = id.to_be_bytes().to_vec(),
            ("span_id", Some(id)) => message.span_id = id.to_be_bytes()[8..].to_vec(),
            _ => message.filtered_attributes.push(text(name, &value)),
        }
    }
    message
}
