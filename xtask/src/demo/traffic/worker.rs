//! One client: its own connection, one request at a time.

use std::{sync::Arc, time::Duration};

use anyhow::{Context, Result, bail};
use http_body_util::BodyExt;
use hyper::{Request, Response, body::Incoming};
use tokio::{
    io::AsyncWriteExt,
    net::TcpStream,
    time::{Instant, timeout, timeout_at},
};

use super::{
    super::{
        http::{Body, Connection},
        series::Series,
    },
    Shared,
    call::{Call, Effect, Ending},
    hostile,
    orders::Order,
    plan,
};

/// No answer of the service takes this long; a client that waited so long gives up.
const PATIENCE: Duration = Duration::from_secs(10);

/// What the client knows when the request is over.
enum End {
    Answered(u16),
    LeftInBody(u16),
    StreamClosed(u16),
    LeftBeforeHeaders,
    /// The server closed the connection instead of answering, as it does when the handler panics.
    NoAnswer,
}

pub(super) struct Worker {
    shared: Arc<Shared>,
    connection: Option<Connection>,
}

impl Worker {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self { shared, connection: None }
    }

    pub(super) async fn run(mut self) -> Result<()> {
        while self.shared.next_turn().await {
            let call = Call::new_for(plan::next(), &self.shared.orders);
            let end = match call.ending {
                Ending::BeforeHeaders(patience) => {
                    self.leave_before_headers(&call, patience).await?
                }
                _ => self
                    .exchange(&call)
                    .await
                    .with_context(|| format!("no answer to {} {}", call.method, call.path))?,
            };
            self.shared.tally(|tally| {
                let status = match end {
                    End::Answered(status) => status,
                    End::LeftInBody(status) => {
                        tally.left_in_body += 1;
                        status
                    }
                    End::StreamClosed(status) => {
                        tally.streams_closed += 1;
                        status
                    }
                    End::LeftBeforeHeaders => Series::CANCELLED,
                    End::NoAnswer => 500,
                };
                tally.count(Series { route: call.route, status });
            });
        }
        Ok(())
    }

    async fn exchange(&mut self, call: &Call) -> Result<End> {
        let Ok(response) = timeout(PATIENCE, self.send(call)).await else {
            self.connection = None;
            return Ok(End::LeftBeforeHeaders);
        };
        let Some(response) = response? else {
            return Ok(End::NoAnswer);
        };
        let status = response.status().as_u16();
        match call.ending {
            Ending::InTheBody => {
                let mut body = response.into_body();
                let first = timeout(PATIENCE, body.frame()).await;
                self.connection = None;
                Ok(if matches!(first, Ok(Some(Ok(_)))) {
                    End::LeftInBody(status)
                } else {
                    End::Answered(status)
                })
            }
            Ending::OfTheStream(length) => {
                let mut body = response.into_body();
                let closes = Instant::now() + length;
                let ended = loop {
                    match timeout_at(closes, body.frame()).await {
                        Ok(Some(Ok(_))) => {}
                        Ok(_) => break End::Answered(status),
                        Err(_) => break End::StreamClosed(status),
                    }
                };
                self.connection = None;
                Ok(ended)
            }
            Ending::AtTheEnd | Ending::BeforeHeaders(_) => {
                let Ok(body) = timeout(PATIENCE, response.into_body().collect()).await else {
                    self.connection = None;
                    return Ok(End::LeftInBody(status));
                };
                if status == 201 {
                    self.remember(&call.effect, &body?.to_bytes())?;
                }
                Ok(End::Answered(status))
            }
        }
    }

    /// Nothing if the server closed the connection instead of answering.
    async fn send(&mut self, call: &Call) -> Result<Option<Response<Incoming>>> {
        loop {
            let mut connection = match self.connection.take() {
                Some(connection) => connection,
                None => Connection::open(self.shared.address).await?,
            };
            if !connection.is_usable().await {
                continue;
            }
            match connection.send(self.request(call)?).await {
                Ok(response) => {
                    self.connection = Some(connection);
                    return Ok(Some(response));
                }
                // The connection was closed while it was idle: nothing was sent.
                Err(error) if error.is_canceled() => {}
                Err(error) if error.is_incomplete_message() => return Ok(None),
                Err(error) => return Err(error.into()),
            }
        }
    }

    fn request(&self, call: &Call) -> Result<Request<Body>> {
        let host = self.shared.address.to_string();
        let request = Request::builder().method(call.method).uri(&call.path).header("host", host);
        let request = if self.shared.hostile { hostile::sometimes(request) } else { request };
        Ok(match &call.body {
            None => request.body(Body::default())?,
            Some(body) => request
                .header("content-type", "application/json")
                .body(Body::from(serde_json::to_vec(body)?))?,
        })
    }

    /// Writes the request by hand: only so is it certain that all of it was sent before the client left.
    async fn leave_before_headers(&self, call: &Call, patience: Duration) -> Result<End> {
        let address = self.shared.address;
        let mut stream = TcpStream::connect(address)
            .await
            .with_context(|| format!("cannot connect to {address}"))?;
        let head = format!("{} {} HTTP/1.1\r\nhost: {address}\r\n\r\n", call.method, call.path);
        stream.write_all(head.as_bytes()).await?;
        tokio::time::sleep(patience).await;
        Ok(End::LeftBeforeHeaders)
    }

    fn remember(&self, effect: &Effect, body: &[u8]) -> Result<()> {
        match effect {
            Effect::None => {}
            Effect::Paid(order) => self.shared.orders.paid(order.clone()),
            Effect::Placed => match Order::from_json(body) {
                Some(order) => self.shared.orders.placed(order),
                None => bail!("not an order: {}", String::from_utf8_lossy(body)),
            },
        }
        Ok(())
    }
}
