use std::time::Duration;

use axum::Router;
use axum::extract::Path;
use axum::routing::{get, post};
use obs_axum::Obs;

use crate::harness::Service;

/// See [`Service::start`].
pub(crate) fn start(test: &str, delay_ms: u64, timeout_ms: u64) -> Option<Service> {
    let (delay, timeout) = (delay_ms.to_string(), timeout_ms.to_string());
    let variables = [("OBS_SHUTDOWN_DELAY_MS", &*delay), ("OBS_SHUTDOWN_TIMEOUT_MS", &*timeout)];
    Service::start(test, &variables, app)
}

fn app(obs: &Obs) -> Router {
    let stop = obs.shutdown().clone();
    Router::new()
        .route("/wait/{millis}", get(wait))
        .route("/forever", get(|| async { std::future::pending::<()>().await }))
        .route("/stop", post(|| async move { stop.begin() }))
}

async fn wait(Path(millis): Path<u64>) -> String {
    tokio::time::sleep(Duration::from_millis(millis)).await;
    format!("waited {millis}")
}
