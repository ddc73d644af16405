//! A small HTTP server that shows metrics, as an application would.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response, header, server::conn::http1};
use hyper_util::rt::TokioIo;
use obs_metrics::{Format, Metrics};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// `/metrics` negotiates; `/text` gives the text format whatever is asked for.
pub(crate) struct Target {
    pub(crate) address: SocketAddr,
    served: Arc<Mutex<Vec<(String, Format)>>>,
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

    /// The formats that were served on `path`, each once.
    pub(crate) fn formats(&self, path: &str) -> Vec<Format> {
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
    metrics: &Metrics,
    log: &Mutex<Vec<(String, Format)>>,
    request: &Request<Incoming>,
) -> Response<Full<Bytes>> {
    let accept = request.headers().get(header::ACCEPT);
    let accept = accept.map_or("", |value| value.to_str().unwrap());
    let path = request.uri().path();
    let format = match path {
        "/text" => Format::Text,
        _ => Format::negotiate(accept),
    };
    log.lock().unwrap().push((path.to_owned(), format));
    Response::builder()
        .header(header::CONTENT_TYPE, format.content_type())
        .body(Full::from(metrics.render(format)))
        .unwrap()
}
