//! Sends what a scenario says, and keeps what the client saw.

mod grpc;
mod raw;

use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use bytes::Bytes;
use http::{HeaderMap, Response};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use obs_testing::{Client as Connection, PATIENCE, Protocol};
use tokio::time::timeout;

use crate::Api;
use crate::process::Process;
use crate::scenario::{Client, Scenario, Version, numbered};

pub(crate) use self::grpc::{message, unframed};

/// How often a scrape is repeated until it shows what is waited for.
const AGAIN: Duration = Duration::from_millis(2);

/// A request, ready to send.
pub(crate) struct Outgoing {
    pub(crate) id: String,
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: Bytes,
}

/// What came back.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    pub(crate) status: Option<u16>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) trailers: HeaderMap,
    /// The server broke it off.
    pub(crate) cut_off: bool,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

impl Outgoing {
    pub(crate) fn new(scenario: &Scenario, api: Api, id: String, number: usize) -> Self {
        let mut headers = scenario.headers.clone();
        headers.entry("x-request-id".to_owned()).or_insert_with(|| id.clone());
        let mut body = match scenario.upload {
            Some(length) => Bytes::from(vec![b'x'; length]),
            None => Bytes::from(numbered(&scenario.body, number)),
        };
        if api == Api::Grpc {
            headers.insert("content-type".to_owned(), "application/grpc".to_owned());
            headers.insert("te".to_owned(), "trailers".to_owned());
            body = message(&body);
        }
        Self {
            id,
            method: scenario.sent_method().to_owned(),
            target: scenario.target(number),
            headers: headers.into_iter().collect(),
            body,
        }
    }

    fn headers(&self) -> Vec<(&str, &str)> {
        self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }

    /// Sends it over a connection of its own.
    pub(crate) async fn send(
        &self,
        process: &Process,
        version: Version,
        client: Client,
    ) -> Result<Answer> {
        let exchange = async {
            match client {
                Client::HalfCloses => return raw::half_close(self, process).await,
                Client::Upgrades => return raw::upgrade(self, process).await,
                _ if version == Version::Http10 => return raw::read(self, process).await,
                _ => {}
            }
            let protocol =
                if version == Version::Http2 { Protocol::Http2 } else { Protocol::Http1 };
            let mut connection = Connection::connect(process.addr, protocol).await;
            let (headers, body) = (self.headers(), self.body.clone());
            let sent = connection.send_with(&self.method, &self.target, &headers, body);
            if client == Client::LeavesBeforeHeaders {
                return tokio::select! {
                    answered = sent => bail!("it is answered at once: {answered:?}"),
                    () = under_way(process) => Ok(Answer::default()),
                };
            }
            match sent.await {
                Ok(response) => receive(response, client).await,
                Err(_) => Ok(Answer { cut_off: true, ..Answer::default() }),
            }
        };
        timeout(PATIENCE, exchange).await.context("the client got no answer")?
    }
}

async fn receive(response: Response<Incoming>, client: Client) -> Result<Answer> {
    let (parts, mut body) = response.into_parts();
    let head =
        Answer { status: Some(parts.status.as_u16()), headers: parts.headers, ..Answer::default() };
    if client == Client::LeavesInBody {
        body.frame().await.context("there is no body to leave")??;
        return Ok(head);
    }
    Ok(match body.collect().await {
        Ok(collected) => {
            let trailers = collected.trailers().cloned().unwrap_or_default();
            Answer { body: collected.to_bytes(), trailers, ..head }
        }
        Err(_) => Answer { cut_off: true, ..head },
    })
}

/// Waits until a request is under way.
async fn under_way(process: &Process) {
    while in_flight(&process.scrape().await) == 0.0 {
        tokio::time::sleep(AGAIN).await;
    }
}

pub(crate) fn in_flight(samples: &crate::process::Samples) -> f64 {
    samples.get("http_requests_in_flight").copied().unwrap_or_default()
}
