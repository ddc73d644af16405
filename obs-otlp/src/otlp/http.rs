use std::io;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Uri};
use prost::Message as _;

use super::export::{Export, taken};
use crate::backend::{Answer, Failure};
use crate::client::{Post, Reply, headers};
use crate::reason::Reason;
use crate::retry_after::retry_after;
use crate::target::OtlpTarget;

const PROTOBUF: HeaderValue = HeaderValue::from_static("application/x-protobuf");

/// [OTLP/HTTP](https://opentelemetry.io/docs/specs/otlp/#otlphttp), binary.
pub(super) struct Http(Post);

impl Http {
    pub(super) fn new(uri: Uri, target: &OtlpTarget) -> io::Result<Self> {
        let pairs = target.headers.iter();
        let mut headers =
            headers(pairs.map(|(name, value)| (name.as_str(), value.expose().as_str())));
        headers.insert(CONTENT_TYPE, PROTOBUF);
        Ok(Self(Post::new(uri, headers, target.compression, &target.authorities)?))
    }

    pub(super) fn encode(&self, request: &impl Export) -> Bytes {
        self.0.pack(request.encode_to_vec())
    }

    pub(super) async fn send<R: Export>(&self, body: Bytes) -> Answer {
        match self.0.send(body).await {
            Ok(reply) => answer::<R>(reply),
            Err(text) => Answer::unreachable(text),
        }
    }

    pub(super) fn reconnect(&mut self) {
        self.0.reconnect();
    }
}

fn answer<R: Export>(reply: Reply) -> Answer {
    let text = format!("the answer is {}", reply.status);
    match reply.status.as_u16() {
        // A 2xx is a success, even if its body cannot be read: some answer JSON to protobuf.
        200..300 if reply.headers.get(CONTENT_TYPE) == Some(&PROTOBUF) => {
            taken::<R>(&R::Response::decode(reply.body).unwrap_or_default())
        }
        200..300 => Answer::Taken { rejected: 0 },
        429 | 502 | 503 | 504 => {
            let wait = retry_after(&reply.headers);
            Answer::Failed(Failure { reason: Reason::Rejected, wait, text })
        }
        _ => Answer::Refused(text),
    }
}
