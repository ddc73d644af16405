//! Error events, by the protocol of error trackers.

mod limits;

use std::io;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::HeaderValue;
use http::header::CONTENT_TYPE;
use obs_core::export::Envelope;

use self::limits::limit;
use crate::backend::{Answer, Backend, Failure};
use crate::client::{Post, Reply, headers};
use crate::endpoint;
use crate::reason::Reason;
use crate::retry_after::retry_after;
use crate::target::EnvelopeTarget;

const ENVELOPE: HeaderValue = HeaderValue::from_static("application/x-sentry-envelope");

/// A backend that takes [envelopes](https://develop.sentry.dev/sdk/data-model/envelopes/), one at a
/// time.
pub(crate) struct Envelopes {
    post: Post,
    timeout: Duration,
    /// Until then the backend [wants none](https://develop.sentry.dev/sdk/expected-features/rate-limiting/).
    limited: Option<Instant>,
}

impl Envelopes {
    /// # Errors
    /// If the URL is not usable, or TLS has no certificates.
    pub(crate) fn new(target: &EnvelopeTarget) -> io::Result<Self> {
        let uri = endpoint::parse(&target.url)
            .ok_or_else(|| io::Error::other("not an http:// or https:// URL"))?;
        let mut headers = headers([("x-sentry-auth", target.header.expose().as_str())]);
        headers.insert(CONTENT_TYPE, ENVELOPE);
        let post = Post::new(uri, headers, target.compression, &[])?;
        Ok(Self { post, timeout: target.timeout, limited: None })
    }

    fn answer(&mut self, reply: &Reply) -> Answer {
        if let Some(wait) = limit(reply) {
            self.limited = Instant::now().checked_add(wait);
        }
        let text = format!("the answer is {}", reply.status);
        match reply.status.as_u16() {
            200..300 => Answer::Taken { rejected: 0 },
            502..=504 => {
                let wait = retry_after(&reply.headers);
                Answer::Failed(Failure { reason: Reason::Rejected, wait, text })
            }
            _ => Answer::Refused(text),
        }
    }
}

impl Backend for Envelopes {
    type Item = Envelope;
    type Request = Vec<Bytes>;

    fn encode(&self, items: Vec<Envelope>) -> Self::Request {
        items.into_iter().map(|envelope| self.post.pack(envelope.body)).collect()
    }

    async fn send(&mut self, request: &Self::Request) -> Answer {
        if self.limited.is_some_and(|until| Instant::now() < until) {
            return Answer::Refused("the backend limits the rate".to_owned());
        }
        // The queue's batch size is one byte: there is one.
        let body = request.first().cloned().unwrap_or_default();
        match self.post.send(body).await {
            Ok(reply) => self.answer(&reply),
            Err(text) => Answer::unreachable(text),
        }
    }

    fn timeout(&self) -> Duration {
        self.timeout
    }

    fn reconnect(&mut self) {
        self.post.reconnect();
    }
}
