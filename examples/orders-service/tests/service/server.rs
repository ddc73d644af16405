use std::{ops::Deref, path::Path};

use obs_axum::metrics::testing::Recorder;
use orders::{
    Events, OrderMetrics, Orders,
    config::{DatabaseUrl, GatewayUrl},
    store::Store,
};
use orders_service::app;
use tempfile::TempDir;
use tokio::{net::TcpListener, task::JoinHandle};

use crate::client::Client;

/// A gateway that is not there: nobody serves `discard` any more.
pub(crate) const NO_GATEWAY: &str = "http://127.0.0.1:9";

/// The whole service on a port of its own, gone when dropped.
pub(crate) struct Service {
    pub(crate) client: Client,
    pub(crate) events: Events,
    pub(crate) metrics: Recorder,
    pub(crate) backend: String,
    server: JoinHandle<()>,
    _files: Option<TempDir>,
}

impl Service {
    pub(crate) async fn on_sqlite(gateway: &str) -> Self {
        let files = tempfile::tempdir().unwrap();
        let mut service = Self::start(&sqlite_url(files.path()), gateway).await;
        service._files = Some(files);
        service
    }

    pub(crate) async fn start(database: &str, gateway: &str) -> Self {
        let store = Store::open(&DatabaseUrl::new(database).unwrap())
            .await
            .unwrap_or_else(|fault| panic!("{fault}"));
        let backend = store.backend().await.unwrap();
        let metrics = Recorder::new();
        let counted = OrderMetrics::new(metrics.metrics()).unwrap();
        let orders = Orders::new(store, GatewayUrl::new(gateway).unwrap(), counted);
        let events = orders.events.clone();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = Client(listener.local_addr().unwrap());
        let server = tokio::spawn(async { axum::serve(listener, app(orders)).await.unwrap() });
        Self { client, events, metrics, backend, server, _files: None }
    }
}

pub(crate) fn sqlite_url(directory: &Path) -> String {
    format!("sqlite://{}?mode=rwc", directory.join("orders.db").display())
}

impl Deref for Service {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.server.abort();
    }
}
