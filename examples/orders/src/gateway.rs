//! The payment gateway, asked over HTTP whether it saw the payments that we saw.

use std::time::Duration;

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{self, HeaderName};
use hyper::{Request, client::conn::http1};
use hyper_util::rt::TokioIo;
use obs_stack::api::{Call, CallSite};
use thiserror::Error;
use tokio::{net::TcpStream, time::timeout};

use crate::{config::GatewayUrl, store::Settlement};

static RECONCILE: CallSite = CallSite::http("POST", "payment-gateway");
const PATIENCE: Duration = Duration::from_secs(2);

#[derive(Debug, Clone)]
pub(crate) struct Gateway {
    url: GatewayUrl,
}

#[derive(Debug, Error)]
pub enum GatewayError {
    #[error("payment gateway unreachable")]
    Unreachable(#[source] Box<dyn std::error::Error + Send + Sync>),
    #[error("payment gateway answered {0}")]
    Refused(hyper::StatusCode),
}

impl Gateway {
    pub(crate) fn new(url: GatewayUrl) -> Self {
        Self { url }
    }

    /// Sends what we saw; the gateway answers 2xx if it agrees.
    #[tracing::instrument(skip_all, fields(settlements = settlements.len()))]
    pub(crate) async fn reconcile(&self, settlements: &[Settlement]) -> Result<(), GatewayError> {
        let mut call = Call::begin(&RECONCILE);
        call.server(&self.url.host, self.url.port);
        call.attribute("url.template", self.url.path.clone());
        let answered = match timeout(PATIENCE, self.post(settlements, &call)).await {
            Ok(answered) => answered.map_err(GatewayError::Unreachable),
            Err(elapsed) => Err(GatewayError::Unreachable(elapsed.into())),
        };
        if let Ok(status) = &answered {
            call.http_status(status.as_u16());
        }
        call.end(&answered);
        let status = answered?;
        if status.is_success() { Ok(()) } else { Err(GatewayError::Refused(status)) }
    }

    async fn post(
        &self,
        settlements: &[Settlement],
        call: &Call,
    ) -> Result<hyper::StatusCode, Box<dyn std::error::Error + Send + Sync>> {
        let mut request = Request::post(self.url.path.as_str())
            .header(header::HOST, self.url.authority())
            .header(header::CONTENT_TYPE, "application/json")
            .body(Full::new(Bytes::from(serde_json::to_vec(settlements)?)))?;
        // The gateway's own spans become children of this call.
        call.inject_with(|name, value| {
            if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), value.parse()) {
                request.headers_mut().insert(name, value);
            }
        });
        let stream = TcpStream::connect((self.url.host.as_str(), self.url.port)).await?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        // The connection is driven here and ends with this call, also if nobody waits any more.
        tokio::select! {
            answer = sender.send_request(request) => Ok(answer?.status()),
            ended = connection => Err(match ended {
                Ok(()) => "connection closed before the answer".into(),
                Err(error) => error.into(),
            }),
        }
    }
}
