//! A small HTTP server that shows metrics, as an application would.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use futures_util::TryStreamExt as _;
use http_body_util::BodyExt as _;
use http_body_util::StreamBody;
use http_body_util::combinators::UnsyncBoxBody;
use hyper::body::{Bytes, Frame, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response, header, server::conn::http1};
use hyper_util::rt::TokioIo;
use obs_metrics::{Format, Metrics, Part, Representation};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// `/metrics` negotiates; `/text` gives plain text whatever is asked for; `/business-metrics` and
/// `/rest` have a part each.
pub(crate) struct Target {
    pub(crate) address: SocketAddr,
    served: Arc<Mutex<Vec<(String, Representation)>>>,
    task: JoinHandle<()>,
}

impl Target {
    pub(crate) async fn serve(metrics: Arc<Metrics>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let served = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&served);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (metrics, log) = (Arc::clone(&metrics), Arc::clone(&log));
                let service = service_fn(move |request| {
                    let answer = answer(&metrics, &log, &request);
                    async move { Ok::<_, Infallible>(answer) }
                });
                let connection =
                    http1::Builder::new().serve_connection(TokioIo::new(stream), service);
                tokio::spawn(connection);
            }
        });
        Self { address, served, task }
    }

    /// What was served on `path`, each once.
    pub(crate) fn served(&self, path: &str) -> Vec<Representation> {
        let served = self.served.lock().unwrap();
        let mut formats: Vec<_> =
            served.iter().filter(|(of, _)| of == path).map(|(_, format)| *format).collect();
        formats.dedup();
        formats
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn answer(
    metrics: &Arc<Metrics>,
    log: &Mutex<Vec<(String, Representation)>>,
    request: &Request<Incoming>,
) -> Response<UnsyncBoxBody<Bytes, std::io::Error>> {
    let text = |name| request.headers().get(name).map_or("", |value| value.to_str().unwrap());
    let path = request.uri().path();
    let chosen = match path {
        "/text" => Format::Text.into(),
        _ => Representation::negotiate(text(header::ACCEPT), text(header::ACCEPT_ENCODING)),
    };
    log.lock().unwrap().push((path.to_owned(), chosen));
    let mut response = Response::builder().header(header::CONTENT_TYPE, chosen.content_type());
    if let Some(encoding) = chosen.content_encoding() {
        response = response.header(header::CONTENT_ENCODING, encoding);
    }
    let part = match path {
        "/business-metrics" => Part::Business,
        "/rest" => Part::Rest,
        _ => Part::All,
    };
    let body = StreamBody::new(metrics.stream_part(part, chosen).map_ok(Frame::data));
    response.body(body.boxed_unsync()).unwrap()
}
