//! An HTTP/1.1 server on a free port that remembers what it was sent last.

use std::{
    collections::VecDeque,
    convert::Infallible,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use anyhow::{Context, Result};
use http_body_util::Full;
use hyper::{
    Method, Request, Response, StatusCode, body::Bytes, body::Incoming, server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use tokio::{
    net::TcpListener,
    task::{JoinHandle, JoinSet},
};

use super::body;

/// How many of the newest items are remembered. What is read back is the newest there is.
const RECENT: usize = 4096;

/// What is posted to `path`, read; nothing if this receiver has no such path.
pub(super) type Take<T> = fn(path: &str, body: &[u8]) -> Option<Result<Taken<T>>>;

/// What one request brought, and what it is answered.
pub(super) struct Taken<T> {
    pub(super) items: Vec<T>,
    /// As many requests of the service as the items tell of.
    pub(super) requests: u64,
    pub(super) content_type: &'static str,
    pub(super) answer: Vec<u8>,
}

/// All that a receiver knows.
pub struct Received<T> {
    /// The newest last.
    pub recent: VecDeque<T>,
    /// How many requests of the service were told of.
    pub requests: u64,
    /// Why the last body that could not be read was refused.
    pub refused: Option<String>,
}

/// Dropping it closes the port and every connection.
pub struct Receiver<T> {
    /// Where it listens.
    pub address: SocketAddr,
    received: Arc<Mutex<Received<T>>>,
    accepting: JoinHandle<()>,
}

impl<T: Send + 'static> Receiver<T> {
    pub(super) async fn start(take: Take<T>) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .context("no free port on 127.0.0.1")?;
        let address = listener.local_addr()?;
        let received = Received { recent: VecDeque::new(), requests: 0, refused: None };
        let received = Arc::new(Mutex::new(received));
        let accepting = tokio::spawn(accept(listener, take, Arc::clone(&received)));
        Ok(Self { address, received, accepting })
    }

    /// What it knows by now.
    pub fn received(&self) -> MutexGuard<'_, Received<T>> {
        lock(&self.received)
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn accept<T: Send + 'static>(
    listener: TcpListener,
    take: Take<T>,
    received: Arc<Mutex<Received<T>>>,
) {
    let mut connections = JoinSet::new();
    // An error ends it, and what is missing in the report then tells of it.
    while let Ok((stream, _)) = listener.accept().await {
        while connections.try_join_next().is_some() {}
        let received = Arc::clone(&received);
        let service = service_fn(move |request| {
            let received = Arc::clone(&received);
            async move { Ok::<_, Infallible>(answer(request, take, &received).await) }
        });
        connections.spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}

async fn answer<T>(
    request: Request<Incoming>,
    take: Take<T>,
    received: &Mutex<Received<T>>,
) -> Response<Full<Bytes>> {
    let (head, body) = request.into_parts();
    if head.method != Method::POST {
        return refusal(StatusCode::NOT_FOUND);
    }
    let taken = match body::read(&head.headers, body).await {
        Ok(body) => take(head.uri.path(), &body),
        Err(error) => Some(Err(error)),
    };
    let mut received = lock(received);
    match taken {
        None => refusal(StatusCode::NOT_FOUND),
        Some(Err(error)) => {
            received.refused = Some(format!("{error:#}"));
            refusal(StatusCode::BAD_REQUEST)
        }
        Some(Ok(taken)) => {
            received.requests += taken.requests;
            received.recent.extend(taken.items);
            let surplus = received.recent.len().saturating_sub(RECENT);
            received.recent.drain(..surplus);
            let response = Response::builder().header("content-type", taken.content_type);
            let response = response.body(Full::from(taken.answer));
            response.unwrap_or_else(|_| refusal(StatusCode::INTERNAL_SERVER_ERROR))
        }
    }
}

fn refusal(status: StatusCode) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::default());
    *response.status_mut() = status;
    response
}

fn lock<T>(received: &Mutex<T>) -> MutexGuard<'_, T> {
    received.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::{Compression, write::GzEncoder};

    use super::*;
    use crate::client::{Client, Protocol, get};

    /// Takes lines; `bad` cannot be read.
    fn take(path: &str, body: &[u8]) -> Option<Result<Taken<String>>> {
        let lines = || {
            let text = std::str::from_utf8(body)?;
            anyhow::ensure!(text != "bad", "a bad body");
            let items: Vec<_> = text.lines().map(str::to_owned).collect();
            let requests = items.len() as u64;
            Ok(Taken { items, requests, content_type: "text/plain", answer: b"thanks".to_vec() })
        };
        (path == "/lines").then(lines)
    }

    async fn post(receiver: &Receiver<String>, path: &str, encoding: &str, body: Vec<u8>) -> u16 {
        let mut client = Client::connect(receiver.address, Protocol::Http1).await;
        let encoding = [("content-encoding", encoding)];
        let answer = client.call_with("POST", path, &encoding, body.into()).await.unwrap();
        assert_eq!(answer.text() == "thanks", answer.status == 200);
        answer.status.as_u16()
    }

    #[tokio::test]
    async fn takes_bodies_compressed_or_not() {
        let receiver = Receiver::start(take).await.unwrap();
        let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
        gzip.write_all(b"b\nc").unwrap();
        assert_eq!(post(&receiver, "/lines", "identity", b"a".to_vec()).await, 200);
        assert_eq!(post(&receiver, "/lines", "gzip", gzip.finish().unwrap()).await, 200);
        let received = receiver.received();
        assert_eq!(
            (received.recent.as_slices().0, received.requests),
            (&["a", "b", "c"].map(String::from)[..], 3)
        );
        assert_eq!(received.refused, None);
    }

    #[tokio::test]
    async fn refuses_what_it_does_not_know_and_remembers_what_it_cannot_read() {
        let receiver = Receiver::start(take).await.unwrap();
        assert_eq!(get(receiver.address, "/lines").await.status, 404);
        assert_eq!(post(&receiver, "/other", "identity", b"a".to_vec()).await, 404);
        assert_eq!(receiver.received().refused, None);
        for (encoding, body, why) in [
            ("identity", "bad", "a bad body"),
            ("br", "a", "an unknown content-encoding: br"),
            ("gzip", "bytes of another kind", "cannot be unpacked: invalid gzip header"),
        ] {
            assert_eq!(post(&receiver, "/lines", encoding, body.into()).await, 400);
            assert_eq!(receiver.received().refused.as_deref(), Some(why));
        }
        assert_eq!(receiver.received().requests, 0);
    }

    #[tokio::test]
    async fn remembers_the_newest_and_counts_all() {
        let receiver = Receiver::start(take).await.unwrap();
        let lines: Vec<_> = (0..RECENT + 2).map(|line| line.to_string()).collect();
        assert_eq!(post(&receiver, "/lines", "identity", lines.join("\n").into()).await, 200);
        let received = receiver.received();
        assert_eq!((received.recent.len(), received.requests), (RECENT, RECENT as u64 + 2));
        assert_eq!(received.recent[0], "2");
    }
}
