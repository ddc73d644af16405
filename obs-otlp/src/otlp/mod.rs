//! The OpenTelemetry protocol, over either wire.

mod attributes;
mod export;
mod grpc;
mod hint;
mod http;
mod resource;
mod traces;

use std::io;
use std::time::Duration;

use opentelemetry_proto::tonic::common::v1::InstrumentationScope;

use self::export::Export;
use self::grpc::Grpc;
use self::http::Http;
use crate::backend::Answer;
use crate::endpoint;
use crate::target::{OtlpTarget, Protocol};

pub(crate) use self::attributes::text;
pub(crate) use self::resource::resource;
pub(crate) use self::traces::Traces;

/// How requests get to a collector.
pub(crate) struct Wire {
    timeout: Duration,
    protocol: Protocol,
    path: String,
    kind: Kind,
}

enum Kind {
    Http(Http),
    Grpc(Grpc),
}

/// Encoded for the wire.
pub(crate) enum Encoded<R> {
    Http(bytes::Bytes),
    Grpc(R),
}

impl Wire {
    /// # Errors
    /// If the endpoint is not a usable URL, or TLS has no certificates.
    pub(crate) fn new(target: &OtlpTarget) -> io::Result<Self> {
        let uri = endpoint::parse(&target.endpoint)
            .ok_or_else(|| io::Error::other("not an http:// or https:// URL"))?;
        let path = uri.path().to_owned();
        let kind = match target.protocol {
            Protocol::Http => Kind::Http(Http::new(uri, target)?),
            Protocol::Grpc => Kind::Grpc(Grpc::new(uri, target)?),
        };
        Ok(Self { timeout: target.timeout, protocol: target.protocol, path, kind })
    }

    pub(crate) fn encode<R: Export>(&self, request: R) -> Encoded<R> {
        match &self.kind {
            Kind::Http(http) => Encoded::Http(http.encode(&request)),
            Kind::Grpc(_) => Encoded::Grpc(request),
        }
    }

    pub(crate) async fn send<R: Export>(&mut self, request: &Encoded<R>) -> Answer {
        let answer = match (&mut self.kind, request) {
            (Kind::Http(http), Encoded::Http(body)) => http.send::<R>(body.clone()).await,
            (Kind::Grpc(grpc), Encoded::Grpc(request)) => grpc.send(request.clone()).await,
            _ => Answer::Refused("encoded for another protocol".to_owned()),
        };
        hint::add(answer, self.protocol, &self.path)
    }

    pub(crate) fn timeout(&self) -> Duration {
        self.timeout
    }

    pub(crate) fn reconnect(&mut self) {
        match &mut self.kind {
            Kind::Http(http) => http.reconnect(),
            Kind::Grpc(grpc) => grpc.reconnect(),
        }
    }
}

/// What records spans and numbers.
pub(crate) fn scope() -> InstrumentationScope {
    InstrumentationScope {
        name: "obs".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        ..InstrumentationScope::default()
    }
}

pub(crate) fn nanos(since_epoch: Duration) -> u64 {
    since_epoch.as_nanos().try_into().unwrap_or(u64::MAX)
}
