use std::borrow::Cow;
use std::mem::{discriminant, take};
use std::time::Instant;

use opentelemetry_proto::tonic::metrics::v1::{
    AggregationTemporality, ExponentialHistogram, Gauge, Histogram, Metric, Sum, metric::Data,
};
use prost::{Message as _, length_delimiter_len};

use super::deltas::Marked;
use super::point::Point;
use crate::queue::Item;

/// Collectors take 4 MiB; with the resource a request stays around one.
const MOST: usize = (1 << 20) - (16 << 10);
/// A message is about so many times as large in memory as on the wire.
const MEMORY: usize = 5;

/// The points of one request.
pub(crate) struct Points {
    pub(super) metrics: Vec<Metric>,
    pub(super) marks: Vec<Marked>,
    count: u64,
    encoded: usize,
    deadline: Instant,
}

impl Item for Points {
    fn count(&self) -> u64 {
        self.count
    }

    fn bytes(&self) -> usize {
        size_of::<Self>() + self.encoded * MEMORY
    }

    fn deadline(&self) -> Option<Instant> {
        Some(self.deadline)
    }
}

/// What all points of a metric have in common.
#[derive(Clone, Debug, Default)]
pub(super) struct Head {
    pub(super) name: String,
    pub(super) description: String,
    pub(super) unit: Cow<'static, str>,
}

impl Head {
    /// At most, of a metric with this head and no point.
    fn encoded_len(&self) -> usize {
        self.name.len() + self.description.len() + self.unit.len() + 32
    }
}

/// Distributes points over requests.
pub(super) struct Batches {
    /// Encoded bytes of a request.
    most: usize,
    full: Vec<(Vec<Metric>, Vec<Marked>, u64, usize)>,
    metrics: Vec<Metric>,
    marks: Vec<Marked>,
    count: u64,
    encoded: usize,
}

impl Batches {
    /// A request takes at most so many bytes of memory, but for one point that alone takes more.
    pub(super) fn new(memory: usize) -> Self {
        Self {
            most: MOST.min(memory.saturating_sub(size_of::<Points>()) / MEMORY),
            full: Vec::new(),
            metrics: Vec::new(),
            marks: Vec::new(),
            count: 0,
            encoded: 0,
        }
    }

    pub(super) fn push(&mut self, head: &Head, is_delta: bool, point: Point, mark: Option<Marked>) {
        let length = point.encoded_len();
        let size = 1 + length_delimiter_len(length) + length;
        if self.encoded + head.encoded_len() + size > self.most {
            self.cut();
        }
        let empty = point.kind(is_delta);
        let open = self.metrics.last().is_some_and(|metric| {
            let data = metric.data.as_ref().map(discriminant);
            metric.name == head.name && data == Some(discriminant(&empty))
        });
        if !open {
            let metric = Metric {
                name: head.name.clone(),
                description: head.description.clone(),
                unit: head.unit.clone().into_owned(),
                data: Some(empty),
                ..Metric::default()
            };
            self.encoded += head.encoded_len();
            self.metrics.push(metric);
        }
        let data = self.metrics.last_mut().and_then(|metric| metric.data.as_mut());
        if let Some(data) = data {
            point.add_to(data);
        }
        self.marks.extend(mark);
        self.count += 1;
        self.encoded += size;
    }

    fn cut(&mut self) {
        if self.count > 0 {
            let metrics = take(&mut self.metrics);
            self.full.push((metrics, take(&mut self.marks), self.count, self.encoded));
        }
        (self.count, self.encoded) = (0, 0);
    }

    pub(super) fn finish(mut self, deadline: Instant) -> Vec<Points> {
        self.cut();
        let points =
            |(metrics, marks, count, encoded)| Points { metrics, marks, count, encoded, deadline };
        self.full.into_iter().map(points).collect()
    }
}

impl Point {
    /// The metric that it belongs to, without a point.
    fn kind(&self, is_delta: bool) -> Data {
        let temporality = match is_delta {
            true => AggregationTemporality::Delta,
            false => AggregationTemporality::Cumulative,
        };
        let aggregation_temporality = temporality.into();
        match self {
            Self::Sum(_) => Data::Sum(Sum {
                data_points: Vec::new(),
                aggregation_temporality,
                is_monotonic: true,
            }),
            Self::Gauge(_) => Data::Gauge(Gauge::default()),
            Self::Histogram(_) => {
                Data::Histogram(Histogram { data_points: Vec::new(), aggregation_temporality })
            }
            Self::Exponential(_) => Data::ExponentialHistogram(ExponentialHistogram {
                data_points: Vec::new(),
                aggregation_temporality,
            }),
        }
    }

    fn add_to(self, data: &mut Data) {
        match (data, self) {
            (Data::Sum(sum), Self::Sum(point)) => sum.data_points.push(point),
            (Data::Gauge(gauge), Self::Gauge(point)) => gauge.data_points.push(point),
            (Data::Histogram(histogram), Self::Histogram(point)) => {
                histogram.data_points.push(point);
            }
            (Data::ExponentialHistogram(histogram), Self::Exponential(point)) => {
                histogram.data_points.push(point);
            }
            // It is the kind of the metric that was looked for.
            _ => {}
        }
    }

    fn encoded_len(&self) -> usize {
        match self {
            Self::Sum(point) | Self::Gauge(point) => point.encoded_len(),
            Self::Histogram(point) => point.encoded_len(),
            Self::Exponential(point) => point.encoded_len(),
        }
    }
}
