use opentelemetry_proto::tonic::collector::metrics::v1::{
    ExportMetricsServiceRequest, ExportMetricsServiceResponse,
};
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use prost::Message;

use crate::backend::Answer;

/// A request of one of the services of OTLP.
pub(crate) trait Export: Message + Clone + 'static {
    type Response: Message + Default + 'static;
    /// Of gRPC.
    const METHOD: &'static str;

    /// How many items of a request were not taken, of those in it.
    fn rejected(response: &Self::Response) -> i64;
}

impl Export for ExportTraceServiceRequest {
    type Response = ExportTraceServiceResponse;
    const METHOD: &'static str = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

    fn rejected(response: &Self::Response) -> i64 {
        response.partial_success.as_ref().map_or(0, |partial| partial.rejected_spans)
    }
}

impl Export for ExportMetricsServiceRequest {
    type Response = ExportMetricsServiceResponse;
    const METHOD: &'static str = "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export";

    fn rejected(response: &Self::Response) -> i64 {
        response.partial_success.as_ref().map_or(0, |partial| partial.rejected_data_points)
    }
}

/// Success may be partial: the rest is
/// [not to be sent again](https://opentelemetry.io/docs/specs/otlp/#partial-success).
pub(super) fn taken<R: Export>(response: &R::Response) -> Answer {
    Answer::Taken { rejected: R::rejected(response).try_into().unwrap_or(0) }
}
