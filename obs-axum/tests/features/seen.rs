use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{StatusCode, Uri};
use axum::routing::{any, get};
use obs_axum::{Obs, Observe as _, Serve as _};
use rustix::process::Signal;
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::harness::{Answer, Client, Process, Protocol, Server, is_the_service, listen};

/// The trace that the caller is in.
pub(crate) const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

/// What a service of its own process answered, wrote and sent from its start to its end.
pub(crate) struct Seen {
    pub(crate) order: Answer,
    pub(crate) failure: Answer,
    pub(crate) endpoints: BTreeMap<&'static str, Answer>,
    /// The lines of its log.
    pub(crate) lines: Vec<Value>,
    /// What it wrote to standard error.
    pub(crate) errors: String,
    sent: Vec<(String, Bytes)>,
}

type Sent = Arc<Mutex<Vec<(String, Bytes)>>>;

impl Seen {
    /// `None` in the process that is the service.
    pub(crate) fn of(test: &str) -> Option<Self> {
        let runtime = Runtime::new().unwrap();
        if is_the_service() {
            runtime.block_on(be_the_service());
            return None;
        }
        let sent = Sent::default();
        let backend = runtime.block_on(Server::serve(backend(Arc::clone(&sent))));
        let variables = [
            ("OBS_LOG_FORMAT", "json".to_owned()),
            ("OBS_SHUTDOWN_DELAY_MS", "0".to_owned()),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", format!("http://{}", backend.addr)),
            ("SENTRY_DSN", format!("http://key@{}/1", backend.addr)),
        ];
        let mut service = Process::start(test, &variables);
        let (order, failure, endpoints) = runtime.block_on(drive(&mut service));
        let [output, errors] = service.output();
        let lines = output.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        let sent = std::mem::take(&mut *sent.lock().unwrap());
        Some(Self { order, failure, endpoints, lines, errors, sent })
    }

    /// The bodies that it sent to this path.
    pub(crate) fn sent_to(&self, path: &str) -> Vec<Bytes> {
        let to_path = self.sent.iter().filter(|(to, _)| to == path);
        to_path.map(|(_, body)| body.clone()).collect()
    }
}

/// All requests on one connection, then the end: what it holds by then is delivered.
async fn drive(service: &mut Process) -> (Answer, Answer, BTreeMap<&'static str, Answer>) {
    let mut client = Client::connect(service.addr, Protocol::Http1).await;
    let parent = format!("00-{TRACE}-00f067aa0ba902b7-01");
    let order = client.call("GET", "/orders/7", &[("traceparent", &parent)]).await.unwrap();
    let failure = client.call("GET", "/fails", &[]).await.unwrap();
    let mut endpoints = BTreeMap::new();
    for path in ["/live", "/ready", "/health", "/metrics"] {
        endpoints.insert(path, client.call("GET", path, &[]).await.unwrap());
    }
    service.signal(Signal::TERM);
    assert!(service.exit().await.success());
    (order, failure, endpoints)
}

/// A collector and an error tracker in one, that take everything.
fn backend(sent: Sent) -> Router {
    let take = |State(sent): State<Sent>, uri: Uri, body: Bytes| async move {
        sent.lock().unwrap().push((uri.path().to_owned(), body));
    };
    Router::new().fallback(any(take)).with_state(sent)
}

async fn be_the_service() {
    let obs = Obs::from_env().unwrap().install().unwrap();
    #[cfg(feature = "health")]
    obs.check("database", || async { Ok::<(), io::Error>(()) });
    let app = Router::new()
        .route("/orders/{id}", get(order))
        .route("/fails", get(fails))
        .fallback(|| async { (StatusCode::NOT_FOUND, "the application's own") })
        .observe(&obs);
    obs.serve(listen().await, app).await.unwrap();
}

async fn order(Path(id): Path<u64>) -> &'static str {
    let _loading = tracing::info_span!("load order", order = id).entered();
    tracing::info!("loading");
    "an order"
}

async fn fails() -> obs_axum::Result<()> {
    Err(io::Error::other("disk full"))?
}
