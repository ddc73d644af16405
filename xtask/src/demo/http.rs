//! HTTP/1.1 to loopback addresses: one connection that is kept alive, and one-off reads.

use std::{net::SocketAddr, time::Duration};

use anyhow::{Context, Result, bail};
use http_body_util::{BodyExt, Full};
use hyper::{
    Request, Response,
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
    pub(super) text: String,
}

impl Answer {
    pub(super) fn ok(self) -> Result<String> {
        if self.status != 200 {
            bail!("status {}: {}", self.status, self.text.trim());
        }
        Ok(self.text)
    }
}

/// Reads `http://{address}{path}` on a connection of its own.
pub(super) async fn get(address: SocketAddr, path: &str) -> Result<Answer> {
    let read = async {
        let mut connection = Connection::open(address).await?;
        let request =
            Request::get(path).header("host", address.to_string()).body(Body::default())?;
        let response = connection.send(request).await?;
        let status = response.status().as_u16();
        let body = response.into_body().collect().await?.to_bytes();
        Ok(Answer { status, text: String::from_utf8_lossy(&body).into_owned() })
    };
    let answer: Result<Answer> = match tokio::time::timeout(PATIENCE, read).await {
        Ok(answer) => answer,
        Err(_) => bail!("http://{address}{path} did not answer within {} s", PATIENCE.as_secs()),
    };
    answer.with_context(|| format!("cannot read http://{address}{path}"))
}
