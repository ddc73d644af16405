//! HTTP/1.1 to loopback addresses: one connection that is kept alive, and one-off reads.

use std::{net::SocketAddr, time::Duration};

use anyhow::{Context, Result, bail};
use http_body_util::{BodyExt, Full};
use hyper::{
    HeaderMap, Request, Response,
    body::{Bytes, Incoming},
    client::conn::http1::{self, SendRequest},
};
use hyper_util::rt::TokioIo;
use tokio::{net::TcpStream, task::JoinHandle};

pub(super) type Body = Full<Bytes>;

/// How long a one-off read may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// An open connection; dropping it closes the socket at once, whatever is in flight.
pub(super) struct Connection {
    sender: SendRequest<Body>,
    driver: JoinHandle<()>,
}

impl Connection {
    pub(super) async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address)
            .await
            .with_context(|| format!("cannot connect to {address}"))?;
        stream.set_nodelay(true)?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        let driver = tokio::spawn(async move {
            // What goes wrong here is reported to the request in flight.
            let _ = connection.await;
        });
        Ok(Self { sender, driver })
    }

    /// Whether a request can be sent now; false if the server closed the connection.
    pub(super) async fn is_usable(&mut self) -> bool {
        self.sender.ready().await.is_ok()
    }

    pub(super) async fn send(
        &mut self,
        request: Request<Body>,
    ) -> hyper::Result<Response<Incoming>> {
        self.sender.send_request(request).await
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.driver.abort();
    }
}

/// A whole answer.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) text: String,
}

impl Answer {
    pub(super) fn ok(self) -> Result<String> {
        if self.status != 200 {
            bail!("status {}: {}", self.status, self.text.trim());
        }
        Ok(self.text)
    }

    /// The header's value; nothing if it is not there once, as text.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.get_all(name).iter();
        values.next().filter(|_| values.next().is_none())?.to_str().ok()
    }
}

/// Reads `http://{address}{path}` on a connection of its own.
pub(super) async fn get(address: SocketAddr, path: &str) -> Result<Answer> {
    let answer = ask(address, Request::get(path).body(Body::default())?).await;
    answer.with_context(|| format!("cannot read http://{address}{path}"))
}

/// The answer to `request`, on a connection of its own.
pub(super) async fn ask(address: SocketAddr, mut request: Request<Body>) -> Result<Answer> {
    request.headers_mut().insert("host", address.to_string().parse()?);
    let exchange = async {
        let mut connection = Connection::open(address).await?;
        let (head, body) = connection.send(request).await?.into_parts();
        let body = body.collect().await?.to_bytes();
        Ok(Answer {
            status: head.status.as_u16(),
            headers: head.headers,
            text: String::from_utf8_lossy(&body).into_owned(),
        })
    };
    match tokio::time::timeout(PATIENCE, exchange).await {
        Ok(answer) => answer,
        Err(_) => bail!("{address} did not answer within {} s", PATIENCE.as_secs()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_that_is_there_twice_has_no_value() {
        let mut answer = Answer { status: 200, headers: HeaderMap::new(), text: String::new() };
        assert_eq!(answer.header("x-request-id"), None);
        answer.headers.append("x-request-id", "r-1".parse().unwrap());
        assert_eq!(answer.header("x-request-id"), Some("r-1"));
        answer.headers.append("x-request-id", "r-2".parse().unwrap());
        assert_eq!(answer.header("x-request-id"), None);
    }
}
