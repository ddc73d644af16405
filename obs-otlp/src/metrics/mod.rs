//! Numbers, by the OpenTelemetry protocol.

mod batches;
mod deltas;
mod exponential;
mod point;
mod reader;
mod snapshot;
mod total;

use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::metrics::v1::{ResourceMetrics, ScopeMetrics};
use opentelemetry_proto::tonic::resource::v1::Resource;

pub(crate) use self::batches::Points;
use self::deltas::{Deltas, Marked};
pub(crate) use self::reader::Reader;
use crate::backend::{Answer, Backend};
use crate::otlp::{Encoded, Wire, scope};
use crate::target::OtlpTarget;

/// A backend that takes numbers.
pub(crate) struct Metrics {
    resource: Resource,
    wire: Wire,
    deltas: Arc<Mutex<Deltas>>,
}

/// What is sent, and what is known to the collector if it takes that.
pub(crate) struct Request {
    encoded: Encoded<ExportMetricsServiceRequest>,
    marks: Vec<Marked>,
}

impl Metrics {
    /// # Errors
    /// If the endpoint is not a usable URL, or TLS has no certificates.
    pub(crate) fn new(
        target: &OtlpTarget,
        resource: &Resource,
        deltas: Arc<Mutex<Deltas>>,
    ) -> io::Result<Self> {
        Ok(Self { resource: resource.clone(), wire: Wire::new(target)?, deltas })
    }
}

impl Backend for Metrics {
    type Item = Points;
    type Request = Request;

    fn encode(&self, items: Vec<Points>) -> Request {
        let (mut metrics, mut marks) = (Vec::new(), Vec::new());
        for points in items {
            metrics.extend(points.metrics);
            marks.extend(points.marks);
        }
        let scope_metrics =
            ScopeMetrics { scope: Some(scope()), metrics, ..ScopeMetrics::default() };
        let resource_metrics = ResourceMetrics {
            resource: Some(self.resource.clone()),
            scope_metrics: vec![scope_metrics],
            ..ResourceMetrics::default()
        };
        let request = ExportMetricsServiceRequest { resource_metrics: vec![resource_metrics] };
        Request { encoded: self.wire.encode(request), marks }
    }

    async fn send(&mut self, request: &Request) -> Answer {
        let answer = self.wire.send(&request.encoded).await;
        // What was rejected of it is not to be sent again either.
        if matches!(answer, Answer::Taken { .. }) {
            let mut deltas = self.deltas.lock().unwrap_or_else(PoisonError::into_inner);
            deltas.confirm(&request.marks);
        }
        answer
    }

    fn timeout(&self) -> Duration {
        self.wire.timeout()
    }

    fn reconnect(&mut self) {
        self.wire.reconnect();
    }
}
