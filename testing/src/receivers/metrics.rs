//! Numbers, by [OTLP over HTTP](https://opentelemetry.io/docs/specs/otlp/#otlphttp), binary.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use opentelemetry_proto::tonic::{
    collector::metrics::v1::{ExportMetricsServiceRequest, ExportMetricsServiceResponse},
    metrics::v1::{AggregationTemporality, metric::Data, number_data_point::Value},
};
use prost::Message;

use super::otlp::attribute;
use super::receiver::Taken;

/// A point of a metric.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// Of the metric.
    pub name: String,
    /// Its attributes, as text.
    pub labels: BTreeMap<String, String>,
    /// Of a histogram the number of observations.
    pub value: f64,
    /// Whether it is a difference.
    pub is_delta: bool,
}

pub(super) fn take(path: &str, body: &[u8]) -> Option<Result<Taken<Point>>> {
    (path == "/v1/metrics").then(|| {
        Ok(Taken {
            items: points(body)?,
            requests: 0,
            content_type: "application/x-protobuf",
            answer: ExportMetricsServiceResponse::default().encode_to_vec(),
        })
    })
}

fn points(body: &[u8]) -> Result<Vec<Point>> {
    let request = ExportMetricsServiceRequest::decode(body).context("not an export of metrics")?;
    let scopes = request.resource_metrics.into_iter().flat_map(|resource| resource.scope_metrics);
    let mut all = Vec::new();
    for metric in scopes.flat_map(|scope| scope.metrics) {
        let delta = AggregationTemporality::Delta as i32;
        let mut add = |attributes: Vec<_>, value, temporality| {
            let labels = attributes.into_iter().filter_map(attribute).collect();
            let is_delta = temporality == delta;
            all.push(Point { name: metric.name.clone(), labels, value, is_delta });
        };
        match metric.data {
            Some(Data::Sum(sum)) => {
                for point in sum.data_points {
                    add(point.attributes, number(point.value), sum.aggregation_temporality);
                }
            }
            Some(Data::Gauge(gauge)) => {
                for point in gauge.data_points {
                    add(point.attributes, number(point.value), 0);
                }
            }
            Some(Data::Histogram(histogram)) => {
                for point in histogram.data_points {
                    add(point.attributes, point.count as f64, histogram.aggregation_temporality);
                }
            }
            _ => {}
        }
    }
    Ok(all)
}

fn number(value: Option<Value>) -> f64 {
    match value {
        Some(Value::AsInt(value)) => value as f64,
        Some(Value::AsDouble(value)) => value,
        None => f64::NAN,
    }
}
