use std::{fmt, net::SocketAddr};

use http_body_util::{BodyExt, Full};
use hyper::{
    Method, Request, Response, StatusCode,
    body::{Bytes, Incoming},
    client::conn::http1,
};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;

/// One connection per request, so that requests can be made at the same time.
#[derive(Clone)]
pub(crate) struct Client(pub(crate) SocketAddr);

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) body: Value,
}

impl Client {
    pub(crate) async fn get(&self, path: impl fmt::Display) -> Answer {
        self.answer(Method::GET, path.to_string(), String::new()).await
    }

    pub(crate) async fn post(&self, path: impl fmt::Display, body: impl ToString) -> Answer {
        self.answer(Method::POST, path.to_string(), body.to_string()).await
    }

    async fn answer(&self, method: Method, path: String, body: String) -> Answer {
        let response = self.send(method, &path, body).await.unwrap();
        let status = response.status();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        let body = serde_json::from_slice(&body)
            .unwrap_or_else(|error| panic!("{path} {status}: {error}: {body:?}"));
        Answer { status, body }
    }

    /// The response as soon as its head is there; dropping it closes the connection.
    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        body: String,
    ) -> Result<Response<Incoming>, hyper::Error> {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", self.0.to_string())
            .header("content-type", "application/json")
            .body(Full::new(Bytes::from(body)))
            .unwrap();
        let stream = TcpStream::connect(self.0).await.unwrap();
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        sender.send_request(request).await
    }
}

impl Answer {
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.body);
        if status >= 400 {
            assert!(self.body["error"].is_string(), "{}", self.body);
        }
        self.body
    }
}
