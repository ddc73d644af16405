//! The payment gateway, asked over HTTP whether it saw the payments that we saw.

use std::time::Duration;

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::{Request, client::conn::http1, header};
use hyper_util::rt::TokioIo;
use obs_stack::api::{CallKind, observe_call};
use thiserror::Error;
use tokio::{net::TcpStream, time::timeout};

use crate::{config::GatewayUrl, store::Settlement};

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
        observe_call(CallKind::External, "payment-gateway", async {
            let status = timeout(PATIENCE, self.post(settlements))
                .await
                .map_err(|elapsed| GatewayError::Unreachable(elapsed.into()))?
                .map_err(GatewayError::Unreachable)?;
            if !status.is_success() {
                return Err(GatewayError::Refused(status));
            }
            Ok(())
        })
        .await
    }

    async fn post(
        &self,
        settlements: &[Settlement],
    ) -> Result<hyper::StatusCode, Box<dyn std::error::Error + Send + Sync>> {
        let request = Request::post(self.url.path.as_str())
            .header(header::HOST, self.url.authority.as_str())
            .header(header::CONTENT_TYPE, "application/json")
            .body(Full::new(Bytes::from(serde_json::to_vec(settlements)?)))?;
        let stream = TcpStream::connect(self.url.authority.as_str()).await?;
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
