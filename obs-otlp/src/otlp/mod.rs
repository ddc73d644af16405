//! Spans, by the OpenTelemetry protocol.

mod convert;
mod grpc;
mod http;
mod resource;

use std::io;
use std::time::Duration;

use obs_core::ServiceIdentity;
use obs_core::export::SpanRecord;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceResponse;
use opentelemetry_proto::tonic::resource::v1::Resource;

use self::grpc::Grpc;
use self::http::Http;
use crate::backend::{Answer, Backend};
use crate::endpoint;
use crate::target::{OtlpTarget, Protocol};

/// A backend that takes spans.
pub(crate) struct Otlp {
    resource: Resource,
    timeout: Duration,
    wire: Wire,
}

enum Wire {
    Http(Http),
    Grpc(Grpc),
}

/// Encoded for the wire.
pub(crate) enum Request {
    Http(bytes::Bytes),
    Grpc(grpc::Request),
}

impl Otlp {
    /// # Errors
    /// If the endpoint is not a usable URL, or TLS has no certificates.
    pub(crate) fn new(target: &OtlpTarget, service: &ServiceIdentity) -> io::Result<Self> {
        let uri = endpoint::parse(&target.endpoint)
            .ok_or_else(|| io::Error::other("not an http:// or https:// URL"))?;
        let wire = match target.protocol {
            Protocol::Http => Wire::Http(Http::new(uri, target)?),
            Protocol::Grpc => Wire::Grpc(Grpc::new(uri, target)?),
        };
        Ok(Self { resource: resource::resource(service), timeout: target.timeout, wire })
    }
}

impl Backend for Otlp {
    type Item = Vec<SpanRecord>;
    type Request = Request;

    fn encode(&self, items: Vec<Self::Item>) -> Request {
        let request = convert::request(items, self.resource.clone());
        match &self.wire {
            Wire::Http(http) => Request::Http(http.encode(&request)),
            Wire::Grpc(_) => Request::Grpc(request),
        }
    }

    async fn send(&mut self, request: &Request) -> Answer {
        match (&mut self.wire, request) {
            (Wire::Http(http), Request::Http(body)) => http.send(body.clone()).await,
            (Wire::Grpc(grpc), Request::Grpc(request)) => grpc.send(request.clone()).await,
            _ => Answer::Refused("encoded for another protocol".to_owned()),
        }
    }

    fn timeout(&self) -> Duration {
        self.timeout
    }

    fn reconnect(&mut self) {
        match &mut self.wire {
            Wire::Http(http) => http.reconnect(),
            Wire::Grpc(grpc) => grpc.reconnect(),
        }
    }
}

/// Success may be partial: the rest is
/// [not to be sent again](https://opentelemetry.io/docs/specs/otlp/#partial-success).
fn taken(response: ExportTraceServiceResponse) -> Answer {
    let rejected = response.partial_success.map_or(0, |partial| partial.rejected_spans);
    Answer::Taken { rejected: rejected.try_into().unwrap_or(0) }
}
