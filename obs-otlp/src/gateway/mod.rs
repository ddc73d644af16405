//! Expositions, pushed to a gateway.

mod path;

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, Method};
use obs_core::{Secret, ServiceIdentity};

use self::path::path;
use crate::backend::{Answer, Backend, Failure};
use crate::client::{Post, headers};
use crate::endpoint;
use crate::inputs::Inputs;
use crate::news::News;
use crate::queue::Item;
use crate::reason::Reason;
use crate::retry_after::retry_after;
use crate::target::{Compression, PushTarget};

const TEXT: HeaderValue = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");

/// All numbers of the process, as text.
pub(crate) struct Exposition(String);

impl Item for Exposition {
    fn count(&self) -> u64 {
        1
    }

    fn bytes(&self) -> usize {
        size_of::<Self>() + self.0.capacity()
    }
}

/// What there is to push now.
pub(crate) fn read(inputs: &Inputs, faults: &mut News) -> Vec<Exposition> {
    let Some(write) = inputs.exposition.get() else { return Vec::new() };
    match catch_unwind(AssertUnwindSafe(write)) {
        Ok(text) => text.into_iter().map(Exposition).collect(),
        Err(_) => {
            faults.trouble("a source of metrics panicked");
            Vec::new()
        }
    }
}

/// A backend that keeps the last exposition of each group.
pub(crate) struct Gateway {
    put: Post,
    timeout: Duration,
}

impl Gateway {
    /// # Errors
    /// If the URL is not usable, or TLS has no certificates.
    pub(crate) fn new(target: &PushTarget, service: &ServiceIdentity) -> io::Result<Self> {
        let job = target.job.as_ref().unwrap_or(&service.name);
        let path = path(job, target.instance.as_deref());
        let uri = endpoint::parse(&format!("{}/{path}", target.url.trim_end_matches('/')))
            .ok_or_else(|| io::Error::other("not an http:// or https:// URL"))?;
        let basic = target.credentials.as_ref().map(basic);
        let pairs = basic.as_deref().map(|basic| (AUTHORIZATION.as_str(), basic));
        let mut headers = headers(pairs);
        headers.insert(CONTENT_TYPE, TEXT);
        let put = Post::new(uri, headers, Compression::None, &[])?.with_method(Method::PUT);
        Ok(Self { put, timeout: target.timeout })
    }
}

fn basic(credentials: &Secret<String>) -> String {
    format!("Basic {}", STANDARD.encode(credentials.expose()))
}

impl Backend for Gateway {
    type Item = Exposition;
    type Request = Vec<Bytes>;

    fn encode(&self, items: Vec<Exposition>) -> Self::Request {
        items.into_iter().map(|item| self.put.pack(item.0.into_bytes())).collect()
    }

    async fn send(&mut self, request: &Self::Request) -> Answer {
        // The batches of a round are one item each.
        let body = request.first().cloned().unwrap_or_default();
        match self.put.send(body).await {
            Ok(reply) => {
                let text = format!("the answer is {}", reply.status);
                match reply.status.as_u16() {
                    200..300 => Answer::Taken { rejected: 0 },
                    429 | 502..=504 => {
                        let wait = retry_after(&reply.headers);
                        Answer::Failed(Failure { reason: Reason::Rejected, wait, text })
                    }
                    _ => Answer::Refused(text),
                }
            }
            Err(text) => Answer::unreachable(text),
        }
    }

    fn timeout(&self) -> Duration {
        self.timeout
    }

    fn reconnect(&mut self) {
        self.put.reconnect();
    }
}
