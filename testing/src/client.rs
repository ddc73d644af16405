//! A client on loopback sockets, of either version of HTTP.

use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

/// How long a test waits for what must happen.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// Which version of HTTP a connection speaks, from its first byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// HTTP/1.1.
    Http1,
    /// HTTP/2 without TLS.
    Http2,
}

/// Each version.
pub const BOTH: &[Protocol] = &[Protocol::Http1, Protocol::Http2];
/// HTTP/1.1 alone.
pub const H1: &[Protocol] = &[Protocol::Http1];
/// HTTP/2 alone.
pub const H2: &[Protocol] = &[Protocol::Http2];

/// One connection. Dropping it closes the socket, whatever is under way on it.
pub struct Client {
    addr: SocketAddr,
    sender: Sender,
    connection: JoinHandle<()>,
}

enum Sender {
    Http1(http1::SendRequest<Full<Bytes>>),
    Http2(http2::SendRequest<Full<Bytes>>),
}

/// A response and as much of its body as arrived.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
    /// The trailers, if there were any.
    pub trailers: Option<HeaderMap>,
}

impl Answer {
    /// A header as text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// The body as text.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
}

impl Client {
    /// Connects, and shakes hands.
    pub async fn connect(addr: SocketAddr, protocol: Protocol) -> Self {
        let stream = TcpStream::connect(addr).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let io = TokioIo::new(stream);
        let (sender, connection) = match protocol {
            Protocol::Http1 => {
                let (sender, connection) = http1::handshake(io).await.unwrap();
                (Sender::Http1(sender), tokio::spawn(async { drop(connection.await) }))
            }
            Protocol::Http2 => {
                let (sender, connection) =
                    http2::handshake(TokioExecutor::new(), io).await.unwrap();
                (Sender::Http2(sender), tokio::spawn(async { drop(connection.await) }))
            }
        };
        Self { addr, sender, connection }
    }

    /// Sends a request and gives the response at its headers.
    ///
    /// # Errors
    /// If the server broke it off.
    pub async fn send(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
    ) -> hyper::Result<Response<Incoming>> {
        self.send_with(method, path, headers, Bytes::new()).await
    }

    /// The same, with a body.
    ///
    /// # Errors
    /// If the server broke it off.
    pub async fn send_with(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Bytes,
    ) -> hyper::Result<Response<Incoming>> {
        let mut request = Request::builder().method(method);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = Full::from(body);
        match &mut self.sender {
            Sender::Http1(sender) => {
                sender.ready().await?;
                let request = request.uri(path).header("host", self.addr.to_string());
                sender.send_request(request.body(body).unwrap()).await
            }
            Sender::Http2(sender) => {
                sender.ready().await?;
                let request = request.uri(format!("http://{}{path}", self.addr));
                sender.send_request(request.body(body).unwrap()).await
            }
        }
    }

    /// Sends a request and reads the whole response. `None` if the server broke it off.
    pub async fn call(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
    ) -> Option<Answer> {
        self.call_with(method, path, headers, Bytes::new()).await
    }

    /// The same, with a body.
    pub async fn call_with(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Bytes,
    ) -> Option<Answer> {
        let exchange = async {
            let (parts, body) =
                self.send_with(method, path, headers, body).await.ok()?.into_parts();
            let collected = body.collect().await.ok()?;
            let trailers = collected.trailers().cloned();
            let body = collected.to_bytes();
            Some(Answer { status: parts.status, headers: parts.headers, body, trailers })
        };
        tokio::time::timeout(PATIENCE, exchange).await.unwrap()
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.connection.abort();
    }
}

/// One GET over a connection of its own.
pub async fn get(addr: SocketAddr, path: &str) -> Answer {
    let mut client = Client::connect(addr, Protocol::Http1).await;
    client.call("GET", path, &[]).await.unwrap()
}

/// A socket to which `text` was written: for what a client library would not send.
pub async fn raw(addr: SocketAddr, text: impl AsRef<[u8]>) -> TcpStream {
    let connect = tokio::time::timeout(Duration::from_secs(5), TcpStream::connect(addr));
    let mut stream = connect.await.unwrap().unwrap();
    stream.set_nodelay(true).unwrap();
    stream.write_all(text.as_ref()).await.unwrap();
    stream
}
