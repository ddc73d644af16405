use std::error::Error as _;
use std::io;

use http::Uri;
use http::header::USER_AGENT;
use http::uri::PathAndQuery;
use http::{HeaderMap, HeaderValue};
use tonic::codec::CompressionEncoding;
use tonic::metadata::MetadataMap;
use tonic::{Code, Extensions, Status};
use tonic_prost::ProstCodec;
use tonic_types::StatusExt as _;

use super::export::{Export, taken};
use crate::backend::{Answer, Failure};
use crate::client::{AGENT, Client, client, describe, headers};
use crate::reason::Reason;
use crate::target::{Compression, OtlpTarget};

/// More of an answer is not read.
const MAX_ANSWER: usize = 64 * 1024;

/// [OTLP/gRPC](https://opentelemetry.io/docs/specs/otlp/#otlpgrpc).
pub(super) struct Grpc {
    uri: Uri,
    headers: HeaderMap,
    compression: Compression,
    authorities: Vec<u8>,
    service: Service,
}

type Service = tonic::client::Grpc<Client<tonic::body::Body>>;

impl Grpc {
    pub(super) fn new(uri: Uri, target: &OtlpTarget) -> io::Result<Self> {
        let pairs = target.headers.iter();
        let mut headers =
            headers(pairs.map(|(name, value)| (name.as_str(), value.expose().as_str())));
        headers.entry(USER_AGENT).or_insert(HeaderValue::from_static(AGENT));
        let service = service(&uri, target.compression, &target.authorities)?;
        let (compression, authorities) = (target.compression, target.authorities.clone());
        Ok(Self { uri, headers, compression, authorities, service })
    }

    pub(super) async fn send<R: Export>(&mut self, message: R) -> Answer {
        let metadata = MetadataMap::from_headers(self.headers.clone());
        let request = tonic::Request::from_parts(metadata, Extensions::default(), message);
        if let Err(error) = self.service.ready().await {
            return Answer::unreachable(describe(&error));
        }
        let path = PathAndQuery::from_static(R::METHOD);
        let codec = ProstCodec::<R, R::Response>::default();
        match self.service.unary(request, path, codec).await {
            Ok(response) => taken::<R>(response.get_ref()),
            Err(status) => answer(&status),
        }
    }

    pub(super) fn reconnect(&mut self) {
        if let Ok(service) = service(&self.uri, self.compression, &self.authorities) {
            self.service = service;
        }
    }
}

fn service(uri: &Uri, compression: Compression, authorities: &[u8]) -> io::Result<Service> {
    let client = client(uri, true, authorities)?;
    let service = Service::with_origin(client, uri.clone()).max_decoding_message_size(MAX_ANSWER);
    Ok(match compression {
        Compression::None => service,
        Compression::Gzip => service.send_compressed(CompressionEncoding::Gzip),
    })
}

/// Which failures are worth another attempt, by the
/// [specification](https://opentelemetry.io/docs/specs/otlp/#failures).
fn answer(status: &Status) -> Answer {
    // A server's status has no source: this is the transport's.
    if let Some(error) = status.source() {
        return Answer::unreachable(describe(error));
    }
    let wait = status.get_details_retry_info().and_then(|info| info.retry_delay);
    let text = format!("the answer is {:?}", status.code());
    match status.code() {
        Code::Cancelled
        | Code::DeadlineExceeded
        | Code::Aborted
        | Code::OutOfRange
        | Code::Unavailable
        | Code::DataLoss => Answer::Failed(Failure { reason: Reason::Rejected, wait, text }),
        Code::ResourceExhausted if wait.is_some() => {
            Answer::Failed(Failure { reason: Reason::Rejected, wait, text })
        }
        _ => Answer::Refused(text),
    }
}
