//! The service that is told to stop.

use std::time::Duration;

use axum::Router;
use axum::extract::Path;
use axum::routing::{get, post};
use obs_axum::{Obs, Observe as _, Serve as _};

use crate::harness::{Process, is_the_service, listen};

/// In the test's own process: starts `test` once more as a service with these variables. In that
/// one: is the service, and gives `None` when it has ended.
pub(crate) fn start(test: &str, delay_ms: u64, timeout_ms: u64) -> Option<Process> {
    if is_the_service() {
        be_the_service();
        return None;
    }
    let variables = [
        ("OBS_SHUTDOWN_DELAY_MS", delay_ms.to_string()),
        ("OBS_SHUTDOWN_TIMEOUT_MS", timeout_ms.to_string()),
    ];
    Some(Process::start(test, &variables))
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn be_the_service() {
    let obs = Obs::from_env().unwrap().install().unwrap();
    let stop = obs.shutdown().clone();
    let app = Router::new()
        .route("/wait/{millis}", get(wait))
        .route("/forever", get(|| async { std::future::pending::<()>().await }))
        .route("/stop", post(|| async move { stop.begin() }))
        .observe(&obs);
    obs.serve(listen().await, app).await.unwrap();
}

async fn wait(Path(millis): Path<u64>) -> String {
    tokio::time::sleep(Duration::from_millis(millis)).await;
    format!("waited {millis}")
}
